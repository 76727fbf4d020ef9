//! The life of one role without Terraform in between: which calls it takes, and what is never forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use terraform_provider_deployrunner::aws::{self, Aws, Endpoints, Kind, Patience, Secret, Settings, Stop};
use terraform_provider_deployrunner::role::{self, Change, Contents, LiveRole, RoleSpec, Rules, Unmanaged};
use tokio::runtime::Runtime;

use crate::support::{Emulator, Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(a_role_with_one_inline_policy_takes_two_calls)
        .on_each_emulator(what_was_created_is_read_back)
        .on_each_emulator(each_argument_changes_in_place_with_its_own_calls)
        .on_each_emulator(what_others_added_goes_or_stays_as_asked)
        .on_each_emulator(deleting_takes_everything_off_first)
        .on_each_emulator(a_taken_name_is_told_apart)
        .on_each_emulator(a_failure_midway_keeps_what_was_created)
        .on_each_emulator(a_creation_whose_answer_is_lost_is_not_forgotten)
        .on_each_emulator(throttling_and_edits_at_the_same_time_are_waited_out)
        .on_ministack(a_session_never_deletes_its_own_role)
        .into_iter()
        .collect()
}

/// The provider's AWS side with the keys of `account_id`'s root.
pub(crate) fn settings(site: &Site, account_id: &str) -> Settings {
    let endpoint = Some(site.endpoint());
    Settings {
        region: Some("us-east-1".to_owned()),
        access_key: Some(account_id.to_owned()),
        secret_key: Some(Secret::new("test")),
        endpoints: Endpoints { iam: endpoint.clone(), sts: endpoint, access_analyzer: None },
        patience: Patience {
            total: Duration::from_secs(5),
            first: Duration::from_millis(10),
            longest: Duration::from_millis(100),
        },
        ..Settings::default()
    }
}

/// Somebody who works in the site's account.
pub(crate) struct Worker {
    pub(crate) runtime: Runtime,
    pub(crate) account: std::sync::Arc<aws::Account>,
}

impl Worker {
    pub(crate) fn at(site: &Site) -> Self {
        let runtime = Runtime::new().unwrap();
        let aws = Aws::new(settings(site, site.account().id()));
        let account = runtime.block_on(aws.account(None)).unwrap();
        Self { runtime, account }
    }

    pub(crate) fn create(&self, spec: &RoleSpec) -> Result<LiveRole, role::Failure> {
        self.runtime.block_on(role::create(&self.account, spec, &Stop::never()))
    }

    pub(crate) fn read(&self, name: &str) -> Result<Option<LiveRole>, aws::Error> {
        self.read_owning(name, &BTreeSet::new())
    }

    /// With the documents of these policies (ARNs).
    pub(crate) fn read_owning(
        &self,
        name: &str,
        owned: &BTreeSet<String>,
    ) -> Result<Option<LiveRole>, aws::Error> {
        self.runtime.block_on(role::read(&self.account, name, owned))
    }

    pub(crate) fn update(&self, current: &LiveRole, wanted: &RoleSpec, rules: &Rules) -> LiveRole {
        let change = Change { current, prior: Some(&current.spec), wanted, rules };
        self.runtime.block_on(role::update(&self.account, change, &Stop::never())).unwrap()
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), aws::Error> {
        self.runtime.block_on(role::delete(&self.account, name, Contents::default(), &Stop::never()))
    }
}

pub(crate) fn policy(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

pub(crate) fn trust(principal: &Value) -> Value {
    let statement = json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

pub(crate) fn pairs(items: &[(&str, &str)]) -> BTreeMap<String, String> {
    items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A role with something in each of its fields.
pub(crate) fn full(name: &str, managed: &str) -> RoleSpec {
    RoleSpec {
        name: name.to_owned(),
        path: "/ci/".to_owned(),
        description: Some("reads, and nothing else".to_owned()),
        assume_role_policy: trust(&json!({"Service": "ecs-tasks.amazonaws.com"})).to_string(),
        max_session_duration: 7200,
        permissions_boundary: Some(managed.to_owned()),
        tags: pairs(&[("team", "platform"), ("stage", "prod")]),
        inline_policies: pairs(&[("read", &policy("s3:GetObject").to_string())]),
        managed_policy_arns: [managed.to_owned()].into(),
        owned_policies: BTreeMap::new(),
    }
}

pub(crate) fn small(name: &str) -> RoleSpec {
    RoleSpec {
        path: "/".to_owned(),
        description: None,
        max_session_duration: 3600,
        permissions_boundary: None,
        tags: BTreeMap::new(),
        managed_policy_arns: BTreeSet::new(),
        ..full(name, "")
    }
}

/// Equal but for the spelling of policies.
#[track_caller]
pub(crate) fn assert_means(live: &RoleSpec, wanted: &RoleSpec) {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(json(&live.assume_role_policy), json(&wanted.assume_role_policy));
    let parsed = |spec: &RoleSpec| -> BTreeMap<String, Value> {
        let policies = spec.inline_policies.iter().chain(&spec.owned_policies);
        policies.map(|(name, text)| (name.clone(), json(text))).collect()
    };
    assert_eq!(parsed(live), parsed(wanted));
    let rest = |spec: &RoleSpec| RoleSpec {
        assume_role_policy: String::new(),
        inline_policies: BTreeMap::new(),
        owned_policies: BTreeMap::new(),
        ..spec.clone()
    };
    let names = |spec: &RoleSpec| spec.owned_policies.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(live), names(wanted));
    assert_eq!(rest(live), rest(wanted));
}

fn a_role_with_one_inline_policy_takes_two_calls(site: &Site) {
    let worker = Worker::at(site);
    let calls = site.account().calls_during(|| {
        let wanted = RoleSpec { tags: pairs(&[("team", "x")]), ..small("two-calls") };
        let live = worker.create(&wanted).unwrap();
        assert_eq!(live.spec, wanted);
        assert!(live.unique_id.starts_with("AROA"), "{}", live.unique_id);
        assert_eq!(live.arn, format!("arn:aws:iam::{}:role/two-calls", site.account().id()));
        assert!(live.create_date.contains('T') && live.create_date.ends_with('Z'), "{}", live.create_date);
    });
    assert_eq!(calls, ["CreateRole", "PutRolePolicy"]);
    site.account().delete_role("two-calls");
}

fn what_was_created_is_read_back(site: &Site) {
    let managed = site.account().create_policy("managed", &policy("s3:ListBucket"));
    let (worker, wanted) = (Worker::at(site), full("whole", &managed));
    let created = worker.create(&wanted).unwrap();
    // The worker itself asks for what it has written by name; another one sees what everybody sees.
    let read = Worker::at(site).read("whole").unwrap().unwrap();
    assert_means(&read.spec, &wanted);
    assert_eq!(LiveRole { spec: created.spec.clone(), ..read }, created);
    worker.delete("whole").unwrap();
    site.account().delete_policy(&managed);
}

fn each_argument_changes_in_place_with_its_own_calls(site: &Site) {
    let (account, worker, rules) = (site.account(), Worker::at(site), Rules::default());
    let managed = account.create_policy("managed", &policy("s3:ListBucket"));
    let mut live = worker.create(&small("changing")).unwrap();
    let mut step = |change: &dyn Fn(&mut RoleSpec), calls: &[&str]| {
        let mut wanted = live.spec.clone();
        change(&mut wanted);
        let made = account.calls_during(|| live = worker.update(&live, &wanted, &rules));
        assert_eq!(made, calls);
        assert_eq!(live.spec, wanted);
        assert_means(&Worker::at(site).read("changing").unwrap().unwrap().spec, &wanted);
    };
    step(&|_| {}, &[]);
    step(&|role| role.description = Some("new".to_owned()), &["UpdateRole"]);
    step(&|role| role.max_session_duration = 43_200, &["UpdateRole"]);
    // ministack takes an empty parameter for one that was not sent, so there a description cannot be emptied.
    if site.emulator() == Emulator::Moto {
        step(&|role| role.description = None, &["UpdateRole"]);
    }
    let ec2 = trust(&json!({"Service": "ec2.amazonaws.com"})).to_string();
    step(&|role| role.assume_role_policy.clone_from(&ec2), &["UpdateAssumeRolePolicy"]);
    step(&|role| role.permissions_boundary = Some(managed.clone()), &["PutRolePermissionsBoundary"]);
    step(&|role| role.permissions_boundary = None, &["DeleteRolePermissionsBoundary"]);
    step(&|role| role.tags = pairs(&[("a", "1"), ("b", "2")]), &["TagRole"]);
    step(&|role| role.tags = pairs(&[("b", "3")]), &["UntagRole", "TagRole"]);
    let read = policy("s3:Get*").to_string();
    step(&|role| role.inline_policies = pairs(&[("read", &read)]), &["PutRolePolicy"]);
    step(&|role| role.inline_policies = pairs(&[("renamed", &read)]), &["PutRolePolicy", "DeleteRolePolicy"]);
    step(&|role| role.managed_policy_arns = [managed.clone()].into(), &["AttachRolePolicy"]);
    step(&|role| role.managed_policy_arns = BTreeSet::new(), &["DetachRolePolicy"]);
    // Strangers come while permissions grow: in between, nobody may enter.
    let ecs = trust(&json!({"Service": "ecs-tasks.amazonaws.com"})).to_string();
    step(
        &|role| {
            role.assume_role_policy.clone_from(&ecs);
            role.inline_policies = pairs(&[("renamed", &policy("s3:*").to_string())]);
        },
        &["UpdateAssumeRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy"],
    );
    worker.delete("changing").unwrap();
    account.delete_policy(&managed);
}

fn what_others_added_goes_or_stays_as_asked(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let managed = account.create_policy("managed", &policy("s3:ListBucket"));
    let wanted = small("shared");
    worker.create(&wanted).unwrap();
    account.put_inline_policy("shared", "theirs", &policy("ec2:*"));
    account.revoke_sessions("shared");
    account.elevate("shared");
    account.attach("shared", &managed);

    let prior = wanted.clone();
    let update = |unmanaged: Unmanaged| {
        let current = worker.read("shared").unwrap().unwrap();
        let rules = Rules { unmanaged, ..Rules::default() };
        let change = Change { current: &current, prior: Some(&prior), wanted: &wanted, rules: &rules };
        worker.runtime.block_on(role::update(&worker.account, change, &Stop::never())).unwrap();
    };
    assert_eq!(account.calls_during(|| update(Unmanaged::Report)).len(), 7, "reads only");
    update(Unmanaged::Remove);
    let left = account.inline_policies("shared");
    let names: Vec<&str> = left.keys().map(String::as_str).collect();
    assert_eq!(names, ["AWSRevokeOlderSessions", "deployrunner-elevation-x", "read"]);
    assert_eq!(account.attached_policies("shared"), BTreeSet::new());

    worker.delete("shared").unwrap();
    account.delete_policy(&managed);
}

fn deleting_takes_everything_off_first(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let managed = account.create_policy("managed", &policy("s3:ListBucket"));
    worker.create(&full("full", &managed)).unwrap();
    account.put_inline_policy("full", "extra", &policy("ec2:*"));
    account.must(account.iam().create_instance_profile().instance_profile_name("profile").send());
    let add = account.iam().add_role_to_instance_profile().instance_profile_name("profile").role_name("full");
    account.must(add.send());

    worker.delete("full").unwrap();
    assert_eq!(account.role("full").map(|role| role.role_name().to_owned()), None);
    worker.delete("full").unwrap();
    account.must(account.iam().delete_instance_profile().instance_profile_name("profile").send());
    account.delete_policy(&managed);
}

fn a_taken_name_is_told_apart(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    account.create_role("taken", &trust(&json!({"Service": "ec2.amazonaws.com"})));
    let failure = worker.create(&small("taken")).unwrap_err();
    assert_eq!(failure.error.kind(), Kind::AlreadyExists);
    assert!(failure.reached.is_none(), "what is there is not ours");
    account.delete_role("taken");
}

fn a_failure_midway_keeps_what_was_created(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    account.answer_with("AttachRolePolicy", Fault::error("PolicyNotAttachable"));
    let wanted = RoleSpec {
        managed_policy_arns: ["arn:aws:iam::aws:policy/AWSSupportServiceRolePolicy".to_owned()].into(),
        ..small("halfway")
    };
    let failure = worker.create(&wanted).unwrap_err();
    let reached = failure.reached.unwrap();
    assert_eq!(failure.error.code(), Some("PolicyNotAttachable"));
    assert_eq!(reached.spec, RoleSpec { managed_policy_arns: BTreeSet::new(), ..wanted });
    assert!(account.role("halfway").is_some());
    assert_eq!(account.inline_policies("halfway").len(), 1);
    worker.delete("halfway").unwrap();
}

fn a_creation_whose_answer_is_lost_is_not_forgotten(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    account.answer_with("CreateRole", Fault::internal().after_the_work());
    let wanted = RoleSpec { tags: pairs(&[("team", "x")]), ..small("unanswered") };
    let calls = account.calls_during(|| assert_eq!(worker.create(&wanted).unwrap().spec, wanted));
    assert_eq!(calls, ["CreateRole", "CreateRole", "GetRole", "PutRolePolicy"]);

    let other = RoleSpec { path: "/other/".to_owned(), ..wanted };
    account.answer_with("CreateRole", Fault::internal());
    assert_eq!(worker.create(&other).unwrap_err().error.kind(), Kind::AlreadyExists, "this one is not ours");
    worker.delete("unanswered").unwrap();
}

fn throttling_and_edits_at_the_same_time_are_waited_out(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    account.answer_with("CreateRole", Fault::throttled());
    account.answer_with("PutRolePolicy", Fault::error("ConcurrentModification").times(2));
    let calls = account.calls_during(|| drop(worker.create(&small("busy")).unwrap()));
    assert_eq!(calls, ["CreateRole", "CreateRole", "PutRolePolicy", "PutRolePolicy", "PutRolePolicy"]);

    account.answer_with("PutRolePolicy", Fault::error("LimitExceeded"));
    let current = worker.read("busy").unwrap().unwrap();
    let wanted =
        RoleSpec { inline_policies: pairs(&[("new", &policy("ec2:*").to_string())]), ..small("busy") };
    let calls = account.calls_during(|| drop(worker.update(&current, &wanted, &Rules::default())));
    assert_eq!(
        calls,
        ["PutRolePolicy", "DeleteRolePolicy", "PutRolePolicy"],
        "room is made when there is none"
    );
    let current = worker.read("busy").unwrap().unwrap();
    let inline = |a: &str, b: &str| pairs(&[("a", &policy(a).to_string()), ("new", &policy(b).to_string())]);
    let two = RoleSpec { inline_policies: inline("s3:*", "ec2:*"), ..small("busy") };
    let current = worker.update(&current, &two, &Rules::default());
    let moved = RoleSpec { inline_policies: inline("s3:GetObject", "s3:*"), ..small("busy") };
    account.answer_with("PutRolePolicy", Fault::error("LimitExceeded"));
    let calls = account.calls_during(|| drop(worker.update(&current, &moved, &Rules::default())));
    assert_eq!(calls, ["PutRolePolicy"; 3], "what shrinks makes room too");
    worker.delete("busy").unwrap();
}

fn a_session_never_deletes_its_own_role(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let wanted = RoleSpec {
        assume_role_policy: trust(&json!({"AWS": account.id()})).to_string(),
        inline_policies: pairs(&[("all", &policy("*").to_string())]),
        ..small("self")
    };
    let arn = worker.create(&wanted).unwrap().arn;
    let hop = aws::Hop { role_arn: arn, ..aws::Hop::default() };
    let aws = Aws::new(Settings { assume_role: vec![hop], ..settings(site, account.id()) });
    let inside = worker.runtime.block_on(aws.account(None)).unwrap();
    assert_eq!(inside.identity().role_name(), Some("self"));
    let calls = account.calls_during(|| {
        let error = worker
            .runtime
            .block_on(role::delete(&inside, "self", Contents::default(), &Stop::never()))
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Configuration);
    });
    assert_eq!(calls, [""; 0]);
    assert!(inside.stands_on("SELF") && !worker.account.stands_on("self"));
    worker.delete("self").unwrap();
}

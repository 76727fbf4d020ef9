//! The customer-managed policies that a role owns, without Terraform in between: made, versioned, found again when
//! somebody touched them, and gone with the role.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libtest_mimic::Trial;
use terraform_provider_deployrunner::aws::{Kind, Stop};
use terraform_provider_deployrunner::role::{self, Contents, LiveRole, RoleSpec, Rules};

use crate::role::{Worker, assert_means, pairs, policy, small};
use crate::support::{Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(an_owned_policy_lives_and_ends_with_its_role)
        .on_each_emulator(a_document_changes_as_often_as_it_likes)
        .on_each_emulator(every_kind_of_drift_of_an_owned_policy_is_put_right)
        .on_each_emulator(a_policy_made_and_not_attached_is_not_forgotten)
        .on_each_emulator(a_policy_that_is_not_known_everywhere_yet_is_waited_for)
        .on_each_emulator(a_policy_whose_creation_was_not_answered_is_ours)
        .on_each_emulator(another_policy_of_the_name_is_left_as_it_is)
        .on_each_emulator(what_a_deleted_role_left_behind_is_told_and_taken_over)
        .on_each_emulator(the_policies_of_an_imported_role_become_its_own)
        .on_each_emulator(room_is_made_without_making_a_policy_twice)
        .on_each_emulator(many_roles_with_owned_policies_are_read_together)
        .on_ministack(a_policy_that_others_use_stays_and_is_not_forgotten)
        .into_iter()
        .collect()
}

/// A role of this path that owns these policies, each with one action.
fn owning(name: &str, owned: &[(&str, &str)]) -> RoleSpec {
    let document = |(name, action): &(&str, &str)| ((*name).to_owned(), policy(action).to_string());
    RoleSpec {
        path: "/ci/".to_owned(),
        tags: pairs(&[("team", "x")]),
        inline_policies: BTreeMap::new(),
        owned_policies: owned.iter().map(document).collect(),
        ..small(name)
    }
}

/// The ARN of an owned policy in the site's account.
fn arn(site: &Site, name: &str) -> String {
    format!("arn:aws:iam::{}:policy/ci/{name}", site.account().id())
}

/// The role as somebody reads it who has changed nothing.
fn read(site: &Site, name: &str, owned: &[&str]) -> LiveRole {
    let arns = owned.iter().map(|name| arn(site, name)).collect();
    Worker::at(site).read_owning(name, &arns).unwrap().unwrap()
}

fn update(site: &Site, current: &LiveRole, wanted: &RoleSpec) -> (LiveRole, Vec<String>) {
    let (worker, mut live) = (Worker::at(site), None);
    let calls =
        site.account().calls_during(|| live = Some(worker.update(current, wanted, &Rules::default())));
    (live.unwrap(), calls)
}

fn delete(
    site: &Site,
    name: &str,
    owned: &[&str],
) -> Result<(), terraform_provider_deployrunner::aws::Error> {
    let worker = Worker::at(site);
    let owned_policies = owned.iter().map(|name| (arn(site, name), String::new())).collect();
    let known = Contents { owned_policies, ..Contents::default() };
    worker.runtime.block_on(role::delete(&worker.account, name, known, &Stop::never()))
}

fn an_owned_policy_lives_and_ends_with_its_role(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let wanted = owning("owner", &[("owner-s3", "s3:GetObject"), ("owner-sqs", "sqs:SendMessage")]);
    let calls = account.calls_during(|| assert_eq!(worker.create(&wanted).unwrap().spec, wanted));
    assert_eq!(calls, ["CreateRole", "CreatePolicy", "CreatePolicy", "AttachRolePolicy", "AttachRolePolicy"]);
    assert_eq!(account.policy_tags(&arn(site, "owner-s3")), pairs(&[("team", "x")]));
    let live = read(site, "owner", &["owner-s3", "owner-sqs"]);
    assert_means(&live.spec, &wanted);
    assert_eq!(update(site, &live, &wanted).1, [""; 0]);

    let changed = RoleSpec { tags: pairs(&[("team", "y")]), ..owning("owner", &[("owner-s3", "s3:Get*")]) };
    let (live, calls) = update(site, &live, &changed);
    assert_eq!(calls, ["CreatePolicyVersion", "DetachRolePolicy", "DeletePolicy", "TagPolicy", "TagRole"]);
    assert_eq!(live.spec, changed);
    assert_means(&read(site, "owner", &["owner-s3"]).spec, &changed);
    assert_eq!(account.policy_tags(&arn(site, "owner-s3")), changed.tags);
    delete(site, "owner", &["owner-s3"]).unwrap();
}

fn a_document_changes_as_often_as_it_likes(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let mut live = worker.create(&owning("often", &[("often-a", "s3:Get1")])).unwrap();
    for number in 2..=8 {
        let wanted = owning("often", &[("often-a", &format!("s3:Get{number}"))]);
        let (changed, calls) = update(site, &live, &wanted);
        if number <= 5 {
            assert_eq!(calls, ["CreatePolicyVersion"]);
        } else {
            let all =
                ["CreatePolicyVersion", "ListPolicyVersions", "DeletePolicyVersion", "CreatePolicyVersion"];
            assert_eq!(calls, all);
        }
        assert_means(&read(site, "often", &["often-a"]).spec, &wanted);
        live = changed;
    }
    assert_eq!(
        account.policy_versions(&arn(site, "often-a")),
        ["v4", "v5", "v6", "v7", "v8"],
        "the oldest went"
    );

    // A policy of more than one version cannot be deleted, which the emulators do not know.
    account.answer_with("DeletePolicy", Fault::error("DeleteConflict"));
    let calls = account.calls_during(|| delete(site, "often", &["often-a"]).unwrap());
    let versions = calls.iter().filter(|call| *call == "DeletePolicyVersion").count();
    assert_eq!((versions, calls.last().map(String::as_str)), (4, Some("DeleteRole")), "{calls:?}");
}

fn every_kind_of_drift_of_an_owned_policy_is_put_right(site: &Site) {
    let account = site.account();
    let wanted = owning("drifting", &[("drifting-a", "s3:GetObject")]);
    Worker::at(site).create(&wanted).unwrap();
    let a = arn(site, "drifting-a");
    let repaired = |expected: &[&str]| {
        let live = read(site, "drifting", &["drifting-a"]);
        assert_ne!(live.spec.owned_policies, wanted.owned_policies);
        assert_eq!(live.spec.managed_policy_arns, BTreeSet::new(), "never taken for somebody else's");
        let (repaired, calls) = update(site, &live, &wanted);
        assert_eq!(calls, expected);
        assert_means(&repaired.spec, &wanted);
        assert_means(&read(site, "drifting", &["drifting-a"]).spec, &wanted);
    };

    account.change_policy(&a, &policy("s3:*"));
    repaired(&["CreatePolicyVersion"]);
    account.detach("drifting", &a);
    assert_eq!(read(site, "drifting", &["drifting-a"]).detached_policies.len(), 1);
    repaired(&["AttachRolePolicy"]);
    account.detach("drifting", &a);
    account.change_policy(&a, &policy("s3:*"));
    repaired(&["CreatePolicyVersion", "AttachRolePolicy"]);
    account.detach("drifting", &a);
    account.delete_policy(&a);
    repaired(&["CreatePolicy", "AttachRolePolicy"]);
    delete(site, "drifting", &["drifting-a"]).unwrap();
}

fn a_policy_made_and_not_attached_is_not_forgotten(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let wanted = owning("halfway", &[("halfway-a", "s3:GetObject")]);
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied"));
    let failure = worker.create(&wanted).unwrap_err();
    assert_eq!(failure.error.kind(), Kind::Denied);
    let reached = *failure.reached.unwrap();
    assert_eq!((reached.spec.owned_policies.len(), &reached.detached_policies), (0, &wanted.owned_policies));
    let found = read(site, "halfway", &["halfway-a"]);
    assert_eq!(found.detached_policies.len(), 1, "a read finds it too");

    let (live, calls) = update(site, &reached, &wanted);
    assert_eq!(calls, ["AttachRolePolicy"]);
    assert_eq!((live.spec, live.detached_policies.len()), (wanted, 0));

    account.answer_with("DeletePolicy", Fault::error("AccessDenied"));
    let gone = owning("halfway", &[]);
    let current = read(site, "halfway", &["halfway-a"]);
    let rules = Rules::default();
    let change = role::Change { current: &current, prior: None, wanted: &gone, rules: &rules };
    let failure = worker.runtime.block_on(role::update(&worker.account, change, &Stop::never())).unwrap_err();
    let reached = *failure.reached.unwrap();
    assert_eq!((reached.spec.owned_policies.len(), reached.detached_policies.len()), (0, 1));
    assert_eq!(update(site, &reached, &gone).1, ["DeletePolicy"]);
    delete(site, "halfway", &[]).unwrap();
}

fn a_policy_that_is_not_known_everywhere_yet_is_waited_for(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let missing = Fault::error("NoSuchEntity").saying("Policy x does not exist or is not attachable.");
    account.answer_with("AttachRolePolicy", missing.times(2));
    let calls =
        account.calls_during(|| drop(worker.create(&owning("soon", &[("soon-a", "s3:GetObject")])).unwrap()));
    assert_eq!(calls.iter().filter(|call| *call == "AttachRolePolicy").count(), 3);
    delete(site, "soon", &["soon-a"]).unwrap();
}

fn a_policy_whose_creation_was_not_answered_is_ours(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    account.answer_with("CreatePolicy", Fault::internal().after_the_work());
    let wanted = owning("unanswered", &[("unanswered-a", "s3:GetObject")]);
    let calls = account.calls_during(|| assert_eq!(worker.create(&wanted).unwrap().spec, wanted));
    assert_eq!(
        calls,
        ["CreateRole", "CreatePolicy", "CreatePolicy", "GetPolicy", "GetPolicyVersion", "AttachRolePolicy"]
    );
    delete(site, "unanswered", &["unanswered-a"]).unwrap();
}

fn another_policy_of_the_name_is_left_as_it_is(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let theirs = account.create_policy_at("/ci/", "taken-a", &policy("ec2:*"));
    let failure = worker.create(&owning("taken", &[("taken-a", "s3:GetObject")])).unwrap_err();
    assert_eq!(failure.error.kind(), Kind::AlreadyExists);
    let said = failure.error.to_string();
    assert!(said.contains(&theirs) && said.contains("left as it is"), "{said}");
    assert_eq!(account.policy_versions(&theirs), ["v1"]);
    let reached = failure.reached.unwrap();
    assert_eq!((reached.spec.owned_policies.len(), reached.detached_policies.len()), (0, 0));
    delete(site, "taken", &[]).unwrap();
    account.delete_policy(&theirs);
}

fn what_a_deleted_role_left_behind_is_told_and_taken_over(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    worker.create(&owning("again", &[("again-a", "s3:GetObject"), ("again-b", "s3:GetObject")])).unwrap();
    account.delete_role("again");
    account.delete_policy(&arn(site, "again-b"));
    let owned = [arn(site, "again-a"), arn(site, "again-b")].into();
    assert_eq!(worker.read_owning("again", &owned).unwrap(), None);
    let left = worker.runtime.block_on(role::orphans(&worker.account, &owned)).unwrap();
    assert_eq!(left, [arn(site, "again-a")]);

    let wanted = owning("again", &[("again-a", "s3:PutObject")]);
    assert_eq!(worker.create(&wanted).unwrap().spec, wanted);
    assert_means(&read(site, "again", &["again-a"]).spec, &wanted);
    delete(site, "again", &["again-a"]).unwrap();
}

fn the_policies_of_an_imported_role_become_its_own(site: &Site) {
    let worker = Worker::at(site);
    worker.create(&owning("imported", &[("imported-a", "s3:GetObject")])).unwrap();
    let imported = read(site, "imported", &[]);
    assert_eq!(imported.spec.managed_policy_arns, [arn(site, "imported-a")].into());
    let wanted = owning("imported", &[("imported-a", "s3:PutObject")]);
    let (live, calls) = update(site, &imported, &wanted);
    assert_eq!(calls, ["CreatePolicy", "GetPolicy", "GetPolicyVersion", "CreatePolicyVersion"]);
    assert_eq!(live.spec, wanted);
    delete(site, "imported", &["imported-a"]).unwrap();
}

fn room_is_made_without_making_a_policy_twice(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let live = worker.create(&owning("full", &[("full-a", "s3:GetObject")])).unwrap();
    account.answer_with("AttachRolePolicy", Fault::error("LimitExceeded"));
    let (live, calls) = update(site, &live, &owning("full", &[("full-b", "s3:GetObject")]));
    assert_eq!(
        calls,
        ["CreatePolicy", "AttachRolePolicy", "DetachRolePolicy", "DeletePolicy", "AttachRolePolicy"]
    );
    assert_eq!(live.spec, owning("full", &[("full-b", "s3:GetObject")]));
    delete(site, "full", &["full-b"]).unwrap();
}

fn many_roles_with_owned_policies_are_read_together(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let names: Vec<String> = (0..20).map(|number| format!("many-{number}")).collect();
    let spec = |name: &str| owning(name, &[(&format!("{name}-a"), "s3:GetObject")]);
    for name in &names {
        worker.create(&spec(name)).unwrap();
    }
    account.detach("many-7", &arn(site, "many-7-a"));
    let reader = Worker::at(site);
    let calls = account.calls_during(|| {
        let together = names.iter().map(|name| {
            let (account, name) = (Arc::clone(&reader.account), name.clone());
            let owned = [arn(site, &format!("{name}-a"))].into();
            reader.runtime.spawn(async move { role::read(&account, &name, &owned).await })
        });
        let reads: Vec<_> = together.collect();
        for (name, read) in names.iter().zip(reads) {
            let live = reader.runtime.block_on(read).unwrap().unwrap().unwrap();
            let wanted = spec(name);
            if name == "many-7" {
                assert_eq!((live.spec.owned_policies.len(), live.detached_policies.len()), (0, 1));
            } else {
                assert_means(&live.spec, &wanted);
            }
        }
    });
    assert!(calls.len() <= 15, "20 roles took {} calls: {calls:?}", calls.len());
    for name in &names {
        delete(site, name, &[&format!("{name}-a")]).unwrap();
    }
}

fn a_policy_that_others_use_stays_and_is_not_forgotten(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let live = worker.create(&owning("lender", &[("lender-a", "s3:GetObject")])).unwrap();
    worker.create(&owning("borrower", &[])).unwrap();
    account.attach("borrower", &arn(site, "lender-a"));

    let (wanted, rules) = (owning("lender", &[]), Rules::default());
    let change = role::Change { current: &live, prior: None, wanted: &wanted, rules: &rules };
    let failure = worker.runtime.block_on(role::update(&worker.account, change, &Stop::never())).unwrap_err();
    assert_eq!(failure.error.kind(), Kind::DeleteConflict);
    assert!(failure.error.to_string().contains("role borrower"), "{}", failure.error);
    assert_eq!(failure.reached.unwrap().detached_policies.len(), 1);
    assert_eq!(account.attached_policies("lender"), BTreeSet::new());

    let error = delete(site, "lender", &["lender-a"]).unwrap_err();
    assert!(error.to_string().contains("role borrower"), "{error}");
    assert!(account.role("lender").is_some(), "so that the policy is not forgotten");
    account.detach("borrower", &arn(site, "lender-a"));
    delete(site, "lender", &["lender-a"]).unwrap();
    delete(site, "borrower", &[]).unwrap();
}

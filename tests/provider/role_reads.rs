//! Reading roles without Terraform in between: what is seen, what "gone" means, and how many calls it takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use libtest_mimic::Trial;
use serde_json::json;
use terraform_provider_deployrunner::aws::Kind;
use terraform_provider_deployrunner::role::{self, RoleSpec};

use crate::role::{Worker, assert_means, full, pairs, policy, small, trust};
use crate::support::{Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(every_kind_of_drift_is_read)
        .on_each_emulator(a_role_that_is_not_there_is_none)
        .on_each_emulator(a_refused_read_never_means_gone)
        .on_each_emulator(fifty_roles_are_read_together)
        .into_iter()
        .collect()
}

fn every_kind_of_drift_is_read(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let managed = account.create_policy("managed", &policy("s3:ListBucket"));
    let other = account.create_policy("other", &policy("s3:ListBucket"));
    let mut expected = full("drifting", &managed);
    worker.create(&expected).unwrap();

    let new_trust = trust(&json!({"Service": "ec2.amazonaws.com"}));
    account.set_trust("drifting", &new_trust);
    account.put_inline_policy("drifting", "read", &policy("s3:*"));
    account.put_inline_policy("drifting", "more", &policy("ec2:*"));
    account.attach("drifting", &other);
    account.detach("drifting", &managed);
    account.set_boundary("drifting", Some(&other));
    account.tag("drifting", "team", "somebody");
    account.untag("drifting", "stage");
    account.set_description_and_duration("drifting", "changed", 3600);

    expected.assume_role_policy = new_trust.to_string();
    expected.inline_policies =
        pairs(&[("read", &policy("s3:*").to_string()), ("more", &policy("ec2:*").to_string())]);
    expected.managed_policy_arns = [other.clone()].into();
    expected.permissions_boundary = Some(other.clone());
    expected.tags = pairs(&[("team", "somebody")]);
    expected.description = Some("changed".to_owned());
    expected.max_session_duration = 3600;
    assert_means(&worker.read("drifting").unwrap().unwrap().spec, &expected);

    worker.delete("drifting").unwrap();
    account.delete_policy(&managed);
    account.delete_policy(&other);
}

fn a_role_that_is_not_there_is_none(site: &Site) {
    assert_eq!(Worker::at(site).read("nobody").unwrap(), None);
}

fn a_refused_read_never_means_gone(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    for call in ["GetRole", "ListRolePolicies", "ListAttachedRolePolicies"] {
        account.create_role("hidden", &trust(&json!({"Service": "ec2.amazonaws.com"})));
        account.answer_with(call, Fault::error("AccessDenied"));
        let error = worker.read("hidden").unwrap_err();
        assert_eq!((error.kind(), error.operation()), (Kind::Denied, format!("iam:{call}").as_str()));
        let text = error.to_string();
        assert!(text.contains(account.id()) && text.contains("AccessDenied: "), "account and code: {text}");
        account.delete_role("hidden");
    }
}

fn fifty_roles_are_read_together(site: &Site) {
    let (account, worker) = (site.account(), Worker::at(site));
    let names: Vec<String> = (0..50).map(|number| format!("many-{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let description = (number % 2 == 0).then(|| format!("number {number}"));
        worker.create(&RoleSpec { description, max_session_duration: 7200, ..small(name) }).unwrap();
    }
    let (reader, missing) = (Worker::at(site), "many-missing".to_owned());
    let calls = account.calls_during(|| {
        let together = names.iter().chain([&missing]).map(|name| {
            let (account, name) = (Arc::clone(&reader.account), name.clone());
            reader.runtime.spawn(async move { role::read(&account, &name, &BTreeSet::new()).await })
        });
        let reads: Vec<_> = together.collect();
        for (number, read) in reads.into_iter().enumerate() {
            let live = reader.runtime.block_on(read).unwrap().unwrap();
            assert_eq!(live.is_none(), number == 50);
            let Some(live) = live else { continue };
            let description = (number % 2 == 0).then(|| format!("number {number}"));
            assert_means(
                &live.spec,
                &RoleSpec { description, max_session_duration: 7200, ..small(&names[number]) },
            );
        }
    });
    assert!(calls.len() <= 25, "51 roles took {} calls: {calls:?}", calls.len());
    for name in &names {
        worker.delete(name).unwrap();
    }
}

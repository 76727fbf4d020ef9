//! `planner-can-write`: a planner that changes anything but the lock of its state.

use super::finding::{Finding, listed};
use super::judged::Judged;
use super::{Level, Rule};
use crate::task::Task;
use iam_policy::analyze::{access, grants};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "planner-can-write",
    level: Level::Deny,
    summary: "A planner can change something other than the lock of its state",
    title: "A write",
    prose: "",
    yields: true,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let Some(policies) = judged.policies().filter(|_| judged.is_for(&[Task::TerraformPlanner])) else {
        return;
    };
    let subject = judged.subject();
    let mut by_place: BTreeMap<_, (Vec<String>, Option<String>)> = BTreeMap::new();
    for action in access(policies, &subject).all().iter().filter(|action| !action.level().is_read_only()) {
        let name = action.to_string();
        let grant = grants(policies, &subject, &name).into_iter().next();
        let Some(place) = grant.as_ref().and_then(|one| judged.place(one.source.as_ref()?)) else { continue };
        let (names, witness) = by_place.entry(place).or_default();
        names.push(name);
        *witness = witness.take().or(grant
            .and_then(|one| one.witness)
            .map(|request| format!("{} on `{}`", request.action(), request.resource())));
    }
    for (place, (names, witness)) in by_place {
        found.push(Finding {
            path: judged.policy(place).map(|policy| policy.path.clone()).unwrap_or_default(),
            statement: Some(place),
            level: None,
            what: format!("{} allows {}.", judged.spoken(place), listed(names)),
            witness,
            why: "A plan runs code that nobody has reviewed, so whatever a planner may change, any branch may change."
                .to_owned(),
            instead: "Leave these actions to the applier.".to_owned(),
        });
    }
}

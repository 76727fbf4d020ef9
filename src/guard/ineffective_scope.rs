//! `ineffective-scope`: an action on resources that it cannot be limited to.

use super::finding::{Finding, Place, listed};
use super::judged::Judged;
use super::{Level, Rule};
use iam_policy::Effect;
use iam_policy::analyze::{IneffectiveScope, ineffective_scopes};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "ineffective-scope",
    level: Level::Warn,
    summary: "A statement has an action on resources that the action is never done to",
    title: "Statement without effect",
    prose: "\
A statement names an action together with resources that the action is never done to: an action that takes no resource, \
on an ARN, or an action on buckets, on the ARN of a table.

IAM takes the statement and it says nothing: such an allow allows nothing, which is found when something fails, and such \
a deny does not protect, which is not found at all.

A pattern such as `s3:*` is found only if none of its actions is done to any of the resources. AWS's own policies are left \
alone.

## What to write instead

For an action that takes no resource, a statement of its own with `\"Resource\": \"*\"`; for others, the ARNs of what they \
are done to. `deployrunner_service_policy` separates the two.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known() {
        return;
    }
    let mut by_place: BTreeMap<Option<Place>, Vec<IneffectiveScope>> = BTreeMap::new();
    for scope in ineffective_scopes(&judged.written()) {
        let place = judged.place(&scope.source);
        if place.and_then(|place| judged.policy(place)).is_none_or(|policy| !policy.is_of_aws()) {
            by_place.entry(place).or_default().push(scope);
        }
    }
    found.extend(by_place.into_iter().map(|(place, scopes)| finding(judged, place, &scopes)));
}

fn finding(judged: &Judged<'_>, place: Option<Place>, scopes: &[IneffectiveScope]) -> Finding {
    let names = listed(scopes.iter().map(|one| &one.action));
    let resources = listed(scopes.first().into_iter().flat_map(|one| &one.resources));
    let why = match scopes.first().map(|one| one.effect) {
        Some(Effect::Deny) => "The statement does not protect from it.",
        _ => "The statement allows nothing of it.",
    };
    let takes: Vec<&str> = scopes.iter().flat_map(|one| one.takes.iter().copied()).collect();
    let instead = if takes.is_empty() {
        "Put what takes no resource into a statement with `\"Resource\": \"*\"`.".to_owned()
    } else {
        format!("Name what it is done to: {}.", listed(takes))
    };
    judged.finding(place, &format!("has {names} on {resources}, which it is never done to"), [why, &instead])
}

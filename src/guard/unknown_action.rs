//! `unknown-action`: a name that AWS does not have, as far as the catalogue knows.

use super::finding::{Finding, Place, listed};
use super::judged::Judged;
use super::{Level, Rule};
use crate::task::Task;
use iam_policy::analyze::{UnknownName, unknown_names};
use iam_policy::{Effect, catalog};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "unknown-action",
    level: Level::Deny,
    summary: "A policy names an action or service that AWS does not have, as far as is known",
    title: "Unknown action",
    prose: "\
A policy names an action, or a pattern of actions, that matches nothing in the provider's catalogue of AWS's actions, \
which has a date.

IAM takes any name and says nothing. A misspelt allow is found when the deployment fails; a misspelt deny is never found, \
and what it was meant to prevent is allowed.

If there is an action of nearly that name, it is taken for a typing error, and refused. Else AWS may have added it since \
the date of the catalogue, and it is a warning; but not where a planner is allowed it, for what nobody knows is not known \
to be harmless. Names in AWS's own policies are left alone.

## What to write instead

The name that is suggested. If the name is right and newer than the catalogue, say so with `guard = { unknown-action = \
\"warn\" }`, and update the provider when you can.
",
    yields: false,
    find,
};

/// The statement in which generated permissions have what is newer than the catalogue, and say so.
const NEWER: &str = "ManageNewer";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known() {
        return;
    }
    let mut by_place: BTreeMap<(Option<Place>, bool), Vec<UnknownName>> = BTreeMap::new();
    for name in unknown_names(&judged.written()) {
        let place = judged.place(&name.source);
        if place.and_then(|place| judged.policy(place)).is_some_and(|policy| policy.is_of_aws())
            || (name.source.sid.as_deref() == Some(NEWER) && judged.role.permissions.is_some())
        {
            continue;
        }
        by_place.entry((place, name.name.nearest.is_some())).or_default().push(name);
    }
    found.extend(
        by_place.into_iter().map(|((place, is_slip), names)| finding(judged, place, is_slip, &names)),
    );
}

fn finding(judged: &Judged<'_>, place: Option<Place>, is_slip: bool, names: &[UnknownName]) -> Finding {
    let allows = names.iter().any(|one| one.effect == Effect::Allow);
    let what = listed(names.iter().map(|one| &one.name.name));
    let says = format!("names {what}, which AWS does not have as of {}", catalog::DATE);
    let nearest = names.iter().find_map(|one| one.name.nearest.as_deref());
    let instead = match nearest {
        Some(nearest) => format!("If it is a slip, write `{nearest}`."),
        None => "Check the name. If it is newer, update the provider when you can.".to_owned(),
    };
    let why = if allows {
        "What it allows cannot be told, so it cannot be taken for harmless."
    } else {
        "What it was meant to deny is not denied."
    };
    let is_open = allows && judged.is_for(&[Task::TerraformPlanner]);
    let finding = judged.finding(place, &says, [why, &instead]);
    Finding { level: (!is_slip && !is_open).then_some(Level::Warn), ..finding }
}

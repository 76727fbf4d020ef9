//! Changes of principals, actions and resources.
//!
//! Owns when one list covers another. Never looks at conditions: `condition` does.

use super::{Direction, Element, Reading, What, condition, pattern};
use crate::{Effect, OneOrMany, Principals, Scope, principal};

/// A change with what it does to the set of requests that a statement matches.
pub(super) type Shift = (What, Direction);

type Covers<'a> = &'a dyn Fn(&str, &str) -> bool;

/// The lists of a statement that may have a `Not…` form.
#[derive(Clone, Copy)]
enum List {
    Principal,
    Action,
    Resource,
}

const LISTS: [List; 3] = [List::Principal, List::Action, List::Resource];

/// What changed in the lists of two statements of one effect.
pub(super) fn changes(was: &Reading<'_>, is: &Reading<'_>) -> Vec<Shift> {
    LISTS.into_iter().flat_map(|list| list_changes(list, was, is)).collect()
}

/// Whether everything that `narrow` matches is matched by `wide`, which has the same effect.
pub(super) fn statement_covers(wide: &Reading<'_>, narrow: &Reading<'_>) -> bool {
    let widens = |(_, direction): &Shift| matches!(direction, Direction::Same | Direction::Widened);
    wide.canonical.effect == narrow.canonical.effect
        && LISTS.into_iter().flat_map(|list| list_changes(list, narrow, wide)).all(|shift| widens(&shift))
        && condition::changes(narrow, wide).iter().all(widens)
}

fn list_changes(list: List, was: &Reading<'_>, is: &Reading<'_>) -> Vec<Shift> {
    let (before, after) = (list.values(was), list.values(is));
    if before == after {
        return Vec::new();
    }
    let covers = list.covers(is.canonical.effect);
    let spelled = |shift: What| spell(shift, list, was, is);
    match (&before, &after) {
        (Some(Scope::Only(before)), Some(Scope::Only(after))) => {
            moves(before, after, &list.element(false), &covers)
                .into_iter()
                .map(|(what, direction)| (spelled(what), direction))
                .collect()
        }
        (Some(Scope::Except(before)), Some(Scope::Except(after))) => {
            // What is excepted from NotPrincipal has rules of its own, so only the same principal covers one there.
            let same = |a: &str, b: &str| a == b;
            let covers: Covers<'_> = if matches!(list, List::Principal) { &same } else { &covers };
            moves(before, after, &list.element(true), covers)
                .into_iter()
                .map(|(what, direction)| (spelled(what), !direction))
                .collect()
        }
        _ => {
            let element = |scope: &Option<Scope<_>>| {
                scope.as_ref().map(|scope| list.element(matches!(scope, Scope::Except(_))))
            };
            let what = What::Form { before: element(&before), after: element(&after) };
            vec![(what, form(list, before.as_ref(), after.as_ref()))]
        }
    }
}

/// What the step between a plain and a `Not…` form does.
fn form(list: List, before: Option<&Scope<Vec<String>>>, after: Option<&Scope<Vec<String>>>) -> Direction {
    let (listed, excepted, direction) = match (before, after) {
        (Some(Scope::Only(listed)), Some(Scope::Except(excepted))) => (listed, excepted, Direction::Widened),
        (Some(Scope::Except(excepted)), Some(Scope::Only(listed))) => (listed, excepted, Direction::Narrowed),
        _ => return Direction::Unclear,
    };
    let apart = |one: &String| excepted.iter().all(|other| pattern::disjoint(one, other));
    // IAM completes a shortened ARN, which may then overlap with others.
    let is_short =
        |one: &&String| matches!(list, List::Resource) && *one != "*" && one.matches(':').count() < 5;
    if matches!(list, List::Principal) || listed.iter().chain(excepted).any(|one| is_short(&one)) {
        Direction::Unclear
    } else if listed.iter().any(|one| one == "*") {
        !direction
    } else if listed.iter().all(apart) {
        direction
    } else {
        Direction::Unclear
    }
}

/// What came to a list and what went; more values match more.
pub(super) fn moves(
    before: &[String],
    after: &[String],
    element: &Element,
    covers: Covers<'_>,
) -> Vec<Shift> {
    let gone: Vec<&String> = before.iter().filter(|one| !after.contains(one)).collect();
    let new: Vec<&String> = after.iter().filter(|one| !before.contains(one)).collect();
    let uncovered = |ones: &[&String], by: &[String]| -> Vec<String> {
        ones.iter().filter(|one| !by.iter().any(|wide| covers(wide, one))).map(|one| (*one).clone()).collect()
    };
    let within = |ones: &[&String], wide: &[String]| -> Vec<String> {
        let inside = ones.iter().filter(|one| wide.iter().any(|wide| covers(wide, one)));
        inside.map(|one| (*one).clone()).collect()
    };
    let (gained, lost) = (uncovered(&new, before), uncovered(&gone, after));
    let mut shifts = Vec::new();
    if !gained.is_empty() {
        let what =
            What::Gained { element: element.clone(), instead_of: within(&gone, &gained), values: gained };
        shifts.push((what, Direction::Widened));
    }
    if !lost.is_empty() {
        let what = What::Lost { element: element.clone(), left: within(&new, &lost), values: lost };
        shifts.push((what, Direction::Narrowed));
    }
    if shifts.is_empty() {
        shifts.push((What::Rewritten { element: element.clone() }, Direction::Same));
    }
    shifts
}

impl List {
    fn values(self, reading: &Reading<'_>) -> Option<Scope<Vec<String>>> {
        let texts = |scope: &Scope<OneOrMany<String>>| scope.clone().map(OneOrMany::into_vec);
        let statement = &reading.canonical;
        match self {
            Self::Principal => statement.principals.clone().map(|scope| scope.map(|who| flat(&who))),
            Self::Action => Some(texts(&statement.actions)),
            Self::Resource => statement.resources.as_ref().map(texts),
        }
    }

    fn element(self, not: bool) -> Element {
        match (self, not) {
            (Self::Principal, false) => Element::Principal,
            (Self::Principal, true) => Element::NotPrincipal,
            (Self::Action, false) => Element::Action,
            (Self::Action, true) => Element::NotAction,
            (Self::Resource, false) => Element::Resource,
            (Self::Resource, true) => Element::NotResource,
        }
    }

    fn covers(self, effect: Effect) -> impl Fn(&str, &str) -> bool {
        move |wide, narrow| match self {
            Self::Principal => principal_covers(effect, wide, narrow),
            Self::Action => same_service(wide, narrow) && pattern::covers(wide, narrow),
            Self::Resource => pattern::resource_covers(wide, narrow),
        }
    }
}

/// Whether two action patterns can be about one service: a cheap look before the patterns are read.
fn same_service(a: &str, b: &str) -> bool {
    let service = |action: &str| {
        let plain = action.split_once(':').map(|(service, _)| service.to_owned());
        plain.filter(|service| !service.contains(['*', '?']))
    };
    match (service(a), service(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

fn flat(principals: &Principals) -> Vec<String> {
    let Principals::Listed(listed) = principals else { return vec!["AWS:*".to_owned()] };
    let each = listed
        .iter()
        .flat_map(|(kind, values)| values.iter().map(move |value| format!("{}:{value}", kind.as_str())));
    each.collect()
}

/// Whether a statement about `wide` says at least as much as one about `narrow`.
///
/// In an allow an account does not cover its roles and users: naming one of those lets it in by itself, naming the
/// account leaves that to its identity policies; and a session or user that is named is not held by an implicit deny
/// of its boundary, as everybody is. (IAM User Guide, "Policy evaluation logic" and "Permissions boundaries for IAM
/// entities".)
fn principal_covers(effect: Effect, wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    let (Some(wide), Some(narrow)) = (wide.strip_prefix("AWS:"), narrow.strip_prefix("AWS:")) else {
        return false;
    };
    let arn = crate::Arn::parse(narrow).ok();
    let account = arn.as_ref().map(crate::Arn::account);
    match effect {
        Effect::Deny => wide == "*" || account == Some(wide),
        Effect::Allow => {
            wide == "*"
                && (principal::is_account_id(narrow) || arn.is_some_and(|arn| arn.iam_role().is_some()))
        }
    }
}

/// Gives canonical values back the spelling of their writer.
fn spell(what: What, list: List, was: &Reading<'_>, is: &Reading<'_>) -> What {
    let as_written = |values: Vec<String>| -> Vec<String> {
        values.into_iter().map(|value| spelling(&value, list, was, is)).collect()
    };
    match what {
        What::Gained { element, values, instead_of } => {
            What::Gained { element, values: as_written(values), instead_of: as_written(instead_of) }
        }
        What::Lost { element, values, left } => {
            What::Lost { element, values: as_written(values), left: as_written(left) }
        }
        other => other,
    }
}

fn spelling(value: &str, list: List, was: &Reading<'_>, is: &Reading<'_>) -> String {
    let List::Action = list else { return value.to_owned() };
    let written = [is, was].into_iter().flat_map(|reading| reading.written.actions.inner());
    written
        .into_iter()
        .find(|action| action.eq_ignore_ascii_case(value))
        .cloned()
        .unwrap_or_else(|| value.to_owned())
}

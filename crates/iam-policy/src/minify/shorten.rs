//! The steps that make statements fewer and shorter.
//!
//! Owns the steps. Each leaves the decision of the whole as it is, so that they can follow each other in any order.

use std::collections::{BTreeMap, BTreeSet};

use super::covers::{
    Compared, Reading, covers, covers_action, covers_but_actions, covers_but_resources, widest,
};
use crate::{
    Scope, Statement, Wildcards,
    action::{ActionPattern, ActionSet, has_wildcard},
    catalog,
    minimize::{Goal, is_everything, shortest},
};

/// Leaves out statements that another one covers, and resources for which another one does. Later ones first. Gives what
/// is left, compared.
pub(super) fn drop_covered(statements: &mut Vec<Statement>, reading: Reading) -> Vec<Compared> {
    let mut compared: Vec<Option<Compared>> =
        statements.iter().map(|statement| Some(Compared::new(statement, reading))).collect();
    for index in (0..statements.len()).rev() {
        let Some(own) = compared.get_mut(index).and_then(Option::take) else { continue };
        let others = || compared.iter().flatten();
        if others().any(|other| covers(other, &own)) {
            continue;
        }
        let rest = remaining(own, &mut others());
        if let (Some(statement), Some(rest)) = (statements.get_mut(index), &rest) {
            keep_resources(statement, rest);
        }
        if let Some(place) = compared.get_mut(index) {
            *place = rest;
        }
    }
    let mut kept = compared.iter();
    statements.retain(|_| kept.next().is_some_and(Option::is_some));
    compared.into_iter().flatten().collect()
}

/// The statement without the resources that others cover; nothing if no resource is left.
fn remaining(own: Compared, others: &mut dyn Iterator<Item = &Compared>) -> Option<Compared> {
    let Some(Scope::Only(resources)) = &own.statement.resources else { return Some(own) };
    let mut left: Vec<String> = resources.as_slice().to_vec();
    for other in others {
        if covers_but_resources(other, &own) {
            left.retain(|resource| !other.covers_resource(resource));
        }
    }
    (!left.is_empty()).then(|| own.on(Scope::Only(left.into_iter().collect())))
}

/// Takes over what is left of the resources, in the statement's own order.
fn keep_resources(statement: &mut Statement, rest: &Compared) {
    let Some(Scope::Only(left)) = &rest.statement.resources else { return };
    if let Some(Scope::Only(resources)) = &mut statement.resources {
        let left: BTreeSet<&String> = left.iter().collect();
        *resources = resources.iter().filter(|resource| left.contains(resource)).cloned().collect();
    }
}

/// Writes the actions of each statement as the shortest patterns. One whose actions others cover goes.
///
/// INVARIANT: `compared` is the statements, in their order.
pub(super) fn minimize_actions(
    statements: &mut Vec<Statement>,
    compared: Vec<Compared>,
    reading: Reading,
    wildcards: Wildcards,
) {
    let mut compared: Vec<Option<Compared>> = compared.into_iter().map(Some).collect();
    for (index, statement) in statements.iter_mut().enumerate() {
        let Scope::Only(actions) = &statement.actions else { continue };
        let Some(own) = compared.get_mut(index).and_then(Option::take) else { continue };
        let others = compared.iter().flatten().filter(|other| covers_but_actions(other, &own));
        let elsewhere = Elsewhere::of(others);
        let shorter = patterns(actions.as_slice(), &own, &elsewhere, wildcards);
        if shorter.is_empty() {
            continue;
        }
        let length =
            |patterns: &[String]| patterns.iter().map(|one| one.len() + r#""","#.len()).sum::<usize>();
        if length(&shorter) <= length(actions.as_slice()) {
            statement.actions = Scope::Only(shorter.into_iter().collect());
        }
        if let Some(place) = compared.get_mut(index) {
            *place = Some(Compared::new(statement, reading));
        }
    }
    let mut kept = compared.into_iter();
    statements.retain(|_| kept.next().flatten().is_some());
}

/// What other statements grant or deny wherever the one at hand holds.
#[derive(Default)]
struct Elsewhere<'a> {
    actions: ActionSet,
    statements: Vec<&'a Compared>,
}

impl<'a> Elsewhere<'a> {
    fn of(others: impl Iterator<Item = &'a Compared>) -> Self {
        others.fold(Self::default(), |mut all, other| {
            all.actions = all.actions.union(&other.actions);
            all.statements.push(other);
            all
        })
    }

    fn covers(&self, text: &str) -> bool {
        self.statements.iter().any(|other| other.covers_text(text))
    }
}

/// The shortest patterns for what the texts match; nothing if it is all matched elsewhere.
fn patterns(
    texts: &[String],
    own: &Compared,
    elsewhere: &Elsewhere<'_>,
    wildcards: Wildcards,
) -> Vec<String> {
    let actions = &own.actions;
    if wildcards != Wildcards::None && is_everything(actions) && !actions.is_subset(&elsewhere.actions) {
        return vec!["*".to_owned()];
    }
    let open = texts
        .iter()
        .filter(|text| has_wildcard(text) || own.is_unknown(text))
        .filter(|text| !elsewhere.covers(text));
    let (across, within): (Vec<&String>, Vec<&String>) = open.partition(|text| names_no_service(text));
    let mut patterns = widest(&across);
    let mut may = elsewhere.actions.clone();
    for pattern in &patterns {
        ActionPattern::new(pattern).add_to(&mut may);
    }
    let must = actions.clone().difference(&may);
    let mut by_service: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for text in within.into_iter().filter(|text| !patterns.iter().any(|wide| covers_action(wide, text))) {
        let service = text.split(':').next().unwrap_or_default();
        by_service.entry(service.to_ascii_lowercase()).or_default().push(text);
    }
    let prefixes: BTreeSet<String> =
        must.services().map(str::to_owned).chain(by_service.keys().cloned()).collect();
    for prefix in prefixes {
        let texts = by_service.remove(&prefix).unwrap_or_default();
        let Some(service) = catalog::service(&prefix) else {
            patterns.extend(widest(&texts));
            continue;
        };
        let names = texts.iter().filter_map(|text| text.split_once(':')).map(|(_, name)| name);
        let (must, may) = (must.places(service), may.places(service));
        let goal = Goal { service, must, may, texts: names.collect() };
        patterns.extend(shortest(&goal, wildcards));
    }
    patterns
}

/// Whether a pattern's service has wildcards itself, or is missing.
fn names_no_service(text: &str) -> bool {
    text.split_once(':').is_none_or(|(service, _)| has_wildcard(service))
}

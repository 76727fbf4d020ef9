//! A set of actions as the shortest patterns that name it.
//!
//! Owns the choice of patterns, service by service, and the proof that they name exactly what was asked for. Never
//! weighs statements against each other: `minify` does.

mod candidates;
mod cover;
mod glob;
mod names;
mod service;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use thiserror::Error;

use crate::{
    Pattern,
    action::{ActionPattern, ActionSet, has_wildcard},
    catalog::{self, Action, Service},
};

pub(crate) use service::{Goal, shortest};

/// How far wildcards may go.
///
/// Every wildcard can take in actions that AWS adds later. The shorter a pattern, the more likely it does: today
/// `s3:*ag*` is as exact as `s3:*Tag*`, but only of the latter can a reader tell what it will match tomorrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wildcards {
    /// None is added: every action by its name.
    None,
    /// In place of whole words of a name, where the pattern stands for at least two actions: `Get*`, `*Tags`.
    #[default]
    Words,
    /// Wherever it saves a character: for who checks at each update of the catalogue what the patterns match.
    Anywhere,
}

/// The shortest list of patterns that matches these actions and no other action of the catalogue.
///
/// Takes names with service prefix in any case, such as [`Action`]s or texts. Short means the characters that the
/// list takes in a policy, with wildcards in place of whole words only ([`Wildcards::Words`]). The patterns come in AWS's spelling, sorted by service; each stands for actions of one
/// service, except `*`, which is the answer for the whole catalogue only. An action that is not in the catalogue stays
/// as it is, unless a pattern that is there anyway matches it.
///
/// Finding the very shortest list is a set cover, which takes exponential time in general; the search is greedy with
/// local improvement, so that a shorter list may exist. The same set gives the same list, however it is ordered, and
/// services do not influence each other.
///
/// # Errors
/// A name is no action: it has a wildcard or no service. Or the answer does not name exactly this set, which would be
/// a fault of this crate; it is not returned then.
pub fn minimize(actions: impl IntoIterator<Item: Display>) -> Result<Vec<String>, MinimizeError> {
    minimize_with(actions, Wildcards::default())
}

/// Like [`minimize()`], with a say in how far wildcards go.
///
/// # Errors
/// The same.
pub fn minimize_with(
    actions: impl IntoIterator<Item: Display>,
    wildcards: Wildcards,
) -> Result<Vec<String>, MinimizeError> {
    let (wanted, unknown) = read(actions)?;
    let patterns = answer(&wanted, &unknown, wildcards);
    check(&patterns, &wanted, &unknown)?;
    Ok(patterns)
}

/// Why a set of actions has no shortest list.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MinimizeError {
    /// What was given as an action is a pattern.
    #[error("`{name}` has a wildcard, so it is no single action: expand it first")]
    Wildcard {
        /// As it was given.
        name: String,
    },
    /// What was given as an action has no service, or more than one colon.
    #[error("`{name}` is no action: write the service's prefix, a colon and the name, as in `s3:GetObject`")]
    NoAction {
        /// As it was given.
        name: String,
    },
    /// The patterns found name another set, which is a fault of this crate.
    #[error(
        "the shorter list would name another set, `{action}` tells them apart: keep the actions as they are"
    )]
    Differs {
        /// An action of one set only.
        action: String,
    },
}

/// The actions that the catalogue knows, and the others.
fn read(actions: impl IntoIterator<Item: Display>) -> Result<(ActionSet, BTreeSet<String>), MinimizeError> {
    let mut known = ActionSet::new();
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    for name in actions {
        let name = name.to_string();
        if has_wildcard(&name) {
            return Err(MinimizeError::Wildcard { name });
        }
        if !matches!(name.split_once(':'), Some((service, rest)) if !service.is_empty() && !rest.is_empty() && !rest.contains(':'))
        {
            return Err(MinimizeError::NoAction { name });
        }
        if !ActionPattern::new(&name).add_to(&mut known) {
            unknown.entry(name.to_ascii_lowercase()).or_insert(name);
        }
    }
    Ok((known, unknown.into_values().collect()))
}

fn answer(wanted: &ActionSet, unknown: &BTreeSet<String>, wildcards: Wildcards) -> Vec<String> {
    if wildcards != Wildcards::None && is_everything(wanted) {
        return vec!["*".to_owned()];
    }
    let mut patterns: Vec<String> = Vec::new();
    let mut elsewhere: Vec<&String> = Vec::new();
    let mut texts: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for name in unknown {
        match name.split_once(':').and_then(|(prefix, short)| Some((catalog::service(prefix)?, short))) {
            Some((service, short)) => texts.entry(service.prefix()).or_default().push(short),
            None => elsewhere.push(name),
        }
    }
    let prefixes: BTreeSet<&'static str> = wanted.services().chain(texts.keys().copied()).collect();
    for service in prefixes.into_iter().filter_map(catalog::service) {
        let texts = texts.remove(service.prefix()).unwrap_or_default();
        patterns.extend(shortest(&Goal::exactly(service, wanted.places(service), texts), wildcards));
    }
    patterns.extend(elsewhere.into_iter().cloned());
    patterns
}

pub(crate) fn is_everything(set: &ActionSet) -> bool {
    catalog::services().map(|service| service.actions().len()).sum::<usize>() == set.len()
}

/// Expands the answer and compares.
fn check(patterns: &[String], wanted: &ActionSet, unknown: &BTreeSet<String>) -> Result<(), MinimizeError> {
    let mut named = ActionSet::new();
    for pattern in patterns {
        ActionPattern::new(pattern).add_to(&mut named);
    }
    let extra = named.clone().difference(wanted);
    let lost = wanted.clone().difference(&named);
    let known = extra.iter().chain(lost.iter()).next().map(Action::to_string);
    let patterns: Vec<Pattern> = patterns.iter().map(|pattern| Pattern::new(pattern)).collect();
    let is_lost = |name: &&String| !patterns.iter().any(|pattern| pattern.matches_ignoring_case(name));
    match known.or_else(|| unknown.iter().find(is_lost).cloned()) {
        Some(action) => Err(MinimizeError::Differs { action }),
        None => Ok(()),
    }
}

/// What a pattern takes in a list of a policy: quotes and comma besides its letters.
fn cost(service: &Service, name: &str) -> usize {
    service.prefix().len() + ":".len() + name.len() + r#""","#.len()
}

#[cfg(test)]
mod tests;

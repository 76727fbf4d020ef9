//! What a document may allow, by service and access level.
//!
//! Owns the sums. Never counts what the catalogue does not know as harmless, and never weighs conditions: what is
//! allowed under any condition at all is allowed here.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Document, Effect, OneOrMany, Pattern, PrincipalKind, Principals, Scope, Statement,
    action::{ActionPattern, ActionSet},
    catalog::{AccessLevel, Action, UnknownAction},
    expand::{Expansion, expand_scope},
};

/// Sorts the actions that a document allows to anybody, on any resource, under any condition.
///
/// Left out is only what the document itself denies without exception: to everybody, on every resource, under no
/// condition. An explicit deny beats every allow (IAM User Guide, "Policy evaluation logic").
#[must_use]
pub fn classify(document: &Document) -> Classification {
    let mut classification = Classification::default();
    for statement in document.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
        classification.add(expand_scope(&statement.actions));
    }
    classification.expansion.distinct();
    for statement in document.statements.iter().filter(|statement| denies_without_exception(statement)) {
        classification.take_off(statement);
    }
    classification
}

/// The actions that a document may allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classification {
    expansion: Expansion,
}

impl Classification {
    /// The actions of the catalogue, by service and name.
    #[must_use]
    pub fn actions(&self) -> &ActionSet {
        &self.expansion.actions
    }

    /// The actions of one level, by service and name.
    pub fn at(&self, level: AccessLevel) -> impl Iterator<Item = &'static Action> {
        self.expansion.actions.iter().filter(move |action| action.level() == level)
    }

    /// The actions by service and level; no service and no level is there without an action.
    #[must_use]
    pub fn by_service(&self) -> BTreeMap<&'static str, BTreeMap<AccessLevel, Vec<&'static Action>>> {
        self.expansion.actions.by_service()
    }

    /// How many actions of each level there are; no level is there without an action.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<AccessLevel, usize> {
        self.expansion.actions.counts()
    }

    /// Names and patterns that match nothing in the catalogue, as written: what they allow is not known.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.expansion.unknown
    }

    /// The same, with what was probably meant. Looking for that takes longer than everything else here.
    pub fn unknown_actions(&self) -> impl Iterator<Item = UnknownAction> {
        self.expansion.unknown_actions()
    }

    /// The patterns with wildcards, as written, with the levels of what they match today: what AWS adds later may be
    /// among what they match, at any level.
    #[must_use]
    pub fn open(&self) -> Vec<(&str, BTreeSet<AccessLevel>)> {
        let levels = |pattern: &str| {
            let mut today = ActionSet::new();
            ActionPattern::new(pattern).add_to(&mut today);
            today.iter().map(Action::level).collect()
        };
        self.expansion.open.iter().map(|pattern| (pattern.as_str(), levels(pattern))).collect()
    }

    /// Whether a `NotAction` is among what allows: then every action that AWS adds later is allowed.
    #[must_use]
    pub fn has_not_action(&self) -> bool {
        self.expansion.except
    }

    /// Whether every allowed action is known to be of level list or read.
    ///
    /// Unknown names are not read-only; neither is a `NotAction`, which allows actions that do not exist yet. Patterns
    /// with wildcards count by what they match today: [`open`](Self::open) tells which they are.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        let harmless = |action: &Action| action.level().is_read_only();
        self.expansion.unknown.is_empty()
            && !self.expansion.except
            && self.expansion.actions.iter().all(harmless)
    }

    fn add(&mut self, expansion: Expansion) {
        self.expansion = std::mem::take(&mut self.expansion).join(expansion);
    }

    fn take_off(&mut self, denial: &Statement) {
        let denied = expand_scope(&denial.actions);
        let allowed = std::mem::take(&mut self.expansion.actions);
        self.expansion.actions = allowed.difference(&denied.actions);
        let Scope::Only(patterns) = &denial.actions else { return };
        let patterns: Vec<Pattern> = patterns.iter().map(|pattern| lowercase(pattern)).collect();
        let denied = |text: &str| patterns.iter().any(|pattern| pattern.covers(&lowercase(text)));
        self.expansion.unknown.retain(|name| !denied(name));
        self.expansion.open.retain(|pattern| !denied(pattern));
    }
}

fn lowercase(pattern: &str) -> Pattern {
    Pattern::new(pattern).to_lowercase()
}

fn denies_without_exception(statement: &Statement) -> bool {
    let everywhere = |resources: &OneOrMany<String>| resources.iter().any(|resource| resource == "*");
    let everything = match &statement.resources {
        Some(Scope::Only(resources)) => everywhere(resources),
        // A trust policy has one resource, its role.
        None => true,
        Some(Scope::Except(_)) => false,
    };
    let everybody = match &statement.principals {
        None => true,
        Some(Scope::Only(principals)) => names_everybody(principals),
        Some(Scope::Except(_)) => false,
    };
    statement.effect == Effect::Deny && statement.conditions.is_empty() && everything && everybody
}

fn names_everybody(principals: &Principals) -> bool {
    let Principals::Listed(listed) = principals else { return true };
    let is_everybody = |value: &String| value == "*";
    listed.iter().any(|(kind, values)| *kind == PrincipalKind::Aws && values.iter().any(is_everybody))
}

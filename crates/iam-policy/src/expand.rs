//! Patterns to the actions that they name today.
//!
//! Owns what a pattern, an `Action` or `NotAction`, a document names, and what of it the catalogue does not know.
//! Never judges an action, and never drops a name that it cannot find.

use std::collections::HashSet;

use crate::{
    Document, Effect, OneOrMany, Scope,
    action::{ActionPattern, ActionSet, has_wildcard},
    catalog::{self, Action, UnknownAction},
};

/// The actions of the catalogue that an action pattern matches, by service and name.
///
/// Case does not count; `*` and `?` may stand anywhere (IAM User Guide, "IAM JSON policy elements: Action").
///
/// # Errors
/// The pattern matches no action of the catalogue: it is misspelled, or newer than the catalogue.
pub fn expand(pattern: &str) -> Result<Vec<&'static Action>, UnknownAction> {
    let mut actions = ActionSet::new();
    if ActionPattern::new(pattern).add_to(&mut actions) {
        return Ok(actions.iter().collect());
    }
    Err(unknown(pattern))
}

/// What an `Action` or `NotAction` element names.
#[must_use]
pub fn expand_scope(scope: &Scope<OneOrMany<String>>) -> Expansion {
    let mut expansion = Expansion::default();
    let unmatched = ActionPattern::add_all(scope.inner().as_slice(), &mut expansion.actions);
    expansion.unknown = unmatched.into_iter().cloned().collect();
    if let Scope::Only(patterns) = scope {
        expansion.open = patterns.iter().filter(|pattern| has_wildcard(pattern)).cloned().collect();
    }
    expansion.distinct();
    if let Scope::Except(_) = scope {
        expansion.actions = ActionSet::all().difference(&expansion.actions);
        expansion.except = true;
    }
    expansion
}

/// What a document's `Allow` statements name, and what its `Deny` statements do; resources, principals and conditions
/// aside. What is left when the denials are taken off is [`classify`](crate::classify())'s business.
#[must_use]
pub fn expand_document(document: &Document) -> Named {
    let of = |effect: Effect| {
        let statements = document.statements.iter().filter(|statement| statement.effect == effect);
        let scopes = statements.map(|statement| expand_scope(&statement.actions));
        let mut joined = scopes.fold(Expansion::default(), Expansion::join);
        joined.distinct();
        joined
    };
    Named { allowed: of(Effect::Allow), denied: of(Effect::Deny) }
}

/// What a document names, by effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// In `Allow` statements.
    pub allowed: Expansion,
    /// In `Deny` statements.
    pub denied: Expansion,
}

/// What patterns come to in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The actions of the catalogue that are meant: for `NotAction`, all that it does not name.
    pub actions: ActionSet,
    /// What was written and matches nothing, each once: names that are misspelled or newer than the catalogue. Behind
    /// `NotAction` such a name excludes nothing that the catalogue knows. [`unknown_actions`](Self::unknown_actions)
    /// has the names that were probably meant.
    pub unknown: Vec<String>,
    /// The patterns with wildcards, as written and each once: actions that AWS adds later may be among what they
    /// match.
    pub open: Vec<String>,
    /// Whether a `NotAction` is among what was read: it means every action that AWS adds later.
    pub except: bool,
}

impl Expansion {
    /// What [`unknown`](Self::unknown) has, with what was probably meant. Looking for that takes longer than everything
    /// else here, so it is done when asked for.
    pub fn unknown_actions(&self) -> impl Iterator<Item = UnknownAction> {
        self.unknown.iter().map(|name| unknown(name))
    }

    /// Whether it may come to mean more when AWS adds actions.
    #[must_use]
    pub fn can_grow(&self) -> bool {
        self.except || !self.open.is_empty()
    }

    /// Both. What is in both, is there twice until [`distinct`](Self::distinct).
    pub(crate) fn join(mut self, other: Self) -> Self {
        self.actions = self.actions.union(&other.actions);
        self.unknown.extend(other.unknown);
        self.open.extend(other.open);
        self.except |= other.except;
        self
    }

    pub(crate) fn distinct(&mut self) {
        distinct(&mut self.unknown);
        distinct(&mut self.open);
    }
}

/// Keeps the first of those that differ in case only.
fn distinct(list: &mut Vec<String>) {
    let mut seen = HashSet::new();
    list.retain(|one| seen.insert(one.to_ascii_lowercase()));
}

/// INVARIANT: the pattern matches nothing, so it is not an action's name either.
fn unknown(pattern: &str) -> UnknownAction {
    catalog::action(pattern).err().unwrap_or_else(|| UnknownAction {
        name: pattern.to_owned(),
        nearest: None,
        service_known: false,
    })
}

//! Names that the catalogue does not know, and names that may come to mean more.
//!
//! Owns where they stand. What a pattern matches is `expand`'s business.

use crate::{Effect, Layer, PolicySet, Scope, action::has_wildcard, catalog::UnknownAction, expand_scope};

use super::Source;

/// An action name or pattern that matches nothing in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// Where it stands.
    pub source: Source,
    /// The effect of its statement: unknown names may allow anything, and do not deny what was meant.
    pub effect: Effect,
    /// The name as written, with the one that was probably meant. Prints with the date of the catalogue.
    pub name: UnknownAction,
}

/// What allows actions that AWS may add later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenName {
    /// Where it stands.
    pub source: Source,
    /// The pattern, or a pattern of `NotAction`, as written.
    pub pattern: Scope<String>,
}

/// The unknown names of all policies.
#[must_use]
pub fn unknown_names(policies: &PolicySet) -> Vec<UnknownName> {
    let statements = Layer::ALL.into_iter().flat_map(|layer| policies.layer(layer).statements());
    let names = statements.flat_map(|statement| {
        let source = Source::of(&statement.place);
        let effect = statement.effect;
        let unknown: Vec<UnknownAction> = expand_scope(&statement.actions).unknown_actions().collect();
        unknown.into_iter().map(move |name| UnknownName { source: source.clone(), effect, name })
    });
    names.collect()
}

/// The wildcards of what allows: identity-based policies and those of resources.
#[must_use]
pub fn open_names(policies: &PolicySet) -> Vec<OpenName> {
    let layers = [Layer::Identity, Layer::Resource].into_iter();
    let statements = layers.flat_map(|layer| policies.layer(layer).statements());
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    let names = allowing.flat_map(|statement| {
        let source = Source::of(&statement.place);
        let is_except = matches!(statement.actions, Scope::Except(_));
        let texts = statement.actions.inner().iter();
        texts.filter(move |text| is_except || has_wildcard(text)).map(move |text| {
            let text = text.clone();
            let pattern = if is_except { Scope::Except(text) } else { Scope::Only(text) };
            OpenName { source: source.clone(), pattern }
        })
    });
    names.collect()
}

//! Names that the catalogue does not know, and names that may come to mean more.
//!
//! Owns where they stand. What a pattern matches is `expand`'s business.

use crate::{
    Effect, Layer, PolicySet, Scope,
    action::has_wildcard,
    catalog::{self, UnknownAction},
    expand, expand_scope,
};

use super::Source;

/// For how many names the one that was probably meant is looked for, which takes milliseconds each.
const MOST_GUESSED: usize = 100;

/// An action name or pattern that matches nothing in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// Where it stands.
    pub source: Source,
    /// The effect of its statement: unknown names may allow anything, and do not deny what was meant.
    pub effect: Effect,
    /// The name as written, with the one that was probably meant, of the first hundred names. Prints with the date of
    /// the catalogue.
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
    let mut found = Vec::new();
    for statement in statements {
        for name in expand_scope(&statement.actions).unknown {
            let name = if found.len() < MOST_GUESSED { guessed(name) } else { not_guessed(name) };
            found.push(UnknownName { source: Source::of(&statement.place), effect: statement.effect, name });
        }
    }
    found
}

fn guessed(name: String) -> UnknownAction {
    expand(&name).err().unwrap_or_else(|| not_guessed(name))
}

fn not_guessed(name: String) -> UnknownAction {
    let prefix = name.split_once(':').map(|(prefix, _)| prefix);
    let service_known = prefix.is_some_and(|prefix| catalog::service(prefix).is_some());
    UnknownAction { name, nearest: None, service_known }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Statement};

    #[test]
    fn every_unknown_name_is_found_and_of_many_the_first_have_a_guess() {
        let names = (0..4_000).map(|index| format!("ec2:DescribeInstancesX{index}"));
        let document = Document::new([Statement::allow(names).resource("*")]);
        let found = unknown_names(&PolicySet::new().identity("p", &document));
        assert_eq!(found.len(), 4_000);
        assert!(found.iter().all(|one| one.name.service_known));
        let guessed = found.iter().take_while(|one| one.name.nearest.is_some()).count();
        assert_eq!(guessed, MOST_GUESSED);
    }
}

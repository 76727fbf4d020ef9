//! How findings count: levels, and what users said about them.
//!
//! Owns whose word wins. Never looks at a role.

use std::collections::BTreeMap;
use tfplug::schema::nearest;

/// How a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It is not looked for.
    Off,
    /// It is a warning.
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    /// The names of all levels, as users write them.
    pub const NAMES: &[&str] = &["deny", "warn", "off"];

    /// The level of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Deny, Self::Warn, Self::Off].into_iter().find(|level| level.as_str() == name)
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Off => "off",
        }
    }
}

/// What users said about rules. Nothing, by default: then each rule counts as it says itself.
#[derive(Clone, Debug, Default)]
pub struct Levels(BTreeMap<String, Level>);

impl Levels {
    /// The levels of the provider block, under those of the resource. Takes names of rules and of levels; what is
    /// neither is left out, for [`check_rule`] and the schema have refused it.
    pub fn of<'a>(
        provider: impl IntoIterator<Item = (&'a str, &'a str)>,
        resource: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let said = provider.into_iter().chain(resource);
        Self(said.filter_map(|(rule, level)| Some((rule.to_owned(), Level::named(level)?))).collect())
    }

    /// What users said about a rule.
    #[must_use]
    pub fn said(&self, rule: &str) -> Option<Level> {
        self.0.get(rule).copied()
    }

    /// The rules that are off.
    pub(super) fn off(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, level)| **level == Level::Off).map(|(rule, _)| rule.as_str())
    }
}

/// Whether the guard has a rule of that name.
///
/// # Errors
/// It has none; the message names the nearest.
pub fn check_rule(name: &str) -> Result<(), String> {
    let mut names = super::RULES.iter().map(|rule| rule.name);
    if names.any(|known| known == name) {
        return Ok(());
    }
    let hint = nearest(name, super::RULES.iter().map(|rule| rule.name))
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    Err(format!("The guard has no rule {name:?}.{hint}"))
}

/// Whether there is a level of that name.
///
/// # Errors
/// There is none; the message names those that there are.
pub fn check_level(name: &str) -> Result<(), String> {
    match Level::named(name) {
        Some(_) => Ok(()),
        None => Err(format!("A rule comes to `deny`, `warn` or `off`; found {name:?}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_wins_over_the_provider_block() {
        let levels =
            Levels::of([("admin-access", "warn"), ("unknown-action", "off")], [("admin-access", "off")]);
        assert_eq!(levels.said("admin-access"), Some(Level::Off));
        assert_eq!(levels.said("planner-can-write"), None);
        assert_eq!(levels.off().collect::<Vec<_>>(), ["admin-access", "unknown-action"]);
    }

    #[test]
    fn a_rule_that_does_not_exist_is_refused_with_the_nearest() {
        assert_eq!(check_rule("planner-can-write"), Ok(()));
        let message = check_rule("planner-can-writes").unwrap_err();
        assert!(message.contains("Did you mean `planner-can-write`?"), "{message}");
    }
}

//! Actions whose answer holds secrets or stored content.
//!
//! Owns the list, kept by hand in `data/secrets.txt`, and why each action is on it. Never says that an action may not
//! be allowed: planning itself needs some of them, for the resources that it reads.

use std::fmt;
use std::sync::OnceLock;

use super::service::ignoring_case;

/// A tier, its actions, and what their answers reveal, a line each.
const TEXT: &str = include_str!("data/secrets.txt");

/// How bad it is that somebody can call an action. In order, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The answer is a credential, token, password, key or secret.
    Credential,
    /// The answer is configuration in which people keep secrets: environment variables, user data, templates.
    Configuration,
    /// The answer is what a data store or a log holds.
    Content,
}

impl Tier {
    /// Every tier, in order.
    pub const ALL: [Self; 3] = [Self::Credential, Self::Configuration, Self::Content];

    /// The tier's name, lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Configuration => "configuration",
            Self::Content => "content",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An action whose answer holds secrets.
#[derive(Clone, Copy, Debug)]
pub struct Secret {
    /// The action, whole: `secretsmanager:GetSecretValue`.
    pub action: &'static str,
    /// How bad it is.
    pub tier: Tier,
    /// What the answer reveals: a phrase without a verb.
    pub reveals: &'static str,
}

/// Every such action, sorted by name without case.
#[must_use]
pub fn all() -> &'static [Secret] {
    static READ: OnceLock<Vec<Secret>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut all: Vec<Secret> = TEXT.lines().filter_map(line).flatten().collect();
        all.sort_by(|a, b| ignoring_case(a.action, b.action));
        all
    })
}

/// What is listed of the action of that whole name, in any case; nothing if its answers hold no secrets by
/// themselves.
#[must_use]
pub fn find(action: &str) -> Option<&'static Secret> {
    all().get(all().binary_search_by(|secret| ignoring_case(secret.action, action)).ok()?)
}

/// The tier of the action of that whole name, in any case.
#[must_use]
pub fn tier(action: &str) -> Option<Tier> {
    find(action).map(|secret| secret.tier)
}

/// The actions of a line; nothing for a comment.
fn line(line: &'static str) -> Option<impl Iterator<Item = Secret>> {
    let (head, reveals) = line.split_once(": ").filter(|_| !line.starts_with('#'))?;
    let (tier, actions) = head.split_once(' ')?;
    let tier = Tier::ALL.into_iter().find(|known| known.as_str() == tier)?;
    Some(actions.split(' ').map(move |action| Secret { action, tier, reveals }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::action;

    #[test]
    fn every_line_is_read() {
        let lines = TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(lines.clone().all(|text| line(text).is_some_and(|mut secrets| secrets.next().is_some())));
        let count = |tier| all().iter().filter(|secret| secret.tier == tier).count();
        assert_eq!(Tier::ALL.map(count), [105, 29, 145]);
    }

    #[test]
    fn every_action_exists_is_there_once_and_has_a_reason() {
        assert!(all().is_sorted_by(|a, b| ignoring_case(a.action, b.action).is_lt()));
        for secret in all() {
            assert_eq!(action(secret.action).unwrap().to_string(), secret.action);
            assert!(secret.reveals.len() > 10 && !secret.reveals.ends_with('.'), "{secret:?}");
        }
    }

    #[test]
    fn an_action_is_found_without_case() {
        assert_eq!(tier("SecretsManager:getsecretvalue"), Some(Tier::Credential));
        assert_eq!(tier("lambda:GetFunction"), Some(Tier::Configuration));
        assert_eq!(tier("s3:GetObject"), Some(Tier::Content));
        assert_eq!(tier("appconfig:GetLatestConfiguration"), Some(Tier::Content));
        assert_eq!(tier("neptune-db:ReadDataViaQuery"), Some(Tier::Content));
        assert_eq!(tier("s3:ListBucket"), None);
        assert_eq!(tier("s3:*"), None);
    }
}

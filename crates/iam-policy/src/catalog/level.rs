//! The five access levels, by which AWS says what an action does.
//!
//! Owns their names. Never tells an action's level from its name: AWS's data has write-level actions that are called
//! `Get…` and read-level ones that are called `Start…`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What an action does, as AWS's Service Authorization Reference has it (IAM User Guide, "Access levels in policy
/// summaries"). In order of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Tells that resources exist.
    List,
    /// Reads what a resource contains.
    Read,
    /// Changes tags, and only tags.
    Tagging,
    /// Creates, changes or deletes resources.
    Write,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl AccessLevel {
    /// Every level, in order.
    pub const ALL: [Self; 5] =
        [Self::List, Self::Read, Self::Tagging, Self::Write, Self::PermissionsManagement];

    /// The level's name: lower case, words joined by a hyphen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Tagging => "tagging",
            Self::Write => "write",
            Self::PermissionsManagement => "permissions-management",
        }
    }

    /// Whether an action of this level changes nothing.
    #[must_use]
    pub fn is_read_only(self) -> bool {
        matches!(self, Self::List | Self::Read)
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no access level.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "unknown access level `{0}`, the levels are `list`, `read`, `tagging`, `write` and `permissions-management`"
)]
pub struct AccessLevelError(String);

impl FromStr for AccessLevel {
    type Err = AccessLevelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let level = Self::ALL.into_iter().find(|level| level.as_str() == text);
        level.ok_or_else(|| AccessLevelError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_read_from_its_own_name() {
        for level in AccessLevel::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        let message = "Write".parse::<AccessLevel>().unwrap_err().to_string();
        assert!(message.starts_with("unknown access level `Write`, the levels are `list`"), "{message}");
    }

    #[test]
    fn levels_are_ordered_by_power() {
        assert!(AccessLevel::ALL.is_sorted());
        assert_eq!(AccessLevel::ALL.map(AccessLevel::is_read_only), [true, true, false, false, false]);
    }
}

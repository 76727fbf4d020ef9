//! Actions that together lead a caller to more power than the caller was given.
//!
//! Owns the list of such paths, kept by hand in `data/escalation.txt`, and why each is one. Never says whether somebody
//! can walk it: that depends on resources, conditions and denials, which a path knows nothing of.

use std::fmt;
use std::sync::OnceLock;

/// Id, kind, actions and reason, a line a path.
const TEXT: &str = include_str!("data/escalation.txt");

/// How a path leads to more power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Permissions are written directly.
    GrantsPermissions,
    /// A limit goes away: a boundary, a policy that denies, a service control policy.
    RemovesLimit,
    /// The caller gets credentials of another principal.
    YieldsCredentials,
    /// Who may become a principal changes.
    ChangesTrust,
    /// The caller becomes another role.
    AssumesRole,
    /// A resource that has a role already runs what the caller wants.
    TakesOver,
    /// A new resource gets a role that the caller does not have.
    PassesRole,
    /// A resource's own policy lets the caller in.
    OpensResource,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 8] = [
        Self::GrantsPermissions,
        Self::RemovesLimit,
        Self::YieldsCredentials,
        Self::ChangesTrust,
        Self::AssumesRole,
        Self::TakesOver,
        Self::PassesRole,
        Self::OpensResource,
    ];

    /// The kind's name: lower case, words joined by a hyphen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GrantsPermissions => "grants-permissions",
            Self::RemovesLimit => "removes-limit",
            Self::YieldsCredentials => "yields-credentials",
            Self::ChangesTrust => "changes-trust",
            Self::AssumesRole => "assumes-role",
            Self::TakesOver => "takes-over",
            Self::PassesRole => "passes-role",
            Self::OpensResource => "opens-resource",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Actions that together lead to more power.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its name in reports, which stays: `lambda-create-function-invoke`.
    pub id: &'static str,
    /// How it leads there.
    pub kind: Kind,
    /// The actions, whole, all of which are needed.
    pub actions: Vec<&'static str>,
    /// Why it does: one clause.
    pub reason: &'static str,
}

impl Path {
    /// Whether it gives a role to something, so that it leads no further than to the roles that the caller may pass.
    #[must_use]
    pub fn passes_role(&self) -> bool {
        self.actions.contains(&"iam:PassRole")
    }
}

/// Every path, by kind.
#[must_use]
pub fn paths() -> &'static [Path] {
    static READ: OnceLock<Vec<Path>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut paths: Vec<Path> = TEXT.lines().filter_map(line).collect();
        paths.sort_by_key(|path| path.kind);
        paths
    })
}

/// The path of a line; nothing for a comment.
fn line(line: &'static str) -> Option<Path> {
    let (head, reason) = line.split_once(": ").filter(|_| !line.starts_with('#'))?;
    let mut words = head.split(' ');
    let (id, kind) = (words.next()?, words.next()?);
    let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind)?;
    Some(Path { id, kind, actions: words.collect(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::action;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_read() {
        let lines = TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(lines.count(), paths().len());
        let count = |kind| paths().iter().filter(|path| path.kind == kind).count();
        assert_eq!(Kind::ALL.map(count), [16, 18, 8, 9, 2, 35, 76, 4]);
    }

    #[test]
    fn every_action_exists() {
        for path in paths() {
            assert!(!path.actions.is_empty() && !path.reason.is_empty(), "{path:?}");
            for name in &path.actions {
                assert_eq!(action(name).unwrap().to_string(), *name, "{path:?}");
            }
        }
    }

    #[test]
    fn ids_are_there_once() {
        let ids: BTreeSet<&str> = paths().iter().map(|path| path.id).collect();
        assert_eq!(ids.len(), paths().len());
    }

    #[test]
    fn no_path_contains_another_of_its_kind() {
        for path in paths() {
            for other in paths().iter().filter(|other| other.kind == path.kind && other.id != path.id) {
                let contained = other.actions.iter().all(|action| path.actions.contains(action));
                assert!(!contained, "{} contains {}", path.id, other.id);
            }
        }
    }

    #[test]
    fn no_path_is_made_of_reads_alone() {
        let writes =
            |path: &Path| path.actions.iter().any(|name| !action(name).unwrap().level().is_read_only());
        assert!(paths().iter().all(writes));
    }

    #[test]
    fn passing_a_role_is_a_kind_of_its_own() {
        assert!(paths().iter().all(|path| path.passes_role() == (path.kind == Kind::PassesRole)));
    }
}

//! What a change may take away, and what it must leave alone.
//!
//! Owns the exceptions: policies and tags that others put on a role for good reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{LiveRole, RoleSpec};
use iam_policy::{Effect, Kind, Statement, parse};

/// Inline policies of this prefix are grants for a limited time. They carry their own end, so an expired one grants
/// nothing; whoever made it removes it.
pub const ELEVATION_PREFIX: &str = "deployrunner-elevation-";

/// What the AWS console writes to revoke a role's sessions: it only denies, and removing it would bring them back.
pub const REVOKE_POLICY: &str = "AWSRevokeOlderSessions";

/// What happens to policies that somebody else put on the role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmanaged {
    /// They are removed.
    #[default]
    Remove,
    /// They stay, and are shown.
    Report,
    /// They stay, and are not shown.
    Ignore,
}

/// Patterns (`*` any characters, `?` one) of what a company's guardrails may add to a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tolerate {
    /// Names of inline policies and of attached policies.
    pub policy_names: Vec<String>,
    /// ARNs of attached policies.
    pub policy_arns: Vec<String>,
    /// Tag keys, without regard to case.
    pub tag_keys: Vec<String>,
}

/// Tags that are neither written nor removed nor seen, as in the provider block's `ignore_tags`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreTags {
    /// Whole keys.
    pub keys: BTreeSet<String>,
    /// Beginnings of keys.
    pub key_prefixes: Vec<String>,
}

impl IgnoreTags {
    /// Whether a tag of this key is left alone. AWS's own (`aws:`) always are: nobody else can change them.
    #[must_use]
    pub fn ignores(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.keys.contains(key)
            || self.key_prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()))
    }
}

/// Whether every statement that allows something is such a one.
fn all_allows(document: &str, is_such: fn(&Statement) -> bool) -> bool {
    parse(document, Kind::Identity).is_ok_and(|document| {
        document.statements.iter().all(|statement| statement.effect == Effect::Deny || is_such(statement))
    })
}

/// Whether a statement says until when it holds.
fn ends(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.operator.eq_ignore_ascii_case("DateLessThan")
            && condition.key.eq_ignore_ascii_case("aws:CurrentTime")
    })
}

/// All rules about what to leave alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What happens to unmanaged policies.
    pub unmanaged: Unmanaged,
    /// What guardrails may add.
    pub tolerate: Tolerate,
    /// Tags that are none of our business.
    pub ignore_tags: IgnoreTags,
}

impl Rules {
    /// Whether an inline policy that is not wanted stays nevertheless. A name alone spares nothing: what is called a
    /// revocation only denies, and what is called an elevation allows nothing without an end.
    #[must_use]
    pub fn spares_inline(&self, name: &str, document: &str) -> bool {
        (name == REVOKE_POLICY && all_allows(document, |_| false))
            || (name.starts_with(ELEVATION_PREFIX) && all_allows(document, ends))
            || any(&self.tolerate.policy_names, name)
    }

    /// Whether an attached policy that is not wanted stays nevertheless.
    #[must_use]
    pub fn spares_attached(&self, arn: &str) -> bool {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        any(&self.tolerate.policy_arns, arn) || any(&self.tolerate.policy_names, name)
    }

    /// Whether a tag that is not wanted stays nevertheless. AWS's own tags (`aws:`) cannot be removed.
    #[must_use]
    pub fn spares_tag(&self, key: &str) -> bool {
        let lower = key.to_lowercase();
        let tolerated = |pattern: &String| glob(&pattern.to_lowercase(), &lower);
        self.ignores_tag(key) || self.tolerate.tag_keys.iter().any(tolerated)
    }

    /// Whether a tag is neither written nor removed nor seen.
    #[must_use]
    pub fn ignores_tag(&self, key: &str) -> bool {
        self.ignore_tags.ignores(key)
    }

    /// The role as its owner should see it: what is spared and not `managed` is left out, and so are unmanaged
    /// policies under [`Unmanaged::Ignore`]. Tag keys that differ from a managed key in case only take its case.
    #[must_use]
    pub fn visible(&self, live: &LiveRole, managed: &RoleSpec) -> RoleSpec {
        let mut seen = live.spec.clone();
        let ignored = self.unmanaged == Unmanaged::Ignore;
        seen.inline_policies.retain(|name, document| {
            managed.inline_policies.contains_key(name) || !(ignored || self.spares_inline(name, document))
        });
        seen.managed_policy_arns.retain(|arn| {
            managed.managed_policy_arns.contains(arn) || !(ignored || self.spares_attached(arn))
        });
        seen.tags = self.visible_tags(&live.spec.tags, &managed.tags);
        seen
    }

    /// The tags that an owner should see who wants `managed`: as [`visible`](Self::visible) shows them.
    #[must_use]
    pub fn visible_tags(
        &self,
        live: &BTreeMap<String, String>,
        managed: &BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        let mut seen = BTreeMap::new();
        for (key, value) in live {
            let ours = managed.keys().find(|wanted| same_key(wanted, key));
            if self.ignores_tag(key) || (ours.is_none() && self.spares_tag(key)) {
                continue;
            }
            seen.insert(ours.unwrap_or(key).clone(), value.clone());
        }
        seen
    }
}

/// IAM takes `Team` and `team` for the same tag key.
pub(super) fn same_key(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| glob(pattern, text))
}

/// Whether `text` matches `pattern`, where `*` is any characters and `?` is one.
///
/// Walks both once; on a mismatch it goes back to the last star and lets that swallow one character more.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while let Some(character) = text.get(seen) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(expected) if *expected == '?' || expected == character => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((star_at, swallowed)) = star else { return false };
                star = Some((star_at, swallowed + 1));
                at = star_at + 1;
                seen = swallowed + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests;

//! The same permissions in another spelling, and the permissions that policies amount to.
//!
//! Owns what is no change although it is written otherwise, and what may be claimed as ours after a change that failed.

use super::{GENERATED, Held, Managed, Permissions, base, texts};
use crate::task::Task;
use iam_policy::{Arn, Kind};
use std::collections::{BTreeMap, BTreeSet};
use tfplug::schema::{Attr, List, Map, Set};

/// The permissions that these policies amount to, for imported roles.
pub fn read_back(inline: &BTreeMap<String, String>, attached: &BTreeSet<String>) -> Attr<Permissions> {
    if inline.is_empty() && attached.is_empty() {
        return Attr::Null;
    }
    let policies: Map<String> =
        inline.iter().map(|(name, text)| (name.clone(), Attr::Known(text.clone()))).collect();
    let arns = Set(attached.iter().cloned().map(Attr::Known).collect());
    Attr::Known(Permissions {
        inline_policies: if policies.is_empty() { Attr::Null } else { Attr::Known(policies) },
        managed_policy_arns: if arns.0.is_empty() { Attr::Null } else { Attr::Known(arns) },
        ..Permissions::default()
    })
}

/// The permissions that are certainly ours after a change that failed half-way: of what was there and what was to
/// come, the part that the role holds. Later plans know by it what to take away again.
pub fn confirmed(
    before: &Attr<Permissions>,
    wanted: &Attr<Permissions>,
    (held_inline, held_attached): (&BTreeMap<String, String>, &BTreeSet<String>),
) -> Attr<Permissions> {
    let mut inline = BTreeMap::new();
    let mut attached = BTreeSet::new();
    for permissions in [before, wanted].into_iter().filter_map(Attr::known) {
        for (name, text) in permissions.inline_policies.known().into_iter().flatten() {
            let held = held_inline.get(name);
            if let (Attr::Known(text), Some(held)) = (text, held) {
                let spelling = if same(text, held) { text } else { held };
                inline.insert(name.clone(), spelling.clone());
            }
        }
        let arns = permissions.managed_policy_arns.known().into_iter().flat_map(|arns| &arns.0);
        attached.extend(arns.filter_map(Attr::known).filter(|arn| held_attached.contains(*arn)).cloned());
    }
    let nothing = Permissions::default();
    // What the other arguments come to is one policy, and AWS's own where a planner has its base: whoever wrote it
    // last owns it.
    let before = before.known().unwrap_or(&nothing);
    let has_base = held_attached.difference(&attached).any(|arn| is_base(arn));
    let told = match wanted.known() {
        Some(wanted) if held_inline.contains_key(GENERATED) && without_policies(before) == nothing => wanted,
        Some(wanted) if has_base && base::is_read_only(wanted) && !base::is_read_only(before) => wanted,
        _ => before,
    };
    let policies = read_back(&inline, &attached).into_known().unwrap_or_default();
    let confirmed = Permissions {
        inline_policies: policies.inline_policies,
        managed_policy_arns: policies.managed_policy_arns,
        ..told.clone()
    };
    if confirmed == nothing { Attr::Null } else { Attr::Known(confirmed) }
}

impl Held {
    /// What is ours of the policies that a role shows, for permissions that cannot be generated any more: what the user
    /// wrote, what is generated always under the same name, and what the role owns. Without a summary.
    pub fn of_shown(
        permissions: &Attr<Permissions>,
        task: Option<Task>,
        (inline, managed): (&BTreeMap<String, String>, &Managed),
    ) -> Self {
        let nothing = Permissions::default();
        let permissions = permissions.known().unwrap_or(&nothing);
        let written = permissions.inline_policies.known();
        let is_ours = |name: &String| name == GENERATED || written.is_some_and(|all| all.contains_key(name));
        let inline = inline.iter().filter(|(name, _)| is_ours(name));
        let arns = texts(&permissions.managed_policy_arns);
        let has_base = task == Some(Task::TerraformPlanner) && base::is_read_only(permissions);
        let attached = managed.attached.iter();
        let name_of = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        let owned = managed.owned.iter().filter(|(_, policy)| policy.is_attached);
        Self {
            inline: Attr::Known(
                inline.map(|(name, text)| (name.clone(), Attr::Known(text.clone()))).collect(),
            ),
            attached: Attr::Known(
                attached.filter(|arn| arns.contains(arn) || (has_base && is_base(arn))).cloned().collect(),
            ),
            owned: Attr::Known(owned.map(|(arn, policy)| (name_of(arn), policy.document.clone())).collect()),
            summary: Attr::Known(List::new()),
        }
    }
}

/// Whether this is the ARN of the policy that a planner's base attaches, in whatever partition.
fn is_base(arn: &str) -> bool {
    Arn::parse(arn).is_ok_and(|parsed| base::read_only_arn(parsed.partition()) == arn)
}

/// The permissions less the policies that the user wrote.
pub(super) fn without_policies(permissions: &Permissions) -> Permissions {
    Permissions { inline_policies: Attr::Null, managed_policy_arns: Attr::Null, ..permissions.clone() }
}

/// The permissions as configured, with the prior spelling of the inline policies if all of them still mean the
/// same: documents that were only reformatted are no change. All or none, since a plan may repeat the configuration
/// or the prior state of an argument, and nothing in between.
pub fn keep_spelling(config: Attr<Permissions>, prior: Option<&Permissions>) -> Attr<Permissions> {
    let (Attr::Known(mut permissions), Some(prior)) = (config.clone(), prior) else { return config };
    if let (Attr::Known(policies), Attr::Known(before)) =
        (&permissions.inline_policies, &prior.inline_policies)
    {
        let kept = |(name, text): (&String, &Attr<String>)| match (text, before.get(name)) {
            (Attr::Known(new), Some(Attr::Known(old))) => same(new, old),
            _ => false,
        };
        if policies.len() == before.len() && policies.iter().all(kept) {
            permissions.inline_policies = prior.inline_policies.clone();
        }
    }
    Attr::Known(permissions)
}

/// Whether two identity policies mean the same.
pub fn same(a: &str, b: &str) -> bool {
    match (iam_policy::parse(a, Kind::Identity), iam_policy::parse(b, Kind::Identity)) {
        (Ok(a), Ok(b)) => iam_policy::equal(&a, &b),
        _ => a == b,
    }
}

/// A document without layout, or the text itself if it is not one.
pub fn compact(text: &str, kind: Kind) -> String {
    iam_policy::parse(text, kind).map_or_else(|_| text.to_owned(), |document| document.to_json())
}

#[cfg(test)]
mod tests;

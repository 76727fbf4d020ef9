//! What a role may do: what users write, turned into the policies that it will hold. One home for every
//! resource that makes roles. Never asks AWS.

use crate::checks;
use iam_policy::{Arn, Kind};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Map, Set, optional};

object! {
    /// What the role may do.
    pub struct Permissions {
        /// Inline policies: name to policy document in JSON, such as `jsonencode` gives. All of them together have at most 10,240 characters, white space not counted.
        pub inline_policies: Map<String> = optional().check_keys(checks::policy_name),
        /// ARNs of managed policies to attach: at most 10, unless the account's quota was raised.
        pub managed_policy_arns: Set<String> = optional().check_each(checks::policy_arn),
    }
}

/// Adds what IAM would refuse. Silent about unknown values.
pub fn validate(permissions: &Permissions, path: &Path, found: &mut Diagnostics) {
    let at = path.join("inline_policies");
    for (name, text) in permissions.inline_policies.known().into_iter().flatten() {
        let Attr::Known(text) = text else { continue };
        if let Err(error) = iam_policy::parse(text, Kind::Identity) {
            let detail = format!("IAM would refuse the policy {name:?}: {error}.");
            found.push(Diagnostic::error("Invalid policy document", detail).at(at.key(name)));
        }
    }
}

/// The inline policies that the role will hold, as they are sent: compact. Unknown where they are.
pub fn inline_policies(permissions: &Attr<Permissions>) -> Attr<Map<String>> {
    let policies = match permissions {
        Attr::Unknown => return Attr::Unknown,
        Attr::Null => return Attr::Known(Map::new()),
        Attr::Known(permissions) => &permissions.inline_policies,
    };
    match policies {
        Attr::Unknown => Attr::Unknown,
        Attr::Null => Attr::Known(Map::new()),
        Attr::Known(policies) => {
            let compact = |(name, text): (&String, &Attr<String>)| {
                (name.clone(), text.as_ref().map(|text| compact(text, Kind::Identity)))
            };
            Attr::Known(policies.iter().map(compact).collect())
        }
    }
}

/// The ARNs of the managed policies that will be attached. Unknown while any of them is.
pub fn managed_policy_arns(permissions: &Attr<Permissions>) -> Attr<BTreeSet<String>> {
    let arns = match permissions {
        Attr::Unknown => return Attr::Unknown,
        Attr::Null => return Attr::Known(BTreeSet::new()),
        Attr::Known(permissions) => &permissions.managed_policy_arns,
    };
    match arns {
        Attr::Unknown => Attr::Unknown,
        Attr::Null => Attr::Known(BTreeSet::new()),
        Attr::Known(arns) if arns.0.iter().any(Attr::is_unknown) => Attr::Unknown,
        Attr::Known(arns) => Attr::Known(arns.0.iter().filter_map(Attr::known).cloned().collect()),
    }
}

/// Attached policies as the plan shows them: by name, a JSON object that tells the policy's ARN. Two policies
/// of one name (in different paths, or AWS's and the account's own) go by their ARN.
pub fn managed_policies(arns: &BTreeSet<String>) -> Map<String> {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for arn in arns {
        *by_name.entry(name_of(arn)).or_default() += 1;
    }
    let entry = |arn: &String| {
        let name = name_of(arn);
        let key = if by_name.get(name) == Some(&1) { name } else { arn.as_str() };
        (key.to_owned(), Attr::Known(json!({ "PolicyArn": arn }).to_string()))
    };
    arns.iter().map(entry).collect()
}

/// The ARNs that [`managed_policies`] shows.
pub fn shown_arns(managed_policies: &Map<String>) -> BTreeSet<String> {
    let arn = |text: &String| {
        let shown: serde_json::Value = serde_json::from_str(text).ok()?;
        shown.get("PolicyArn")?.as_str().map(str::to_owned)
    };
    managed_policies.values().filter_map(|text| arn(text.known()?)).collect()
}

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
    read_back(&inline, &attached)
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

fn name_of(arn: &str) -> &str {
    Arn::parse(arn).ok().and_then(|_| arn.rsplit('/').next()).unwrap_or(arn)
}

#[cfg(test)]
mod tests;

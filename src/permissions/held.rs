//! The policies that a role will hold, packed for IAM's quotas.
//!
//! Owns where statements go: inline first, what does not fit into customer-managed policies that the role owns, and
//! shortened by wildcards only if the names themselves do not fit. Never drops a statement.

use super::generated::{Generated, generated};
use super::spelling::without_policies;
use super::{Holder, Permissions, base, compact, texts};
use crate::task::Task;
use iam_policy::{
    Document, Kind, Limits, Scope, Statement, Wildcards, expand, fits, merge, minify_with, pack, parse,
    quota, size,
};
use std::collections::{BTreeMap, BTreeSet};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Map, Shape};

/// The inline policy of what users said without writing a policy.
pub const GENERATED: &str = "deployrunner";

/// What a role will hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Inline policies: compact JSON by name. A policy that is not known yet is unknown by itself.
    pub inline: Attr<Map<String>>,
    /// ARNs of the managed policies to attach that somebody else owns.
    pub attached: Attr<BTreeSet<String>>,
    /// Customer-managed policies of the role's own: compact JSON by name.
    pub owned: Attr<BTreeMap<String, String>>,
    /// What a reader of the plan should know, a sentence each.
    pub summary: Attr<List<String>>,
}

impl Held {
    fn unknown() -> Self {
        Self { inline: Attr::Unknown, attached: Attr::Unknown, owned: Attr::Unknown, summary: Attr::Unknown }
    }

    /// Only what the user wrote.
    fn written(permissions: &Permissions) -> Self {
        Self {
            inline: inline(permissions),
            attached: attached(permissions),
            owned: Attr::Known(BTreeMap::new()),
            summary: Attr::Known(List::new()),
        }
    }
}

/// What a role of this task will hold; unknown while that depends on something unknown, a holder among it.
///
/// # Errors
/// Something that was named comes to nothing or cannot be given, or it does not fit into IAM's quotas.
pub fn held(
    permissions: &Attr<Permissions>,
    task: Option<Task>,
    holder: Option<&Holder<'_>>,
    path: &Path,
) -> Result<Held, Diagnostics> {
    let nothing = Permissions::default();
    let permissions = match permissions {
        Attr::Unknown => return Ok(Held::unknown()),
        Attr::Null => &nothing,
        Attr::Known(permissions) => permissions,
    };
    let Some(task) = task else { return Ok(Held::unknown()) };
    if !generates(permissions, task) {
        return Ok(Held::written(permissions));
    }
    let (Some(holder), true) = (holder, is_told(permissions)) else { return Ok(Held::unknown()) };
    let generated = generated(permissions, task, holder, path)?;
    let written = Held::written(permissions);
    let (Some(mut inline), Some(mut attached)) =
        (all_known(&written.inline), written.attached.clone().into_known())
    else {
        return Ok(Held { summary: Attr::Known(list(generated.summary)), ..Held::unknown() });
    };
    attached.extend(generated.attached.iter().cloned());
    let room = Room {
        inline: quota::INLINE_POLICIES_PER_ROLE.saturating_sub(inline.values().map(|text| size(text)).sum()),
        policies: quota::MANAGED_POLICIES_PER_ROLE.saturating_sub(attached.len()),
    };
    let mut summary = generated.summary.clone();
    let packed = packed(&generated, room, &mut summary).map_err(|detail| {
        Diagnostic::error("The permissions do not fit into IAM's quotas", detail).at(path.clone())
    })?;
    packed.check(path)?;
    inline.extend(packed.inline.map(|document| (GENERATED.to_owned(), document.to_json())));
    Ok(Held {
        inline: Attr::Known(inline.into_iter().map(|(name, text)| (name, Attr::Known(text))).collect()),
        attached: Attr::Known(attached),
        owned: match (holder.name, packed.owned.is_empty()) {
            (_, true) => Attr::Known(BTreeMap::new()),
            (Some(name), false) => Attr::Known(named(name, &packed.owned)),
            (None, false) => Attr::Unknown,
        },
        summary: Attr::Known(list(summary)),
    })
}

/// What permissions come to as one document, policies that the user wrote among it, and what a reader of the plan should
/// know; for grants that are not packed. Unknown while any of it is.
///
/// # Errors
/// As [`held`], quotas excepted; or the policies cannot stand in one document.
pub fn document(
    permissions: &Permissions,
    task: Task,
    holder: &Holder<'_>,
    path: &Path,
) -> Result<Attr<(Document, Vec<String>)>, Diagnostics> {
    if !permissions.encode().is_wholly_known() {
        return Ok(Attr::Unknown);
    }
    let Generated { stacks, rest, summary, .. } = generated(permissions, task, holder, path)?;
    let written = all_known(&inline(permissions)).unwrap_or_default();
    let written = written.values().filter_map(|text| parse(text, Kind::Identity).ok());
    let generated = Document::new([rest, stacks].concat());
    let all: Vec<Document> = written.chain(std::iter::once(generated)).collect();
    let merged = merge(&all).map_err(|error| {
        let detail = format!("These policies cannot stand in one document: {error}.");
        Diagnostic::error("The policies do not go together", detail).at(path.join("inline_policies"))
    })?;
    Ok(Attr::Known((merged, summary)))
}

/// Whether anything but the user's own policies comes of these permissions.
fn generates(permissions: &Permissions, task: Task) -> bool {
    let base = task == Task::TerraformPlanner && base::is_read_only(permissions);
    base || without_policies(permissions)
        != Permissions { base: permissions.base.clone(), ..Permissions::default() }
}

/// Whether everything is known but the user's own policies.
pub fn is_told(permissions: &Permissions) -> bool {
    without_policies(permissions).encode().is_wholly_known()
}

/// What is left of IAM's quotas.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// Characters of inline policies.
    inline: usize,
    /// Managed policies.
    policies: usize,
}

#[derive(Default)]
struct Packed {
    inline: Option<Document>,
    owned: Vec<Document>,
}

impl Packed {
    /// Refuses what IAM would refuse, which the checks of the arguments should have done.
    fn check(&self, path: &Path) -> Result<(), Diagnostics> {
        for document in self.inline.iter().chain(&self.owned) {
            document.check(Kind::Identity).map_err(|error| {
                let detail = format!("IAM would refuse the policy that the permissions come to: {error}.");
                Diagnostic::error("Invalid permissions", detail).at(path.clone())
            })?;
        }
        Ok(())
    }
}

/// The statements in policies: whole and inline; else what grows with the stacks in policies of its own, its actions by
/// name; else shortened by wildcards.
fn packed(generated: &Generated, room: Room, summary: &mut Vec<String>) -> Result<Packed, String> {
    let all = [generated.rest.as_slice(), generated.stacks.as_slice()].concat();
    if all.is_empty() {
        return Ok(Packed::default());
    }
    if let Ok(packed) = spread(&generated.rest, &generated.stacks, room) {
        return Ok(packed);
    }
    let (rest, stacks) = (shorten(&generated.rest), shorten(&generated.stacks));
    summary.push(
        "The names of the actions do not fit into IAM's quotas, so wildcards stand for whole words of names. They match \
         the same actions of the catalogue, and what AWS adds later under such names."
            .to_owned(),
    );
    spread(&rest, &stacks, room).map_err(|error| {
        format!(
            "Even shortened by wildcards, {error}. There is room for {} characters in inline policies and for {} managed \
             policies of {} characters. Name fewer services or resource types, limit them, or give the stacks a role each.",
            room.inline,
            room.policies,
            quota::MANAGED_POLICY
        )
    })
}

/// The statements with wildcards for whole words of names; as they are if they cannot be shortened.
fn shorten(statements: &[Statement]) -> Vec<Statement> {
    let shorter = minify_with(&Document::new(statements.iter().cloned()), Wildcards::Words);
    let Ok(shorter) = shorter else { return statements.to_vec() };
    let mut shorter = shorter.statements.into_vec();
    for statement in &mut shorter {
        if let Scope::Only(names) = &statement.actions {
            statement.actions = Scope::Only(names.iter().flat_map(|name| with_its_verb(name)).collect());
        }
    }
    shorter
}

/// A pattern whose first word is a wildcard, as the names that it stands for: what AWS adds under `s3:*Object` may delete.
/// In IAM and STS every pattern is written out.
fn with_its_verb(pattern: &str) -> Vec<String> {
    let (service, name) = pattern.split_once(':').unwrap_or((pattern, ""));
    let is_open =
        name.starts_with(['*', '?']) || (matches!(service, "iam" | "sts") && name.contains(['*', '?']));
    match is_open.then(|| expand(pattern)) {
        Some(Ok(actions)) => actions.into_iter().map(ToString::to_string).collect(),
        _ => vec![pattern.to_owned()],
    }
}

/// All in one inline policy, or the stacks in policies of their own.
fn spread(rest: &[Statement], stacks: &[Statement], room: Room) -> Result<Packed, iam_policy::PackError> {
    let document = |statements: &[Statement]| Document::new(statements.iter().cloned());
    let whole = document(&[rest, stacks].concat());
    if fits(&whole, room.inline) {
        return Ok(Packed { inline: Some(whole), owned: Vec::new() });
    }
    let limits = Limits { documents: room.policies, ..Limits::MANAGED };
    let inline = document(rest);
    if fits(&inline, room.inline) {
        let inline = Some(inline).filter(|_| !rest.is_empty());
        return Ok(Packed { inline, owned: pack(&document(stacks), limits)? });
    }
    Ok(Packed { inline: None, owned: pack(&whole, limits)? })
}

/// Names for the policies of a role: each after the first service in it, so that a change elsewhere leaves it its name.
fn named(role: &str, documents: &[Document]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for document in documents {
        let actions = document.statements.iter().flat_map(|statement| statement.actions.inner().as_slice());
        let services = actions.filter_map(|action| action.split(':').next());
        let service = services.min().unwrap_or_default().replace('*', "all");
        let candidates = std::iter::once(format!("{role}-{service}"))
            .chain((2..).map(|number| format!("{role}-{service}-{number}")));
        let name = candidates.into_iter().find(|name| !names.contains_key(name)).unwrap_or_default();
        names.insert(name, document.to_json());
    }
    names
}

/// The inline policies that the user wrote, as they are sent: compact.
fn inline(permissions: &Permissions) -> Attr<Map<String>> {
    match &permissions.inline_policies {
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

/// The ARNs that the user wrote. Unknown while any of them is.
fn attached(permissions: &Permissions) -> Attr<BTreeSet<String>> {
    match &permissions.managed_policy_arns {
        Attr::Unknown => Attr::Unknown,
        Attr::Known(arns) if arns.0.iter().any(Attr::is_unknown) => Attr::Unknown,
        arns => Attr::Known(texts(arns).into_iter().collect()),
    }
}

fn all_known(policies: &Attr<Map<String>>) -> Option<BTreeMap<String, String>> {
    let pairs = policies.known()?.iter();
    pairs.map(|(name, text)| Some((name.clone(), text.known()?.clone()))).collect()
}

fn list(sentences: Vec<String>) -> List<String> {
    sentences.into_iter().map(Attr::Known).collect()
}

#[cfg(test)]
mod tests;

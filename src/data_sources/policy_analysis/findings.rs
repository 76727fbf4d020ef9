//! Findings as Terraform shows them.
//!
//! Owns their attributes. Never finds anything.

use iam_policy::analyze::{self, Grant};
use iam_policy::{Effect, Scope, catalog};
use tfplug::object;
use tfplug::schema::{Attr, List, computed};

object! {
    /// A name that matches nothing in the catalogue.
    pub(super) struct UnknownAction {
        /// The action or pattern, as written.
        action: String = computed(),
        /// The action that was probably meant; null if none is near.
        nearest: String = computed(),
        /// `Allow` or `Deny`: an unknown name may allow anything, and does not deny what was meant.
        effect: String = computed(),
        /// The finding as a sentence, with its statement and the catalogue's date.
        reason: String = computed(),
    }
}

object! {
    /// An allowed action by which secrets can be read.
    pub(super) struct Secret {
        /// The action.
        action: String = computed(),
        /// `credential`, if the answer is a secret; `configuration`, if people keep secrets in such; `content`, if it is what a data store or a log holds.
        tier: String = computed(),
        /// What is read, and by which statement, as a sentence.
        reason: String = computed(),
        /// The resources of that statement on which the action is allowed, as written; with `NotResource`, `*`.
        resources: List<String> = computed(),
        /// One resource on which it surely is allowed; null if that could not be told.
        witness_resource: String = computed(),
    }
}

object! {
    /// Actions that together lead to more power.
    pub(super) struct EscalationPath {
        /// The path's name, which stays.
        id: String = computed(),
        /// What kind of path it is, such as `new-passrole`.
        kind: String = computed(),
        /// The actions, all of which are allowed.
        actions: List<String> = computed(),
        /// Why they lead to more power, and which statements allow them, as a sentence.
        reason: String = computed(),
        /// Whether all of them are surely allowed.
        certain: bool = computed(),
    }
}

object! {
    /// An action in a statement that says nothing of it.
    pub(super) struct IneffectiveScope {
        /// The action or pattern, as written.
        action: String = computed(),
        /// `Allow` or `Deny`: such an allow allows nothing, and such a deny does not protect.
        effect: String = computed(),
        /// The statement's resources, as written.
        resources: List<String> = computed(),
        /// The types of resources that the action is done to; none if it needs `"*"`.
        resource_types: List<String> = computed(),
        /// The finding as a sentence, with its statement and what to write.
        reason: String = computed(),
    }
}

object! {
    /// An AWS-managed policy as it was judged.
    pub(super) struct ManagedPolicy {
        /// Its ARN.
        arn: String = computed(),
        /// Its version, such as `v190`.
        version: String = computed(),
        /// The day on which AWS made that version the default (`YYYY-MM-DD`).
        date: String = computed(),
    }
}

/// Findings, each as its object.
pub(super) fn list<'a, F, T: From<&'a F>>(findings: &'a [F]) -> Attr<List<T>> {
    Attr::Known(findings.iter().map(|finding| Attr::Known(T::from(finding))).collect())
}

impl From<&analyze::UnknownName> for UnknownAction {
    fn from(found: &analyze::UnknownName) -> Self {
        Self {
            action: Attr::Known(found.name.name.clone()),
            nearest: found.name.nearest.clone().into(),
            effect: effect(found.effect),
            reason: sentence(found),
        }
    }
}

impl From<&analyze::Secret> for Secret {
    fn from(found: &analyze::Secret) -> Self {
        let witness = found.grants.iter().find_map(|grant| grant.witness.as_ref());
        Self {
            action: Attr::Known(found.action.to_owned()),
            tier: Attr::Known(found.tier.as_str().to_owned()),
            reason: sentence(found),
            resources: texts(resources(&found.grants)),
            witness_resource: witness.map(|request| request.resource().to_owned()).into(),
        }
    }
}

impl From<&analyze::Escalation> for EscalationPath {
    fn from(found: &analyze::Escalation) -> Self {
        Self {
            id: Attr::Known(found.path.id.to_owned()),
            kind: Attr::Known(found.path.kind.as_str().to_owned()),
            actions: texts(found.path.actions.iter().map(|action| (*action).to_owned()).collect()),
            reason: sentence(found),
            certain: Attr::Known(found.is_certain()),
        }
    }
}

impl From<&analyze::IneffectiveScope> for IneffectiveScope {
    fn from(found: &analyze::IneffectiveScope) -> Self {
        Self {
            action: Attr::Known(found.action.clone()),
            effect: effect(found.effect),
            resources: texts(found.resources.clone()),
            resource_types: texts(found.takes.iter().map(|name| (*name).to_owned()).collect()),
            reason: sentence(found),
        }
    }
}

impl From<&&'static catalog::ManagedPolicy> for ManagedPolicy {
    fn from(policy: &&'static catalog::ManagedPolicy) -> Self {
        Self {
            arn: Attr::Known(policy.arn()),
            version: Attr::Known(policy.version().to_owned()),
            date: Attr::Known(policy.date().to_owned()),
        }
    }
}

/// The resources of all ways by which an action is allowed, each once.
fn resources(grants: &[Grant]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for grant in grants {
        match &grant.resources {
            Scope::Only(resources) => all.extend(resources.iter().cloned()),
            Scope::Except(_) => all.push("*".to_owned()),
        }
    }
    all.sort();
    all.dedup();
    all
}

fn effect(effect: Effect) -> Attr<String> {
    Attr::Known(effect.as_str().to_owned())
}

fn sentence(finding: &impl std::fmt::Display) -> Attr<String> {
    Attr::Known(format!("{finding}."))
}

fn texts(texts: Vec<String>) -> Attr<List<String>> {
    Attr::Known(texts.into_iter().map(Attr::Known).collect())
}

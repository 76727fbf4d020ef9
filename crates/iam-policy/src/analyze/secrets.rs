//! Actions that hand out credentials, secrets or stored content.
//!
//! Owns the findings; which actions do so, and why, is in `catalog::secrets`.

use crate::{
    PolicySet,
    catalog::secrets::{self, Tier},
};

use super::{Grant, Subject, grant::grants};

/// An action by which a role can read something secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Such as `secretsmanager:GetSecretValue`.
    pub action: &'static str,
    /// How directly the answer is the secret.
    pub tier: Tier,
    /// What the answer reveals: a phrase without a verb.
    pub reveals: &'static str,
    /// The statements that allow it, surest first; at least one.
    pub grants: Vec<Grant>,
}

/// Every secret that can be read where it is not accepted.
#[must_use]
pub fn secrets(policies: &PolicySet, subject: &Subject) -> Vec<Secret> {
    let found = secrets::all().iter().filter_map(|secret| {
        let grants = grants(policies, subject, secret.action);
        (!grants.is_empty()).then_some(Secret {
            action: secret.action,
            tier: secret.tier,
            reveals: secret.reveals,
            grants,
        })
    });
    found.collect()
}

//! Ways from the power that a role was given to more.
//!
//! Owns the findings; which actions together are such a way, and why, is in `catalog::escalation`.

use crate::{
    PolicySet,
    catalog::escalation::{self, Path},
};

use super::{
    Grant, Subject,
    grant::{grants, grants_given},
    pass_role,
};

/// A way to more power, all of whose actions are possible.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// The way.
    pub path: &'static Path,
    /// Its actions, each with what allows it.
    pub steps: Vec<Step>,
}

/// One action of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Such as `iam:PassRole`.
    pub action: &'static str,
    /// The statements that allow it, surest first; at least one. Those of `iam:PassRole` name the roles that can be
    /// passed, for [`Grant::resources`] are the resources of the statement.
    pub grants: Vec<Grant>,
}

impl Escalation {
    /// Whether every action is surely possible.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.steps.iter().all(|step| step.grants.first().is_some_and(Grant::is_certain))
    }

    /// The step that passes a role, if this way has one.
    #[must_use]
    pub fn pass_role(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.action == pass_role::ACTION)
    }
}

/// Every way of the catalogue all of whose actions are possible where the subject does not accept them.
#[must_use]
pub fn escalations(policies: &PolicySet, subject: &Subject) -> Vec<Escalation> {
    escalation::paths().iter().filter_map(|path| escalate(policies, subject, path)).collect()
}

/// One way, if all of its actions are possible where the subject does not accept them.
#[must_use]
pub fn escalate(policies: &PolicySet, subject: &Subject, path: &'static Path) -> Option<Escalation> {
    let steps = path.actions.iter().map(|action| step(policies, subject, (path, action)));
    Some(Escalation { path, steps: steps.collect::<Option<Vec<Step>>>()? })
}

/// An action of a way with what allows it; `None` if nothing does.
fn step(policies: &PolicySet, subject: &Subject, (path, action): (&Path, &'static str)) -> Option<Step> {
    let services = if action == pass_role::ACTION { pass_role::services(&path.actions) } else { &[] };
    let grants = if services.is_empty() {
        grants(policies, subject, action)
    } else {
        let to = |service: &&str| grants_given(policies, subject, action, ("iam:PassedToService", service));
        let mut ways: Vec<Vec<Grant>> = services.iter().map(to).filter(|grants| !grants.is_empty()).collect();
        ways.sort_by_key(|grants| !grants.first().is_some_and(Grant::is_certain));
        ways.into_iter().next().unwrap_or_default()
    };
    (!grants.is_empty()).then_some(Step { action, grants })
}

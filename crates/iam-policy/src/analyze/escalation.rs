//! Ways from the power that a role was given to more.
//!
//! Owns the findings; which actions together are such a way, and why, is in `catalog::escalation`.

use std::collections::HashMap;

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
    let mut asked = Asked { policies, subject, answers: HashMap::new() };
    escalation::paths().iter().filter_map(|path| asked.escalate(path)).collect()
}

/// One way, if all of its actions are possible where the subject does not accept them.
#[must_use]
pub fn escalate(policies: &PolicySet, subject: &Subject, path: &'static Path) -> Option<Escalation> {
    Asked { policies, subject, answers: HashMap::new() }.escalate(path)
}

/// Remembers what was asked: many ways share an action.
struct Asked<'a> {
    policies: &'a PolicySet,
    subject: &'a Subject,
    /// By action and the service that a role is passed to.
    answers: HashMap<(&'static str, Option<&'static str>), Vec<Grant>>,
}

impl Asked<'_> {
    fn escalate(&mut self, path: &'static Path) -> Option<Escalation> {
        let steps = path.actions.iter().map(|action| self.step(path, action));
        Some(Escalation { path, steps: steps.collect::<Option<Vec<Step>>>()? })
    }

    /// An action of a way with what allows it; `None` if nothing does.
    fn step(&mut self, path: &Path, action: &'static str) -> Option<Step> {
        let services = if action == pass_role::ACTION { pass_role::services(&path.actions) } else { &[] };
        let mut ways: Vec<Vec<Grant>> = match services {
            [] => vec![self.grants(action, None)],
            services => services.iter().map(|service| self.grants(action, Some(service))).collect(),
        };
        ways.sort_by_key(|grants| !grants.first().is_some_and(Grant::is_certain));
        let grants = ways.into_iter().find(|grants| !grants.is_empty())?;
        Some(Step { action, grants })
    }

    fn grants(&mut self, action: &'static str, service: Option<&'static str>) -> Vec<Grant> {
        let (policies, subject) = (self.policies, self.subject);
        let answer = self.answers.entry((action, service)).or_insert_with(|| match service {
            Some(service) => grants_given(policies, subject, action, ("iam:PassedToService", service)),
            None => grants(policies, subject, action),
        });
        answer.clone()
    }
}

//! What one role can do that somebody should know: how far it reaches, which secrets it can read, how it could become
//! more, and which of its statements say nothing.
//!
//! Owns the findings. Never decides a request: `possible` and `evaluate` do, and every finding carries a request that
//! they allow, or says that they could not tell.

mod access;
mod escalation;
mod grant;
mod names;
mod pass_role;
mod print;
mod quota_use;
mod reach;
mod roles;
mod scope;
mod secrets;

use crate::{Allowance, Caller, Context, Pattern, PolicySet, Question};

pub use access::{Access, access};
pub use escalation::{Escalation, Step, escalate, escalations};
pub use grant::{Grant, Source, grants};
pub use names::{OpenName, UnknownName, open_names, unknown_names};
pub use quota_use::{Attachment, QuotaUse, quota_use};
pub use roles::{Chain, How, Role, RoleAnalysis, Takeover, analyze_roles};
pub use scope::{IneffectiveScope, ineffective_scopes};
pub use secrets::{Secret, secrets};

/// Analyzes the policies of one role, in every respect; each has a function of its own as well.
///
/// Findings are sound: an action that is not found is one that these policies allow on no resource and in no
/// context, save on the resources that `subject` [accepts](Subject::accept). What cannot be told is found, and says
/// so by having no witness. An action counts as allowed on a resource only if that can be of a type that the catalogue
/// has for the action: who may do everything in a bucket reads no secrets.
#[must_use]
pub fn analyze(policies: &PolicySet, subject: &Subject) -> Analysis {
    Analysis {
        access: access(policies, subject),
        secrets: secrets(policies, subject),
        escalations: escalations(policies, subject),
        unknown_names: unknown_names(policies),
        open_names: open_names(policies),
        ineffective_scopes: ineffective_scopes(policies),
    }
}

/// Who is analyzed, and what of it is known and accepted.
#[derive(Clone, Debug)]
pub struct Subject {
    caller: Caller,
    context: Context,
    accepted: Vec<(String, String)>,
    allowance: Option<Allowance>,
}

impl Subject {
    /// Whoever makes the requests. Where the role's ARN is not known yet, that of any role in an account of one's own
    /// will do; of [`Caller::Unknown`] nothing can be told for certain.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, context: Context::partial(), accepted: Vec::new(), allowance: None }
    }

    /// Fixes what is known of every request's condition keys. Nothing is, unless this is called.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Accepts an action on a resource, both patterns: `s3:GetObject` on `arn:aws:s3:::state/app/*`. Secrets and
    /// escalations are then found only where the action is possible on something else. Access is reported whole.
    #[must_use]
    pub fn accept(mut self, action: impl Into<String>, resource: impl Into<String>) -> Self {
        self.accepted.push((action.into(), resource.into()));
        self
    }

    /// Spends no more than is left of this allowance on all answers together; what is asked when nothing is left cannot
    /// be told. Without one, each answer has its own.
    #[must_use]
    pub fn allowance(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    /// The question whether the action is possible at all.
    fn question(&self, action: &str) -> Question {
        let question = Question::new(self.caller.clone(), action).context(self.context.clone());
        match &self.allowance {
            Some(allowance) => question.allowance(allowance.clone()),
            None => question,
        }
    }

    /// The question whether the action is possible where it is not accepted.
    fn open_question(&self, action: &str) -> Question {
        let accepts = |pattern: &str| Pattern::new(pattern).to_lowercase().matches_ignoring_case(action);
        let accepted = self.accepted.iter().filter(|(pattern, _)| accepts(pattern));
        accepted
            .fold(self.question(action), |question, (_, resource)| question.outside(Pattern::new(resource)))
    }
}

/// What was found about one role. Every finding prints as a sentence without its full stop.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The actions that are possible.
    pub access: Access,
    /// Actions by which the role can read credentials, secrets or stored content.
    pub secrets: Vec<Secret>,
    /// Ways by which the role could get more power than it was given.
    pub escalations: Vec<Escalation>,
    /// Names and patterns that the catalogue does not know, in allows and denies.
    pub unknown_names: Vec<UnknownName>,
    /// What allows actions that do not exist yet: wildcards and `NotAction`.
    pub open_names: Vec<OpenName>,
    /// Actions on resources that they cannot be limited to.
    pub ineffective_scopes: Vec<IneffectiveScope>,
}

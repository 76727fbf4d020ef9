//! Can it ever: is there any resource and any context in which these policies allow an action?
//!
//! Owns the symbolic question. Never says no without a proof, nor yes without a request that `evaluate` allows.

mod attempt;
mod circumstance;
mod region;
mod shape;
mod situation;

use crate::{Caller, Context, Pattern, PolicySet, Request};

use attempt::Attempt;
use situation::Situation;

/// How many requests are put to `evaluate` for one question.
const MOST_REQUESTS: usize = 8_192;

/// Whether somebody could ever do something.
#[derive(Clone, Debug)]
pub struct Question {
    caller: Caller,
    action: String,
    within: Option<Pattern>,
    outside: Vec<Pattern>,
    context: Context,
}

impl Question {
    /// Whether `caller` could ever do `action`, on any resource and in any context.
    ///
    /// `action` is one action, such as `s3:GetObject`, and no pattern.
    pub fn new(caller: Caller, action: impl Into<String>) -> Self {
        Self { caller, action: action.into(), within: None, outside: Vec::new(), context: Context::partial() }
    }

    /// Asks only for resources that match.
    #[must_use]
    pub fn within(mut self, resources: Pattern) -> Self {
        self.within = Some(resources);
        self
    }

    /// Asks only for resources that do not match; may be said several times.
    #[must_use]
    pub fn outside(mut self, resources: Pattern) -> Self {
        self.outside.push(resources);
        self
    }

    /// Asks only for contexts that agree with this one: keys that it knows stay, all others are free.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    fn request(&self, resource: &str, context: Context) -> Request {
        Request::new(self.caller.clone(), self.action.clone(), resource, context)
    }

    /// Whether a resource is one that is asked for.
    fn asks_for(&self, resource: &str) -> bool {
        self.within.as_ref().is_none_or(|within| within.matches(resource))
            && !self.outside.iter().any(|outside| outside.matches(resource))
    }
}

/// Whether something could ever be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Possible {
    /// It is: this request is allowed.
    Yes(Request),
    /// No request was found that is allowed, and no proof that there is none.
    Maybe,
    /// It is never allowed. This is a proof.
    No,
}

/// Answers a question about what a set of policies could ever allow.
///
/// Looks for a resource that an allowing statement of each layer covers and no denying one does, then for condition
/// keys under which the allows hold and the denies do not, and asks [`evaluate()`](crate::evaluate()) of what it found. Says
/// [`Possible::No`] when no statement can allow the action, or when denies that hold in any context cover every resource
/// of those that do; conditions that contradict each other give [`Possible::Maybe`].
///
/// Where the catalog knows what kinds of resources the action takes, the witness is of such a kind if one is allowed.
/// The resource `*` stands for no resource.
#[must_use]
pub fn possible(policies: &PolicySet, question: &Question) -> Possible {
    let situation = Situation::new(policies, question);
    let mut left = MOST_REQUESTS;
    for combination in &situation.combinations {
        if let Some(witness) = Attempt::new(&situation, combination).witness(&mut left) {
            return Possible::Yes(witness);
        }
    }
    if situation.is_impossible() { Possible::No } else { Possible::Maybe }
}

#[cfg(test)]
mod tests;

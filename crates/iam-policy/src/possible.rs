//! Can it ever: is there any resource and any context in which these policies allow an action?
//!
//! Owns the symbolic question. Never says no without a proof, nor yes without a request that `evaluate` allows.

mod allowance;
mod attempt;
mod circumstance;
mod region;
mod shape;
mod situation;

use crate::{Caller, Context, Outcome, Pattern, PolicySet, Request, evaluate};

pub use allowance::Allowance;
use attempt::Attempt;
use situation::Situation;

const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

/// Places of patterns that are looked at for one answer at most; once for a witness, and once for a proof.
const EFFORT: usize = 400_000;

/// Requests that are put to `evaluate` for one answer at most.
const REQUESTS: usize = 4_096;

/// As how many places a request counts: `evaluate` looks at every statement.
const PLACES_OF_A_REQUEST: usize = 50;

/// What may still be spent on one question.
struct Left {
    /// Requests put to `evaluate`.
    requests: usize,
    /// Places of patterns looked at in searches.
    effort: usize,
}

/// Whether somebody could ever do something.
#[derive(Clone, Debug)]
pub struct Question {
    caller: Caller,
    action: String,
    within: Option<Pattern>,
    outside: Vec<Pattern>,
    context: Context,
    allowance: Option<Allowance>,
}

impl Question {
    /// Whether `caller` could ever do `action`, on any resource and in any context.
    ///
    /// `action` is one action, such as `s3:GetObject`, and no pattern.
    pub fn new(caller: Caller, action: impl Into<String>) -> Self {
        Self {
            caller,
            action: action.into(),
            within: None,
            outside: Vec::new(),
            context: Context::partial(),
            allowance: None,
        }
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

    /// Spends no more than is left of this allowance, which other questions may share. Without one, each question has
    /// its own.
    #[must_use]
    pub fn allowance(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    fn take(&self, most: usize) -> usize {
        self.allowance.as_ref().map_or(most, |allowance| allowance.take(most))
    }

    fn give_back(&self, rest: usize) {
        if let Some(allowance) = &self.allowance {
            allowance.give_back(rest);
        }
    }

    /// Whether no resource is left out.
    pub(crate) fn is_about_all(&self) -> bool {
        self.within.is_none() && self.outside.is_empty()
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
/// Where the catalog knows what kinds of resources the action takes, the witness is of such a kind, in the caller's
/// partition; where only other resources would be allowed, the answer is [`Possible::Maybe`]. The resource `*` stands for
/// no resource. A search that takes too long ends in [`Possible::Maybe`]; so does one for which no allowance is left.
#[must_use]
pub fn possible(policies: &PolicySet, question: &Question) -> Possible {
    if question.allowance.as_ref().is_some_and(|allowance| allowance.left() == 0) {
        return Possible::Maybe;
    }
    let situation = Situation::new(policies, question);
    let effort = question.take(EFFORT);
    let for_requests = question.take(REQUESTS * PLACES_OF_A_REQUEST);
    let mut left = Left { requests: for_requests / PLACES_OF_A_REQUEST, effort };
    let mut attempts = situation.combinations.iter().map(|combination| Attempt::new(&situation, combination));
    let witness = attempts.find_map(|attempt| attempt.witness(&mut left));
    let broken = for_requests % PLACES_OF_A_REQUEST;
    question.give_back(left.requests * PLACES_OF_A_REQUEST + broken + left.effort);
    if let Some(witness) = witness {
        return Possible::Yes(witness);
    }
    // A proof has its own share, so that an expensive search for a witness does not take it away.
    let mut effort = question.take(EFFORT);
    let is_impossible = situation.is_impossible(&mut effort);
    question.give_back(effort);
    if is_impossible && !is_open(policies, question) { Possible::No } else { Possible::Maybe }
}

/// Whether the statements alone do not settle it: `evaluate` does not deny even a request of which nothing more is known.
fn is_open(policies: &PolicySet, question: &Question) -> bool {
    let request = question.request("*", question.context.clone());
    question.asks_for("*") && evaluate(policies, &request).outcome != Outcome::Denied
}

#[cfg(test)]
mod tests;

//! An answer on the way to a decision, and what it rests on.
//!
//! Owns how answers combine without losing their reason. Never decides.

use std::sync::Arc;

use crate::{
    Layer, Truth,
    decision::{Cause, Decision, Outcome, Place, Reason},
};

/// A three-valued answer with its reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding<'a> {
    pub(super) truth: Truth,
    pub(super) cause: Cause,
    pub(super) place: Option<&'a Arc<Place>>,
}

impl<'a> Finding<'a> {
    /// No statement of a layer says so.
    pub(super) fn nothing(layer: Layer) -> Self {
        Self { truth: Truth::False, cause: Cause::NoAllow(layer), place: None }
    }

    /// Nothing stands in the way; a reason only where there is no other.
    pub(super) fn free(cause: Cause) -> Self {
        Self { truth: Truth::True, cause, place: None }
    }

    pub(super) fn unknown(cause: Cause, place: Option<&'a Arc<Place>>) -> Self {
        Self { truth: Truth::Unknown, cause, place }
    }

    /// Both: the weaker of the two, this one if they are equal.
    pub(super) fn and(self, other: Self) -> Self {
        if other.truth < self.truth { other } else { self }
    }

    /// At least one: the stronger of the two, this one if they are equal.
    pub(super) fn or(self, other: Self) -> Self {
        if other.truth > self.truth { other } else { self }
    }

    /// The answer if both agree, and unknown for want of the account if they do not.
    pub(super) fn either(self, other: Self) -> Self {
        match (self.truth, other.truth) {
            (a, b) if a == b => self,
            (Truth::Unknown, _) => self,
            (_, Truth::Unknown) => other,
            _ => Self::unknown(Cause::Account, None),
        }
    }

    pub(super) fn decide(self, outcome: Outcome) -> Decision {
        Decision { outcome, reason: Reason { cause: self.cause, place: self.place.cloned() } }
    }
}

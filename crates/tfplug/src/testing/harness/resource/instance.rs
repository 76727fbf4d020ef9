//! What a host holds of a resource: objects in its state, plans, and what failed.

use super::super::shown;
use crate::context::Private;
use crate::diagnostics::{Deferral, Diagnostics};
use crate::path::Path;
use crate::value::Value;
use serde_json::Value as Json;

/// An object in a host's state.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// Its state.
    pub state: Value,
    /// What tells it from every other, if the resource has an identity.
    pub identity: Option<Value>,
    /// What the provider warned of when it gave this state.
    pub warnings: Diagnostics,
    /// Why the provider put off what was asked, if it did.
    pub deferred: Option<Deferral>,
    pub(super) private: Vec<u8>,
}

impl Instance {
    /// An object in this state, as an earlier run would have left it.
    pub fn stored(state: Value) -> Self {
        Self { state, ..Self::default() }
    }

    /// The state as JSON.
    pub fn json(&self) -> Json {
        shown(&self.state)
    }

    /// The identity as JSON; null if there is none.
    pub fn identity(&self) -> Json {
        self.identity.as_ref().map_or(Json::Null, shown)
    }

    /// The provider's own data beside the state.
    pub fn private(&self) -> Private {
        serde_json::from_slice(&self.private).unwrap_or_default()
    }
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// A new object.
    Create,
    /// A change in place.
    Update,
    /// The old object goes, a new one comes.
    Replace,
    /// The object goes.
    Destroy,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it comes to.
    pub change: Change,
    /// The object as planned; null if it is to go.
    pub planned: Value,
    /// The identity as planned, as far as it is known.
    pub identity: Option<Value>,
    /// Which changes make a new object.
    pub replace: Vec<Path>,
    /// What the provider warned of.
    pub warnings: Diagnostics,
    /// Why the provider put the change off, if it did.
    pub deferred: Option<Deferral>,
    pub(super) config: Value,
    pub(super) prior: Option<Instance>,
    pub(super) private: Vec<u8>,
}

impl Plan {
    /// The planned object as JSON.
    pub fn json(&self) -> Json {
        shown(&self.planned)
    }

    /// The provider's own data beside the plan.
    pub fn private(&self) -> Private {
        serde_json::from_slice(&self.private).unwrap_or_default()
    }
}

/// A failed change.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Why.
    pub diagnostics: Diagnostics,
    /// What the host keeps in its state.
    pub kept: Option<Instance>,
}

//! What a managed resource is: one trait, a request type for each operation.
//!
//! Operations take the context and a request, and answer with a result. What a host may leave out has a
//! default here.

use crate::context::Context;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Object, Schema};
use serde_json::Value as Json;
use std::future::{Future, ready};

/// A managed resource.
pub trait Resource: Send + Sync + 'static {
    /// Its name without the provider's: `task_role` for `deployrunner_task_role`.
    const NAME: &'static str;
    /// Its attributes: configuration, plan and state have the same shape.
    type State: Object;
    /// What tells one object from every other, or [`NoIdentity`].
    type Identity: Object;
    /// The provider's client.
    type Client: Send + Sync + 'static;

    /// Its schema.
    fn schema() -> Schema {
        Schema::of::<Self::State>()
    }

    /// The identity of an object, once it is known.
    fn identity(state: &Self::State) -> Option<Self::Identity> {
        let _ = state;
        None
    }

    /// Checks a configuration beyond what the schema's own checks see. Runs without a client, often, and
    /// with unknown values, about which it must be silent.
    fn validate(config: &Self::State, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Fills in what can be told before apply. The proposal already has defaults, prior values of kept
    /// attributes, and unknown for whatever else is computed.
    fn plan(
        ctx: &Context<Self::Client>,
        req: Plan<Self::State>,
    ) -> impl Future<Output = Result<Planned<Self::State>, Diagnostics>> + Send {
        let _ = ctx;
        ready(Ok(req.proposed.into()))
    }

    /// Judges a plan to destroy.
    fn plan_destroy(
        ctx: &Context<Self::Client>,
        prior: Self::State,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (ctx, prior);
        ready(Ok(()))
    }

    /// Makes the object.
    fn create(
        ctx: &Context<Self::Client>,
        req: Create<Self::State>,
    ) -> impl Future<Output = Result<Self::State, Failed<Self::State>>> + Send;

    /// Looks at the object. `None` only when it is certainly gone.
    fn read(
        ctx: &Context<Self::Client>,
        req: Read<Self::State>,
    ) -> impl Future<Output = Result<Option<Self::State>, Diagnostics>> + Send;

    /// Changes the object in place.
    fn update(
        ctx: &Context<Self::Client>,
        req: Update<Self::State>,
    ) -> impl Future<Output = Result<Self::State, Failed<Self::State>>> + Send;

    /// Removes the object. That it was gone already is success.
    fn delete(
        ctx: &Context<Self::Client>,
        prior: Self::State,
    ) -> impl Future<Output = Result<(), Failed<Self::State>>> + Send;

    /// Names an existing object; the host reads it afterwards, so only what read needs must be set.
    fn import(
        ctx: &Context<Self::Client>,
        target: Import<Self::Identity>,
    ) -> impl Future<Output = Result<Self::State, Diagnostics>> + Send {
        let _ = (ctx, target);
        ready(Err(Diagnostics::error(
            "Import is not supported",
            format!("Objects of `{}` cannot be imported. Create a new one instead.", Self::NAME),
        )))
    }

    /// Brings stored state of an older schema version up to the current one. Not asked for state of the
    /// current version, which is read leniently.
    ///
    /// # Errors
    /// The version is not one that can be upgraded.
    fn upgrade(from: i64, state: &Json) -> Result<Self::State, Diagnostics> {
        let _ = state;
        Err(Diagnostics::error(
            "State of an unknown version",
            format!(
                "The state of `{}` was written at schema version {from}, which this provider cannot read. Use the \
                 provider version that wrote it, or a newer one.",
                Self::NAME
            ),
        ))
    }

    /// Takes over the state of another resource type (a `moved` block), or `None` if it cannot. Runs
    /// before the provider is configured: transform what is there and let read fill in the rest.
    ///
    /// # Errors
    /// The source is one that can be taken over, but this state of it cannot.
    fn take_over(source: &Move) -> Result<Option<Self::State>, Diagnostics> {
        let _ = source;
        Ok(None)
    }
}

crate::object! {
    /// The identity of objects that have none.
    pub struct NoIdentity {}
}

/// A request to plan.
#[derive(Debug, Clone)]
pub struct Plan<S> {
    /// What the user wrote.
    pub config: S,
    /// The object as it is; `None` if it is to be made.
    pub prior: Option<S>,
    /// What the configuration amounts to so far.
    pub proposed: S,
}

/// A plan, and what in it makes a new object beyond the attributes declared so.
#[derive(Debug, Clone)]
pub struct Planned<S> {
    /// The object as it will be.
    pub state: S,
    /// Attributes whose change makes a new object this time.
    pub replace: Vec<Path>,
}

impl<S> From<S> for Planned<S> {
    fn from(state: S) -> Self {
        Self { state, replace: Vec::new() }
    }
}

/// A request to create.
#[derive(Debug, Clone)]
pub struct Create<S> {
    /// What the user wrote, now wholly known; write-only values only stand here.
    pub config: S,
    /// The object as planned.
    pub planned: S,
}

/// A request to read.
#[derive(Debug, Clone)]
pub struct Read<S> {
    /// The object as last seen.
    pub state: S,
}

/// A request to change in place.
#[derive(Debug, Clone)]
pub struct Update<S> {
    /// What the user wrote, now wholly known; write-only values only stand here.
    pub config: S,
    /// The object as it is.
    pub prior: S,
    /// The object as planned.
    pub planned: S,
}

/// What names the object to import.
#[derive(Debug, Clone)]
pub enum Import<I> {
    /// Text, from `terraform import` or an import block's `id`.
    Id(String),
    /// An identity, from an import block's `identity`.
    Identity(I),
}

/// The state of another resource type that a `moved` block names.
#[derive(Debug, Clone)]
pub struct Move {
    /// Address of the source's provider. Hosts and registries differ: compare only its end, such as
    /// `hashicorp/aws`.
    pub provider: String,
    /// The source's resource type.
    pub resource_type: String,
    /// The source's schema version.
    pub version: i64,
    /// The source's state.
    pub state: Json,
}

/// A failed change: why, and how far it came.
#[derive(Debug, Clone)]
pub struct Failed<S> {
    /// Why.
    pub diagnostics: Diagnostics,
    /// The object as it is now, if something was made or changed. `None`: nothing was.
    pub reached: Option<S>,
}

impl<S> From<Diagnostics> for Failed<S> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, reached: None }
    }
}

impl<S> From<Diagnostic> for Failed<S> {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}

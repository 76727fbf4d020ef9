//! What an ephemeral resource is: a value that is opened for a run and never stored.

use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::schema::{Object, Schema};
use std::future::{Future, ready};
use std::time::SystemTime;

/// An ephemeral resource (Terraform since 1.10, OpenTofu since 1.11). What renew and close need of open
/// goes into the context's private data.
pub trait EphemeralResource: Send + Sync + 'static {
    /// Its name without the provider's.
    const NAME: &'static str;
    /// Its arguments and what it gives.
    type State: Object;
    /// The provider's client.
    type Client: Send + Sync + 'static;

    /// Its schema.
    fn schema() -> Schema {
        Schema::of::<Self::State>()
    }

    /// Checks a configuration beyond what the schema's own checks see, silent about unknown values.
    fn validate(config: &Self::State, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Opens it, in plan as well as in apply.
    fn open(
        ctx: &Context<Self::Client>,
        config: Self::State,
    ) -> impl Future<Output = Result<Opened<Self::State>, Diagnostics>> + Send;

    /// Keeps it open; asked only if a time for that was given. Answers with the next time.
    fn renew(
        ctx: &Context<Self::Client>,
    ) -> impl Future<Output = Result<Option<SystemTime>, Diagnostics>> + Send {
        let _ = ctx;
        ready(Ok(None))
    }

    /// Gives back what open took. Hosts may be killed before they ask.
    fn close(ctx: &Context<Self::Client>) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = ctx;
        ready(Ok(()))
    }
}

/// An open ephemeral resource.
#[derive(Debug, Clone)]
pub struct Opened<S> {
    /// What it gives.
    pub result: S,
    /// When it must be renewed, if ever.
    pub renew_at: Option<SystemTime>,
}

//! What an action is: something done on request that leaves no state.

use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::schema::{Object, Schema};
use std::future::{Future, ready};
use tokio::sync::mpsc;

/// An action (Terraform since 1.14).
pub trait Action: Send + Sync + 'static {
    /// Its name without the provider's.
    const NAME: &'static str;
    /// Its arguments.
    type Config: Object;
    /// The provider's client.
    type Client: Send + Sync + 'static;

    /// Its schema.
    fn schema() -> Schema {
        Schema::of::<Self::Config>()
    }

    /// Checks a configuration beyond what the schema's own checks see, silent about unknown values.
    fn validate(config: &Self::Config, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Judges whether it could be done, without doing it.
    fn plan(
        ctx: &Context<Self::Client>,
        config: Self::Config,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (ctx, config);
        ready(Ok(()))
    }

    /// Does it, telling the user how far it is.
    fn invoke(
        ctx: &Context<Self::Client>,
        config: Self::Config,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// How a running action talks to the user.
#[derive(Debug)]
pub struct Progress(mpsc::Sender<String>);

impl Progress {
    pub(crate) fn new(sender: mpsc::Sender<String>) -> Self {
        Self(sender)
    }

    /// Says one line. A host that no longer listens is not an error: the action goes on.
    pub async fn say(&self, line: impl Into<String>) {
        let _nobody_listens = self.0.send(line.into()).await;
    }
}

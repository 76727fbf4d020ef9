//! An action behind an object-safe trait.

use super::{Typed, decode, validate};
use crate::action::{Action, Progress};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::schema::Schema;
use crate::value::Value;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

/// An action of any type.
pub(crate) trait AnyAction<C>: Send + Sync {
    fn schema(&self) -> &Schema;
    fn validate(&self, config: &Value) -> Diagnostics;
    fn plan<'a>(&'a self, ctx: &'a Context<C>, config: &'a Value) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn invoke<'a>(
        &'a self,
        ctx: &'a Context<C>,
        config: Value,
        progress: mpsc::Sender<String>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<A: Action> AnyAction<A::Client> for Typed<A> {
    fn schema(&self) -> &Schema {
        self.schema_or(A::schema)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, A::validate)
    }

    fn plan<'a>(
        &'a self,
        ctx: &'a Context<A::Client>,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { A::plan(ctx, decode(config)?).await })
    }

    fn invoke<'a>(
        &'a self,
        ctx: &'a Context<A::Client>,
        config: Value,
        progress: mpsc::Sender<String>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { A::invoke(ctx, decode(&config)?, &Progress::new(progress)).await })
    }
}

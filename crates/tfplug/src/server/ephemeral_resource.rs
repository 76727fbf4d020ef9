//! An ephemeral resource behind an object-safe trait.

use super::{Typed, decode, validate};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::ephemeral_resource::EphemeralResource;
use crate::schema::{Schema, Shape};
use crate::value::Value;
use futures_util::future::BoxFuture;
use std::time::SystemTime;

/// An open ephemeral resource.
#[derive(Debug, Clone)]
pub(crate) struct RawOpened {
    pub(crate) result: Value,
    pub(crate) renew_at: Option<SystemTime>,
}

/// An ephemeral resource of any type.
pub(crate) trait AnyEphemeral<C>: Send + Sync {
    fn schema(&self) -> &Schema;
    fn validate(&self, config: &Value) -> Diagnostics;
    fn open<'a>(
        &'a self,
        ctx: &'a Context<C>,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<RawOpened, Diagnostics>>;
    fn renew<'a>(&'a self, ctx: &'a Context<C>) -> BoxFuture<'a, Result<Option<SystemTime>, Diagnostics>>;
    fn close<'a>(&'a self, ctx: &'a Context<C>) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<E: EphemeralResource> AnyEphemeral<E::Client> for Typed<E> {
    fn schema(&self) -> &Schema {
        self.schema_or(E::schema)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, E::validate)
    }

    fn open<'a>(
        &'a self,
        ctx: &'a Context<E::Client>,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<RawOpened, Diagnostics>> {
        Box::pin(async move {
            let opened = E::open(ctx, decode(config)?).await?;
            Ok(RawOpened { result: opened.result.encode(), renew_at: opened.renew_at })
        })
    }

    fn renew<'a>(
        &'a self,
        ctx: &'a Context<E::Client>,
    ) -> BoxFuture<'a, Result<Option<SystemTime>, Diagnostics>> {
        Box::pin(E::renew(ctx))
    }

    fn close<'a>(&'a self, ctx: &'a Context<E::Client>) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(E::close(ctx))
    }
}

//! A managed resource behind an object-safe trait.

use super::{RawApply, RawImport, RawImported, RawPlan, RawPlanned, RawRead, RawUpgrade, Typed};
use super::{apply, generate, identity, import, plan, read, upgrade, validate};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::resource::{Move, Resource};
use crate::schema::{Attribute, Object, Schema};
use crate::value::Value;
use futures_util::future::BoxFuture;

/// An object as an operation left it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawObject {
    /// The state; null when there is no object.
    pub(crate) state: Value,
    /// The identity, if the resource has one and it is known.
    pub(crate) identity: Option<Value>,
    /// What went wrong on the way, the state notwithstanding.
    pub(crate) diagnostics: Diagnostics,
    /// Why the operation was put off.
    pub(crate) deferred: Option<crate::diagnostics::Deferral>,
}

/// A managed resource of any type.
pub(crate) trait AnyResource<C>: Send + Sync {
    fn schema(&self) -> &Schema;
    /// The attributes of the identity; none when the resource has no identity.
    fn identity(&self) -> Vec<Attribute>;
    fn validate(&self, config: &Value) -> Diagnostics;
    fn upgrade(&self, req: &RawUpgrade<'_>) -> Result<Value, Diagnostics>;
    fn upgrade_identity(&self, req: &RawUpgrade<'_>) -> Result<Value, Diagnostics>;
    fn take_over(&self, source: &Move) -> Result<RawObject, Diagnostics>;
    fn generate_config(&self, state: &Value) -> Value;
    fn plan<'a>(
        &'a self,
        ctx: &'a Context<C>,
        req: RawPlan,
    ) -> BoxFuture<'a, Result<RawPlanned, Diagnostics>>;
    fn apply<'a>(
        &'a self,
        ctx: &'a Context<C>,
        req: RawApply,
    ) -> BoxFuture<'a, Result<RawObject, Diagnostics>>;
    fn read<'a>(&'a self, ctx: &'a Context<C>, req: RawRead)
    -> BoxFuture<'a, Result<RawObject, Diagnostics>>;
    fn import<'a>(
        &'a self,
        ctx: &'a Context<C>,
        req: RawImport,
    ) -> BoxFuture<'a, Result<RawImported, Diagnostics>>;
}

impl<R: Resource> AnyResource<R::Client> for Typed<R> {
    fn schema(&self) -> &Schema {
        self.schema_or(R::schema)
    }

    fn identity(&self) -> Vec<Attribute> {
        R::Identity::attributes()
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, R::validate)
    }

    fn upgrade(&self, req: &RawUpgrade<'_>) -> Result<Value, Diagnostics> {
        upgrade::upgrade::<R>(self.schema(), req)
    }

    fn upgrade_identity(&self, req: &RawUpgrade<'_>) -> Result<Value, Diagnostics> {
        upgrade::upgrade_identity(&R::Identity::attributes(), req)
    }

    fn take_over(&self, source: &Move) -> Result<RawObject, Diagnostics> {
        upgrade::take_over::<R>(self.schema(), source)
    }

    fn generate_config(&self, state: &Value) -> Value {
        generate::config(&self.schema().attributes, state)
    }

    fn plan<'a>(
        &'a self,
        ctx: &'a Context<R::Client>,
        req: RawPlan,
    ) -> BoxFuture<'a, Result<RawPlanned, Diagnostics>> {
        Box::pin(plan::plan::<R>(self.schema(), ctx, req))
    }

    fn apply<'a>(
        &'a self,
        ctx: &'a Context<R::Client>,
        req: RawApply,
    ) -> BoxFuture<'a, Result<RawObject, Diagnostics>> {
        Box::pin(apply::apply::<R>(self.schema(), ctx, req))
    }

    fn read<'a>(
        &'a self,
        ctx: &'a Context<R::Client>,
        req: RawRead,
    ) -> BoxFuture<'a, Result<RawObject, Diagnostics>> {
        Box::pin(read::read::<R>(self.schema(), ctx, req))
    }

    fn import<'a>(
        &'a self,
        ctx: &'a Context<R::Client>,
        req: RawImport,
    ) -> BoxFuture<'a, Result<RawImported, Diagnostics>> {
        Box::pin(import::import::<R>(self.schema(), ctx, req))
    }
}

/// The identity of an object, if the resource has one and all of it is known.
pub(super) fn identity_of<R: Resource>(state: &R::State) -> Option<Value> {
    identity::known::<R::Identity>(R::identity(state))
}

//! A data source behind an object-safe trait.

use super::{Typed, decode, validate};
use crate::context::Context;
use crate::data_source::DataSource;
use crate::diagnostics::Diagnostics;
use crate::schema::{Schema, Shape};
use crate::value::Value;
use futures_util::future::BoxFuture;

/// A data source of any type.
pub(crate) trait AnyDataSource<C>: Send + Sync {
    fn schema(&self) -> &Schema;
    fn validate(&self, config: &Value) -> Diagnostics;
    fn read<'a>(
        &'a self,
        ctx: &'a Context<C>,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, Diagnostics>>;
}

impl<D: DataSource> AnyDataSource<D::Client> for Typed<D> {
    fn schema(&self) -> &Schema {
        self.schema_or(D::schema)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, D::validate)
    }

    fn read<'a>(
        &'a self,
        ctx: &'a Context<D::Client>,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move { Ok(D::read(ctx, decode(config)?).await?.encode()) })
    }
}

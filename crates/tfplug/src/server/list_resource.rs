//! A list resource behind an object-safe trait.

use super::{Typed, decode, validate};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::list_resource::{Found, List, ListResource};
use crate::schema::Schema;
use crate::value::Value;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

/// A request to list.
#[derive(Debug, Clone)]
pub(crate) struct RawList {
    pub(crate) config: Value,
    pub(crate) include_object: bool,
    pub(crate) limit: usize,
}

/// One object found.
#[derive(Debug, Clone)]
pub(crate) struct RawListed {
    pub(crate) identity: Value,
    pub(crate) display_name: String,
    pub(crate) object: Option<Value>,
}

/// A list resource of any type.
pub(crate) trait AnyList<C>: Send + Sync {
    fn schema(&self) -> &Schema;
    fn validate(&self, config: &Value) -> Diagnostics;
    fn list<'a>(
        &'a self,
        ctx: &'a Context<C>,
        req: RawList,
        found: mpsc::Sender<RawListed>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
}

impl<L: ListResource> AnyList<L::Client> for Typed<L> {
    fn schema(&self) -> &Schema {
        self.schema_or(L::schema)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, L::validate)
    }

    fn list<'a>(
        &'a self,
        ctx: &'a Context<L::Client>,
        req: RawList,
        found: mpsc::Sender<RawListed>,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move {
            let RawList { config, include_object, limit } = req;
            let req = List { config: decode(&config)?, include_object, limit };
            L::list(ctx, req, &Found::new(found)).await
        })
    }
}

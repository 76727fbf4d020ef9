//! What happens between a decoded request and a provider's code: a provider's typed operations behind
//! object-safe traits over [`Value`]s, and the rules that hold for each of them. Never knows the wire.

mod action;
mod apply;
mod data_source;
mod ephemeral_resource;
mod function;
mod generate;
mod identity;
mod import;
mod list_resource;
mod plan;
mod read;
mod resource;
mod upgrade;
mod validate;

pub(crate) use action::AnyAction;
pub(crate) use apply::RawApply;
pub(crate) use data_source::AnyDataSource;
pub(crate) use ephemeral_resource::{AnyEphemeral, RawOpened};
pub(crate) use function::{AnyFunction, Signature};
pub(crate) use import::{RawImport, RawImported};
pub(crate) use list_resource::{AnyList, RawList, RawListed};
pub(crate) use plan::{RawPlan, RawPlanned};
pub(crate) use read::RawRead;
pub(crate) use resource::{AnyResource, RawObject};
pub(crate) use upgrade::RawUpgrade;
pub(crate) use validate::check;

use crate::context::{Context, Private, Stop};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::plan::without_write_only;
use crate::provider::{Host, Provider, Registry};
use crate::schema::{Attr, Object, Schema, Shape};
use crate::value::Value;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio::sync::watch;

/// A provider's operation types behind object-safe traits, with their schema built on first use.
pub(crate) struct Typed<T> {
    schema: OnceLock<Schema>,
    marker: PhantomData<fn() -> T>,
}

impl<T> Typed<T> {
    pub(crate) fn new() -> Self {
        Self { schema: OnceLock::new(), marker: PhantomData }
    }

    fn schema_or(&self, make: fn() -> Schema) -> &Schema {
        self.schema.get_or_init(make)
    }
}

/// A provider that answers requests: what it offers, its client once configured, the wish to stop.
pub(crate) struct Server<P: Provider> {
    pub(crate) registry: Registry<P::Client>,
    schema: OnceLock<Schema>,
    client: RwLock<Option<Arc<P::Client>>>,
    stop: (watch::Sender<bool>, Stop),
}

impl<P: Provider> std::fmt::Debug for Server<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("provider", &P::NAME).finish_non_exhaustive()
    }
}

impl<P: Provider> Server<P> {
    /// A server that is not configured yet. Builds no schema.
    pub(crate) fn new() -> Self {
        Self {
            registry: P::registry(),
            schema: OnceLock::new(),
            client: RwLock::new(None),
            stop: Stop::channel(),
        }
    }

    pub(crate) fn schema(&self) -> &Schema {
        self.schema.get_or_init(P::schema)
    }

    pub(crate) fn validate(&self, config: &Value) -> Diagnostics {
        validate::validate(self.schema(), config, P::validate)
    }

    pub(crate) async fn configure(&self, config: &Value, host: Host) -> Result<(), Diagnostics> {
        let client = P::configure(decode::<P::Config>(config)?, host).await?;
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(client));
        Ok(())
    }

    pub(crate) fn request_stop(&self) {
        self.stop.0.send_replace(true);
    }

    pub(crate) fn context(&self, private: Private) -> Context<P::Client> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        Context::new(client, self.stop.1.clone(), private)
    }
}

/// The state of an object as it may be stored.
fn stored(schema: &Schema, state: Value) -> Value {
    without_write_only(&schema.attributes, state)
}

/// Reads an object that must be there.
fn decode<T: Object>(value: &Value) -> Result<T, Diagnostics> {
    T::decode(value, &crate::path::Path::root()).map_err(|mismatch| Diagnostic::from(mismatch).into())
}

/// Reads an object that may be null.
fn decode_option<T: Object>(value: &Value) -> Result<Option<T>, Diagnostics> {
    let read = Attr::<T>::decode(value, &crate::path::Path::root());
    read.map(Attr::into_known).map_err(|mismatch| Diagnostic::from(mismatch).into())
}

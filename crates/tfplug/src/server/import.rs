//! Importing an existing object, by text or by identity.

use super::apply::left_unknown;
use super::resource::identity_of;
use super::{decode, stored};
use crate::context::Context;
use crate::diagnostics::{Deferral, Diagnostics};
use crate::resource::{Import, Resource};
use crate::schema::{Object, Schema, Shape};
use crate::value::Value;

/// What names the object to import.
#[derive(Debug, Clone)]
pub(crate) struct RawImport {
    pub(crate) id: String,
    pub(crate) identity: Option<Value>,
    pub(crate) deferral_allowed: bool,
}

/// The object as far as import knows it; the host reads it next.
#[derive(Debug, Clone)]
pub(crate) struct RawImported {
    pub(crate) state: Value,
    pub(crate) identity: Option<Value>,
    pub(crate) deferred: Option<Deferral>,
}

pub(super) async fn import<R: Resource>(
    schema: &Schema,
    ctx: &Context<R::Client>,
    req: RawImport,
) -> Result<RawImported, Diagnostics> {
    let target = match &req.identity {
        Some(identity) if !R::Identity::attributes().is_empty() => Import::Identity(decode(identity)?),
        _ => Import::Id(req.id),
    };
    let state = match R::import(ctx, target).await {
        Ok(state) => state,
        Err(errors) => {
            return match errors.deferral().filter(|_| req.deferral_allowed) {
                Some(reason) => Ok(RawImported {
                    state: Value::unknown(),
                    identity: req.identity,
                    deferred: Some(reason),
                }),
                None => Err(errors),
            };
        }
    };
    let identity = identity_of::<R>(&state).or(req.identity);
    let state = stored(schema, state.encode());
    match left_unknown(&state, "import") {
        Some(fault) => Err(fault.into()),
        None => Ok(RawImported { state, identity, deferred: None }),
    }
}

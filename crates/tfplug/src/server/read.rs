//! Reading one object again.

use super::apply::left_unknown;
use super::resource::identity_of;
use super::{RawObject, decode, identity, stored};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::resource::{Read, Resource};
use crate::schema::{Schema, Shape};
use crate::value::Value;

/// A request to read.
#[derive(Debug, Clone)]
pub(crate) struct RawRead {
    pub(crate) state: Value,
    pub(crate) identity: Option<Value>,
    pub(crate) deferral_allowed: bool,
}

pub(super) async fn read<R: Resource>(
    schema: &Schema,
    ctx: &Context<R::Client>,
    req: RawRead,
) -> Result<RawObject, Diagnostics> {
    if req.state.is_null() {
        return Ok(RawObject::default());
    }
    let found = match R::read(ctx, Read { state: decode(&req.state)? }).await {
        Ok(found) => found,
        Err(diagnostics) => {
            return match diagnostics.deferral().filter(|_| req.deferral_allowed) {
                Some(reason) => Ok(RawObject {
                    state: req.state,
                    identity: req.identity,
                    deferred: Some(reason),
                    ..RawObject::default()
                }),
                None => Err(diagnostics),
            };
        }
    };
    let Some(state) = found else { return Ok(RawObject::default()) };
    let found = identity_of::<R>(&state);
    identity::unchanged(req.identity.as_ref(), found.as_ref())?;
    let state = stored(schema, state.encode());
    match left_unknown(&state, "read") {
        Some(fault) => Err(fault.into()),
        None => Ok(RawObject { state, identity: found.or(req.identity), ..RawObject::default() }),
    }
}

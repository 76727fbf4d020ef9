//! Importing an existing object, by text or by identity.

use super::decode;
use super::resource::identity_of;
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::resource::{Import, Resource};
use crate::schema::{Object, Shape};
use crate::value::Value;

/// What names the object to import.
#[derive(Debug, Clone)]
pub(crate) struct RawImport {
    pub(crate) id: String,
    pub(crate) identity: Option<Value>,
}

/// The object as far as import knows it; the host reads it next.
#[derive(Debug, Clone)]
pub(crate) struct RawImported {
    pub(crate) state: Value,
    pub(crate) identity: Option<Value>,
}

pub(super) async fn import<R: Resource>(
    ctx: &Context<R::Client>,
    req: RawImport,
) -> Result<RawImported, Diagnostics> {
    let target = match &req.identity {
        Some(identity) if !R::Identity::attributes().is_empty() => Import::Identity(decode(identity)?),
        _ => Import::Id(req.id),
    };
    let state = R::import(ctx, target).await?;
    let identity = identity_of::<R>(&state).or(req.identity);
    Ok(RawImported { state: state.encode(), identity })
}

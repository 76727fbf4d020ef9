//! Applying a plan: create, update or delete, and never losing what was reached.

use super::resource::identity_of;
use super::{RawObject, decode, decode_option, identity, stored};
use crate::context::Context;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::resource::{Create, Failed, Resource, Update};
use crate::schema::{Schema, Shape};
use crate::value::Value;

/// A request to apply.
#[derive(Debug, Clone)]
pub(crate) struct RawApply {
    pub(crate) config: Value,
    /// Null when the object is to be made.
    pub(crate) prior: Value,
    /// Null when the object is to be destroyed.
    pub(crate) planned: Value,
    pub(crate) planned_identity: Option<Value>,
}

pub(super) async fn apply<R: Resource>(
    schema: &Schema,
    ctx: &Context<R::Client>,
    req: RawApply,
) -> Result<RawObject, Diagnostics> {
    let RawApply { config, prior, planned, planned_identity } = req;
    let before = decode_option::<R::State>(&prior)?;
    let outcome = match (before, decode_option::<R::State>(&planned)?) {
        (None, None) => Ok(None),
        (Some(before), None) => R::delete(ctx, before).await.map(|()| None),
        (None, Some(planned)) => R::create(ctx, Create { config: decode(&config)?, planned }).await.map(Some),
        (Some(prior), Some(planned)) => {
            R::update(ctx, Update { config: decode(&config)?, prior, planned }).await.map(Some)
        }
    };
    let (reached, mut diagnostics) = match outcome {
        Ok(state) => (Some(state), Diagnostics::new()),
        // What was reached is state; where nothing was, the object is as it was before.
        Err(Failed { diagnostics, reached }) => (reached.map(Some), diagnostics),
    };
    let Some(state) = reached else {
        let identity = planned_identity.filter(|_| !prior.is_null());
        return Ok(RawObject { state: prior, identity, diagnostics, deferred: None });
    };
    let Some(state) = state else { return Ok(RawObject { diagnostics, ..RawObject::default() }) };
    let found = identity_of::<R>(&state);
    if !prior.is_null() && !diagnostics.has_errors() {
        let changed = identity::unchanged(planned_identity.as_ref(), found.as_ref());
        diagnostics.extend(changed.err().into_iter().flatten());
    }
    let state = stored(schema, state.encode());
    diagnostics.extend(left_unknown(&state, "apply").filter(|_| !diagnostics.has_errors()));
    Ok(RawObject { state: known(state), identity: found.or(planned_identity), diagnostics, deferred: None })
}

/// Hosts refuse state with unknown values and would lose the object; say which it was.
pub(super) fn left_unknown(state: &Value, operation: &str) -> Option<Diagnostic> {
    let path = state.unknown_paths().into_iter().next()?;
    let detail = format!(
        "`{path}` is still unknown after {operation}. This is a fault in the provider, not in the configuration; \
         please report it."
    );
    Some(Diagnostic::error("The provider left a value unknown", detail).at(path))
}

/// The same with null for unknown: an object that was only half made still gets into state.
fn known(value: Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(elements) => Value::List(elements.into_iter().map(known).collect()),
        Value::Set(elements) => Value::Set(elements.into_iter().map(known).collect()),
        Value::Tuple(elements) => Value::Tuple(elements.into_iter().map(known).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, known(value))).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, known(value))).collect())
        }
        Value::Dynamic(ty, value) => Value::Dynamic(ty, Box::new(known(*value))),
        other => other,
    }
}

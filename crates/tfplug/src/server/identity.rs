//! What holds for the identity of every object: it is complete, known, and never changes.

use crate::diagnostics::Diagnostics;
use crate::schema::{Object, Shape};
use crate::value::Value;

/// The identity as a value, if there is one and nothing of it is unknown.
pub(super) fn known<I: Object>(identity: Option<I>) -> Option<Value> {
    if I::attributes().is_empty() {
        return None;
    }
    identity.map(|identity| identity.encode()).filter(Value::is_wholly_known)
}

/// Refuses an operation that would change the identity of an object in place.
///
/// # Errors
/// The identities differ. Rule: an identity changes only when the object is replaced.
pub(super) fn unchanged(before: Option<&Value>, after: Option<&Value>) -> Result<(), Diagnostics> {
    match (before, after) {
        (Some(before), Some(after)) if is_complete(before) && !before.same(after) => Err(Diagnostics::error(
            "The identity of an object changed",
            "The operation would give the object another identity without replacing it. Either the object was \
             swapped for another one outside of this configuration, or this is a fault in the provider.",
        )),
        _ => Ok(()),
    }
}

/// Identities stored before all of their attributes existed may lack some.
fn is_complete(identity: &Value) -> bool {
    match identity {
        Value::Object(attributes) => attributes.values().all(|value| !value.is_null()),
        _ => false,
    }
}

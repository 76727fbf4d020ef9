//! Wire messages into the framework's vocabulary. A malformed message is a diagnostic that names the place.

use crate::context::Private;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::schema::{Attribute, nearest};
use crate::value::json::{self, Strictness};
use crate::value::{Type, Value, msgpack};
use std::collections::BTreeMap;

/// A value of type `ty`; hosts may send msgpack or JSON. A message that is missing is null.
pub(super) fn value(wire: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let read = match wire {
        None => Ok(Value::Null),
        Some(wire) if !wire.msgpack.is_empty() => msgpack::decode(&wire.msgpack, ty),
        Some(wire) if !wire.json.is_empty() => json::decode(&wire.json, ty, Strictness::Strict),
        Some(_) => Ok(Value::Null),
    };
    read.map_err(|mismatch| Diagnostic::from(mismatch).into())
}

/// A configuration: an object, never null.
pub(super) fn config(wire: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    match value(wire, ty)? {
        Value::Null => Err(Diagnostics::error(
            "Malformed request from the host",
            "The request carries no configuration. This is a fault in the host, not in the configuration.",
        )),
        config => Ok(config),
    }
}

/// An identity whose attributes are `attributes`.
pub(super) fn identity(
    wire: Option<&pb::ResourceIdentityData>,
    attributes: &[Attribute],
) -> Result<Option<Value>, Diagnostics> {
    if attributes.is_empty() {
        return Ok(None);
    }
    let data = wire.and_then(|wire| wire.identity_data.as_ref());
    Ok(Some(value(data, &object(attributes))?).filter(|identity| !identity.is_null()))
}

/// The object type of these attributes.
pub(super) fn object(attributes: &[Attribute]) -> Type {
    Type::Object(attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty())).collect())
}

/// Private data. What another provider version wrote and this one cannot read is an error: dropping it
/// silently would lose it for good.
pub(super) fn private(bytes: &[u8]) -> Result<Private, Diagnostics> {
    if bytes.is_empty() {
        return Ok(Private::new());
    }
    serde_json::from_slice(bytes).map_err(|error| {
        Diagnostics::error(
            "Malformed private data",
            format!(
                "The private data beside the state is not a JSON object: {error}. The state was damaged."
            ),
        )
    })
}

/// What is registered under a full name such as `random_pet`.
pub(super) fn find<'a, T: ?Sized>(
    registry: &'a BTreeMap<&'static str, Box<T>>,
    (provider, kind): (&str, &str),
    full_name: &str,
) -> Result<&'a T, Diagnostics> {
    let name = full_name.strip_prefix(provider).and_then(|rest| rest.strip_prefix('_'));
    if let Some(found) = name.and_then(|name| registry.get(name)) {
        return Ok(found);
    }
    let hint = nearest(name.unwrap_or(full_name), registry.keys().copied())
        .map(|near| format!(" Did you mean `{provider}_{near}`?"))
        .unwrap_or_default();
    Err(Diagnostics::error(
        format!("Unknown {kind}"),
        format!("The provider `{provider}` has no {kind} `{full_name}`.{hint}"),
    ))
}

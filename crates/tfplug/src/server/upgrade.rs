//! Stored state and identities of earlier versions, and state of other resource types.

use super::resource::identity_of;
use super::{RawObject, stored};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::resource::{Move, Resource};
use crate::schema::{Attribute, Schema, Shape};
use crate::value::json::{self, Strictness};
use crate::value::{Type, Value};

/// Something stored earlier.
#[derive(Debug, Clone)]
pub(crate) struct RawUpgrade<'a> {
    /// The version at which it was stored.
    pub(crate) version: i64,
    /// What was stored, as JSON.
    pub(crate) json: &'a [u8],
}

/// Hosts ask this of every state that they read, also at the current version, which may still lack
/// attributes that were added without a new version.
pub(super) fn upgrade<R: Resource>(schema: &Schema, req: &RawUpgrade<'_>) -> Result<Value, Diagnostics> {
    if req.version == schema.version {
        return lenient(req.json, &schema.ty()).map(|state| stored(schema, state));
    }
    if req.version > schema.version {
        return Err(from_the_future(&format!("state of `{}`", R::NAME), (req.version, schema.version)));
    }
    let old = serde_json::from_slice(req.json)
        .map_err(|error| Diagnostics::error("Stored state is not JSON", error.to_string()))?;
    R::upgrade(req.version, &old).map(|state| stored(schema, state.encode()))
}

fn from_the_future(what: &str, (version, newest): (i64, i64)) -> Diagnostics {
    Diagnostics::error(
        "State from a newer provider",
        format!(
            "The {what} was written at schema version {version}, and this provider knows versions up to {newest}. \
             Use the provider version that wrote the state, or a newer one."
        ),
    )
}

/// Identities have one version so far, and hosts ask for every one that they read.
pub(super) fn upgrade_identity(attributes: &[Attribute], req: &RawUpgrade<'_>) -> Result<Value, Diagnostics> {
    if req.version > 0 {
        return Err(from_the_future("identity of an object", (req.version, 0)));
    }
    let types = attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty()));
    lenient(req.json, &Type::Object(types.collect()))
}

fn lenient(text: &[u8], ty: &Type) -> Result<Value, Diagnostics> {
    json::decode(text, ty, Strictness::Lenient).map_err(|mismatch| Diagnostic::from(mismatch).into())
}

pub(super) fn take_over<R: Resource>(schema: &Schema, source: &Move) -> Result<RawObject, Diagnostics> {
    match R::take_over(source)? {
        Some(state) => {
            let identity = identity_of::<R>(&state);
            let state = stored(schema, state.encode());
            Ok(RawObject { state, identity, ..RawObject::default() })
        }
        None => Err(Diagnostics::error(
            "This resource cannot be moved here",
            format!(
                "`{}` of provider {} cannot become a `{}`. Remove the `moved` block and import the object \
                 instead.",
                source.resource_type,
                source.provider,
                R::NAME
            ),
        )),
    }
}

//! What a host knows of a resource type, and how it reads what comes from there.

use super::super::{verdict, wholly_known, wire};
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::schema::{Attribute, Schema};
use crate::value::{Type, Value};

/// What a host knows of a resource type.
pub(super) struct Known {
    pub(super) schema: Schema,
    pub(super) identity: Vec<Attribute>,
}

impl Known {
    pub(super) fn ty(&self) -> Type {
        self.schema.ty()
    }

    pub(super) fn identity_type(&self) -> Type {
        Type::Object(self.identity.iter().map(|attribute| (attribute.name.clone(), attribute.ty())).collect())
    }

    pub(super) fn identity_data(&self, identity: Option<&Value>) -> Option<pb::ResourceIdentityData> {
        let identity_data = Some(wire::encode(identity?, &self.identity_type()));
        Some(pb::ResourceIdentityData { identity_data })
    }

    pub(super) fn identity_of(
        &self,
        data: Option<&pb::ResourceIdentityData>,
    ) -> Result<Option<Value>, Diagnostics> {
        let Some(data) = data.and_then(|data| data.identity_data.as_ref()) else { return Ok(None) };
        let identity = wire::decode(Some(data), &self.identity_type())?;
        wholly_known(&identity, "Provider produced invalid identity")?;
        Ok(Some(identity))
    }

    /// A state as it may be stored.
    pub(super) fn state(&self, wire: Option<&pb::DynamicValue>) -> Result<Value, Diagnostics> {
        let state = wire::decode(wire, &self.ty())?;
        verdict::write_only(&self.schema.attributes, &state, "Provider produced invalid object")?;
        wholly_known(&state, "Provider produced invalid object")?;
        Ok(state)
    }
}

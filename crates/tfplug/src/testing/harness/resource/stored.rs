//! Objects that exist already: read again, imported, upgraded, moved, written down as configuration.

use super::super::wire::{self, answer, warnings};
use super::super::{Written, shown};
use super::{Instance, Resource};
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::value::Value;
use pb::provider_server::Provider as _;
use serde_json::Value as Json;
use tonic::Request;

impl<P: Provider> Resource<'_, P> {
    /// Looks at an object again. `None`: it is gone.
    ///
    /// # Errors
    /// The provider cannot tell.
    pub async fn read(&self, instance: &Instance) -> Result<Option<Instance>, Diagnostics> {
        let known = self.known().await?;
        let request = pb::read_resource::Request {
            type_name: self.name.clone(),
            current_state: Some(wire::encode(&instance.state, &known.ty())),
            private: instance.private.clone(),
            client_capabilities: self.host.capabilities(),
            current_identity: known.identity_data(instance.identity.as_ref()),
            ..Default::default()
        };
        let response = answer(self.host.rpc.read_resource(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let deferred = self.host.deferred(response.deferred)?;
        let state = known.state(response.new_state.as_ref())?;
        let identity = known.identity_of(response.new_identity.as_ref())?;
        let found = Instance { state, identity, warnings, deferred, private: response.private };
        Ok(Some(found).filter(|found| !found.state.is_null()))
    }

    /// Imports the object that this text names, and reads it.
    ///
    /// # Errors
    /// The provider cannot, or there is no such object.
    pub async fn import(&self, id: &str) -> Result<Instance, Diagnostics> {
        self.bring_in(id.to_owned(), None).await
    }

    /// Imports the object of this identity, and reads it.
    ///
    /// # Errors
    /// The provider cannot, or there is no such object.
    pub async fn import_identity(&self, identity: Json) -> Result<Instance, Diagnostics> {
        let ty = self.known().await?.identity_type();
        let identity = Written::from(identity).value(&ty)?;
        self.bring_in(String::new(), Some(identity)).await
    }

    /// Brings stored state of a schema version up to the current one, as a host does on every run.
    ///
    /// # Errors
    /// The provider cannot read it.
    pub async fn upgrade(&self, version: i64, stored: &Json) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let raw_state = Some(pb::RawState { json: stored.to_string().into_bytes(), ..Default::default() });
        let request =
            pb::upgrade_resource_state::Request { type_name: self.name.clone(), version, raw_state };
        let response = answer(self.host.rpc.upgrade_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let state = known.state(response.upgraded_state.as_ref())?;
        Ok(Instance { state, warnings, ..Instance::default() })
    }

    /// Brings a stored identity up to the current version.
    ///
    /// # Errors
    /// The provider cannot read it.
    pub async fn upgrade_identity(&self, version: i64, stored: &Json) -> Result<Json, Diagnostics> {
        let known = self.known().await?;
        let raw_identity = Some(pb::RawState { json: stored.to_string().into_bytes(), ..Default::default() });
        let request =
            pb::upgrade_resource_identity::Request { type_name: self.name.clone(), version, raw_identity };
        let response = answer(self.host.rpc.upgrade_resource_identity(Request::new(request)).await)?;
        warnings(response.diagnostics)?;
        let identity = known.identity_of(response.upgraded_identity.as_ref())?;
        Ok(identity.as_ref().map_or(Json::Null, shown))
    }

    /// Takes over the state of another resource type, as a `moved` block asks.
    ///
    /// # Errors
    /// The provider cannot.
    pub async fn take_over(&self, source: &crate::resource::Move) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let json = source.state.to_string().into_bytes();
        let request = pb::move_resource_state::Request {
            source_provider_address: source.provider.clone(),
            source_type_name: source.resource_type.clone(),
            source_schema_version: source.version,
            source_state: Some(pb::RawState { json, ..Default::default() }),
            target_type_name: self.name.clone(),
            ..Default::default()
        };
        let response = answer(self.host.rpc.move_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let state = known.state(response.target_state.as_ref())?;
        let identity = known.identity_of(response.target_identity.as_ref())?;
        Ok(Instance { state, identity, warnings, deferred: None, private: response.target_private })
    }

    /// The configuration that the provider would write for an object.
    ///
    /// # Errors
    /// The provider cannot tell.
    pub async fn generate_config(&self, instance: &Instance) -> Result<Json, Diagnostics> {
        let ty = self.known().await?.ty();
        let state = Some(wire::encode(&instance.state, &ty));
        let request = pb::generate_resource_config::Request { type_name: self.name.clone(), state };
        let response = answer(self.host.rpc.generate_resource_config(Request::new(request)).await)?;
        warnings(response.diagnostics)?;
        Ok(shown(&wire::decode(response.config.as_ref(), &ty)?))
    }

    async fn bring_in(&self, id: String, identity: Option<Value>) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let by_identity = identity.is_some();
        let request = pb::import_resource_state::Request {
            type_name: self.name.clone(),
            id,
            client_capabilities: self.host.capabilities(),
            identity: known.identity_data(identity.as_ref()),
        };
        let response = answer(self.host.rpc.import_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        if let Some(deferred) = self.host.deferred(response.deferred)? {
            return Ok(Instance { deferred: Some(deferred), warnings, ..Instance::default() });
        }
        let Some(imported) = response.imported_resources.first() else {
            return Err(Diagnostics::error("Import returned no resources", "There must be one."));
        };
        let state = known.state(imported.state.as_ref())?;
        let identity = known.identity_of(imported.identity.as_ref())?;
        if by_identity && identity.is_none() {
            return Err(Diagnostics::error("Import returned no identity", "There must be one."));
        }
        let named = Instance { state, identity, private: imported.private.clone(), ..Instance::default() };
        let found = self.read(&named).await?.ok_or_else(|| {
            Diagnostics::error(
                "Cannot import non-existent remote object",
                "The object was gone when it was read.",
            )
        })?;
        Ok(found)
    }
}

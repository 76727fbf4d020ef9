//! An ephemeral resource as a host uses it.

use super::wire::{self, answer, warnings};
use super::{Harness, Written, flattened, shown, wholly_known};
use crate::context::Private;
use crate::diagnostics::{Deferral, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::value::{Type, Value};
use pb::provider_server::Provider as _;
use serde_json::Value as Json;
use std::time::SystemTime;
use tonic::Request;

/// An ephemeral resource.
#[derive(Debug)]
pub struct EphemeralResource<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// An ephemeral resource that is open.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it gives.
    pub result: Value,
    /// When it must be renewed, if ever.
    pub renew_at: Option<SystemTime>,
    /// What the provider warned of.
    pub warnings: Diagnostics,
    /// Why the provider put it off, if it did.
    pub deferred: Option<Deferral>,
    private: Vec<u8>,
}

impl Opened {
    /// The result as JSON.
    pub fn json(&self) -> Json {
        shown(&self.result)
    }

    /// What the provider keeps for renewal and closing.
    pub fn private(&self) -> Private {
        serde_json::from_slice(&self.private).unwrap_or_default()
    }
}

impl<'a, P: Provider> EphemeralResource<'a, P> {
    pub(super) fn new(host: &'a Harness<P>, name: &str) -> Self {
        Self { host, name: name.to_owned() }
    }

    /// What the provider finds in a configuration: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.ty().await?;
            let request = pb::validate_ephemeral_resource_config::Request {
                type_name: self.name.clone(),
                config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            };
            let response =
                answer(self.host.rpc.validate_ephemeral_resource_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Opens it.
    ///
    /// # Errors
    /// The provider fails, or the host refuses the result.
    pub async fn open(&self, config: impl Into<Written>) -> Result<Opened, Diagnostics> {
        let ty = self.ty().await?;
        let request = pb::open_ephemeral_resource::Request {
            type_name: self.name.clone(),
            config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            client_capabilities: self.host.capabilities(),
        };
        let response = answer(self.host.rpc.open_ephemeral_resource(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let deferred = self.host.deferred(response.deferred)?;
        let result = wire::decode(response.result.as_ref(), &ty)?;
        if deferred.is_none() {
            wholly_known(&result, "Provider produced invalid object")?;
        }
        let renew_at = response.renew_at.and_then(|time| SystemTime::try_from(time).ok());
        Ok(Opened { result, renew_at, warnings, deferred, private: response.private.unwrap_or_default() })
    }

    /// Renews it, and takes over the next time and the private data.
    ///
    /// # Errors
    /// The provider fails.
    pub async fn renew(&self, opened: &mut Opened) -> Result<(), Diagnostics> {
        let request = pb::renew_ephemeral_resource::Request {
            type_name: self.name.clone(),
            private: Some(opened.private.clone()),
        };
        let response = answer(self.host.rpc.renew_ephemeral_resource(Request::new(request)).await)?;
        opened.warnings = warnings(response.diagnostics)?;
        opened.renew_at = response.renew_at.and_then(|time| SystemTime::try_from(time).ok());
        opened.private = response.private.unwrap_or_default();
        Ok(())
    }

    /// Closes it. Answers with warnings.
    ///
    /// # Errors
    /// The provider fails.
    pub async fn close(&self, opened: Opened) -> Result<Diagnostics, Diagnostics> {
        let request = pb::close_ephemeral_resource::Request {
            type_name: self.name.clone(),
            private: Some(opened.private),
        };
        warnings(answer(self.host.rpc.close_ephemeral_resource(Request::new(request)).await)?.diagnostics)
    }

    async fn ty(&self) -> Result<Type, Diagnostics> {
        Ok(wire::named(&self.host.schemas().await?.ephemeral_resources, &self.name).ty())
    }
}

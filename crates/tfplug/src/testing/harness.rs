//! A host for tests, in process: asks a provider what Terraform asks, in Terraform's order, and judges the
//! answers by Terraform's rules.
//!
//! Everything goes through encoded messages, so that encoding is tested with the rest. What Terraform would
//! refuse is an error here. Never starts a process, and shows nothing of the messages themselves.

mod action;
mod data_source;
mod ephemeral_resource;
mod list_resource;
mod proposed;
mod resource;
mod verdict;
mod wire;
mod written;

pub use action::{Action, Invocation};
pub use data_source::{Answer, DataSource};
pub use ephemeral_resource::{EphemeralResource, Opened};
pub use list_resource::{ListResource, Listing, Object};
pub use resource::{Change, Failure, Instance, Plan, Resource};
pub use written::{Written, shown, unknown};

use crate::diagnostics::Diagnostics;
use crate::function::FunctionError;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::rpc::Rpc;
use crate::value::Value;
use pb::provider_server::Provider as Service;
use serde_json::Value as Json;
use tokio::sync::OnceCell;
use tonic::Request;
use wire::{Schemas, answer, warnings};

/// A host that has started the provider `P` and not configured it yet.
#[derive(Debug)]
pub struct Harness<P: Provider> {
    rpc: Rpc<P>,
    schemas: OnceCell<Schemas>,
    deferral_allowed: bool,
}

impl<P: Provider> Default for Harness<P> {
    fn default() -> Self {
        Self { rpc: Rpc::new(), schemas: OnceCell::new(), deferral_allowed: false }
    }
}

impl<P: Provider> Harness<P> {
    /// A host that does not allow deferral, as Terraform by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// A host that allows deferral.
    pub fn allowing_deferral() -> Self {
        Self { deferral_allowed: true, ..Self::default() }
    }

    /// What the provider finds in a provider block: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.schemas().await?.provider.ty();
            let config = Some(wire::encode(&config.into().value(&ty)?, &ty));
            let request = pb::validate_provider_config::Request { config };
            let response = answer(self.rpc.validate_provider_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Configures the provider with this provider block, after validating it. Answers with warnings.
    ///
    /// # Errors
    /// The provider refuses it.
    pub async fn configure(&self, config: impl Into<Written>) -> Result<Diagnostics, Diagnostics> {
        let ty = self.schemas().await?.provider.ty();
        let config = config.into().value(&ty)?;
        let mut found = self.validate(config.clone()).await;
        found.clone().into_result()?;
        let request = pb::configure_provider::Request {
            terraform_version: "1.15.5".to_owned(),
            config: Some(wire::encode(&config, &ty)),
            client_capabilities: self.capabilities(),
        };
        let response = answer(self.rpc.configure_provider(Request::new(request)).await)?;
        found.extend(warnings(response.diagnostics)?);
        Ok(found)
    }

    /// Asks running work to wind down, as a host does when its user presses Ctrl-C.
    ///
    /// # Errors
    /// The provider does not answer.
    pub async fn stop(&self) -> Result<(), Diagnostics> {
        let answered = answer(self.rpc.stop_provider(Request::new(pb::stop_provider::Request {})).await)?;
        if answered.error.is_empty() {
            Ok(())
        } else {
            Err(Diagnostics::error("Stop failed", answered.error))
        }
    }

    /// The managed resource of this full name.
    pub fn resource(&self, name: &str) -> Resource<'_, P> {
        Resource::new(self, name)
    }

    /// The data source of this full name.
    pub fn data_source(&self, name: &str) -> DataSource<'_, P> {
        DataSource::new(self, name)
    }

    /// The ephemeral resource of this full name.
    pub fn ephemeral_resource(&self, name: &str) -> EphemeralResource<'_, P> {
        EphemeralResource::new(self, name)
    }

    /// The list resource of this full name.
    pub fn list_resource(&self, name: &str) -> ListResource<'_, P> {
        ListResource::new(self, name)
    }

    /// The action of this full name.
    pub fn action(&self, name: &str) -> Action<'_, P> {
        Action::new(self, name)
    }

    /// Calls a function.
    ///
    /// # Errors
    /// The function's own error, or that the host cannot make the call.
    pub async fn call(&self, function: &str, arguments: Vec<Json>) -> Result<Json, FunctionError> {
        let failed = |errors: Diagnostics| FunctionError { text: wire::text(&errors), argument: None };
        let schemas = self.schemas().await.map_err(failed)?;
        let signature = schemas.functions.get(function);
        let mut encoded = Vec::new();
        for (position, argument) in arguments.into_iter().enumerate() {
            // A function that is not there, or takes fewer arguments, is asked all the same.
            let ty = signature.and_then(|signature| signature.parameter(position));
            let ty = ty.unwrap_or(crate::value::Type::Dynamic);
            let value = Written::from(argument).value(&ty).map_err(failed)?;
            encoded.push(wire::encode(&value, &ty));
        }
        let request = pb::call_function::Request { name: function.to_owned(), arguments: encoded };
        let response = answer(self.rpc.call_function(Request::new(request)).await).map_err(failed)?;
        if let Some(pb::FunctionError { text, function_argument }) = response.error {
            let argument = function_argument.and_then(|position| usize::try_from(position).ok());
            return Err(FunctionError { text, argument });
        }
        let returns = signature.map_or(crate::value::Type::Dynamic, |signature| signature.returns.clone());
        let result = wire::decode(response.result.as_ref(), &returns).map_err(failed)?;
        Ok(shown(&result))
    }

    /// The full names of all that the provider offers, as it names them before it tells any schema.
    ///
    /// # Errors
    /// The provider does not answer.
    pub async fn offered(&self) -> Result<Vec<String>, Diagnostics> {
        let offered = answer(self.rpc.get_metadata(Request::new(pb::get_metadata::Request {})).await)?;
        warnings(offered.diagnostics)?;
        let mut names: Vec<String> = offered.resources.into_iter().map(|one| one.type_name).collect();
        names.extend(offered.data_sources.into_iter().map(|one| format!("data.{}", one.type_name)));
        names.extend(offered.functions.into_iter().map(|one| format!("{}()", one.name)));
        names.extend(
            offered.ephemeral_resources.into_iter().map(|one| format!("ephemeral.{}", one.type_name)),
        );
        names.extend(offered.list_resources.into_iter().map(|one| format!("list.{}", one.type_name)));
        names.extend(offered.actions.into_iter().map(|one| format!("action.{}", one.type_name)));
        Ok(names)
    }

    /// The schema of the provider block.
    ///
    /// # Errors
    /// The provider does not tell it.
    pub async fn schema(&self) -> Result<&crate::schema::Schema, Diagnostics> {
        Ok(&self.schemas().await?.provider)
    }

    async fn schemas(&self) -> Result<&Schemas, Diagnostics> {
        let ask = async {
            let schemas = self.rpc.get_provider_schema(Request::new(pb::get_provider_schema::Request {}));
            let identities = pb::get_resource_identity_schemas::Request {};
            let identities = self.rpc.get_resource_identity_schemas(Request::new(identities));
            Schemas::read(answer(schemas.await)?, answer(identities.await)?)
        };
        self.schemas.get_or_try_init(|| ask).await
    }

    fn capabilities(&self) -> Option<pb::ClientCapabilities> {
        Some(pb::ClientCapabilities {
            deferral_allowed: self.deferral_allowed,
            write_only_attributes_allowed: true,
        })
    }

    /// Terraform refuses a deferral that it did not allow.
    fn deferred(
        &self,
        wire: Option<pb::Deferred>,
    ) -> Result<Option<crate::diagnostics::Deferral>, Diagnostics> {
        match wire {
            Some(_) if !self.deferral_allowed => Err(Diagnostics::error(
                "Provider deferred changes when Terraform did not allow deferrals",
                "The host did not allow it.",
            )),
            wire => Ok(wire::deferral(wire)),
        }
    }
}

/// Everything found, whichever way it came.
fn flattened(outcome: Result<Diagnostics, Diagnostics>) -> Diagnostics {
    match outcome {
        Ok(found) | Err(found) => found,
    }
}

/// A value that must not hold anything unknown.
fn wholly_known(value: &Value, summary: &str) -> Result<(), Diagnostics> {
    match value.unknown_paths().first() {
        None => Ok(()),
        Some(path) => Err(verdict::refused(summary, path, "is unknown")),
    }
}

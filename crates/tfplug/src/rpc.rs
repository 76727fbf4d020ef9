//! The provider protocol over gRPC: decodes requests, asks the [`Server`], encodes answers. Never decides
//! anything about a value.

mod action;
mod data_source;
mod decode;
mod encode;
mod ephemeral_resource;
mod function;
mod guard;
mod list_resource;
mod provider;
mod resource;
mod schema;

use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::server::Server;
use guard::guard;
use std::sync::Arc;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;

/// A [`Server`] as the protocol's service.
#[derive(Debug)]
pub(crate) struct Rpc<P: Provider> {
    server: Arc<Server<P>>,
}

impl<P: Provider> Rpc<P> {
    /// A service that is not configured yet.
    pub(crate) fn new() -> Self {
        Self { server: Arc::new(Server::new()) }
    }

    /// The server that answers.
    pub(crate) fn server(&self) -> Arc<Server<P>> {
        Arc::clone(&self.server)
    }
}

// State stores are not offered: their methods keep the generated answer, Unimplemented.
#[tonic::async_trait]
impl<P: Provider> pb::provider_server::Provider for Rpc<P> {
    async fn get_metadata(
        &self,
        _: Request<pb::get_metadata::Request>,
    ) -> Answer<pb::get_metadata::Response> {
        guard("GetMetadata", async { Ok(provider::metadata(&self.server)) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<pb::get_provider_schema::Request>,
    ) -> Answer<pb::get_provider_schema::Response> {
        guard("GetProviderSchema", async { Ok(provider::schema(&self.server)) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Answer<pb::get_resource_identity_schemas::Response> {
        guard("GetResourceIdentitySchemas", async { Ok(provider::identity_schemas(&self.server)) }).await
    }

    async fn get_functions(
        &self,
        _: Request<pb::get_functions::Request>,
    ) -> Answer<pb::get_functions::Response> {
        guard("GetFunctions", async { Ok(function::signatures(&self.server)) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<pb::validate_provider_config::Request>,
    ) -> Answer<pb::validate_provider_config::Response> {
        let work = async { provider::validate(&self.server, &request.into_inner()) };
        guard("ValidateProviderConfig", work).await
    }

    async fn configure_provider(
        &self,
        request: Request<pb::configure_provider::Request>,
    ) -> Answer<pb::configure_provider::Response> {
        guard("ConfigureProvider", provider::configure(&self.server, request.into_inner())).await
    }

    async fn stop_provider(
        &self,
        _: Request<pb::stop_provider::Request>,
    ) -> Answer<pb::stop_provider::Response> {
        self.server.request_stop();
        Ok(Response::new(pb::stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<pb::validate_resource_config::Request>,
    ) -> Answer<pb::validate_resource_config::Response> {
        let work = async { resource::validate(&self.server, &request.into_inner()) };
        guard("ValidateResourceConfig", work).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<pb::upgrade_resource_state::Request>,
    ) -> Answer<pb::upgrade_resource_state::Response> {
        let work = async { resource::upgrade(&self.server, &request.into_inner()) };
        guard("UpgradeResourceState", work).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<pb::upgrade_resource_identity::Request>,
    ) -> Answer<pb::upgrade_resource_identity::Response> {
        let work = async { resource::upgrade_identity(&self.server, &request.into_inner()) };
        guard("UpgradeResourceIdentity", work).await
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Answer<pb::read_resource::Response> {
        guard("ReadResource", resource::read(&self.server, request.into_inner())).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Answer<pb::plan_resource_change::Response> {
        guard("PlanResourceChange", resource::plan(&self.server, request.into_inner())).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Answer<pb::apply_resource_change::Response> {
        guard("ApplyResourceChange", resource::apply(&self.server, request.into_inner())).await
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Answer<pb::import_resource_state::Response> {
        guard("ImportResourceState", resource::import(&self.server, request.into_inner())).await
    }

    async fn move_resource_state(
        &self,
        request: Request<pb::move_resource_state::Request>,
    ) -> Answer<pb::move_resource_state::Response> {
        let work = async { resource::take_over(&self.server, request.into_inner()) };
        guard("MoveResourceState", work).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<pb::generate_resource_config::Request>,
    ) -> Answer<pb::generate_resource_config::Response> {
        let work = async { resource::generate_config(&self.server, &request.into_inner()) };
        guard("GenerateResourceConfig", work).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<pb::validate_data_resource_config::Request>,
    ) -> Answer<pb::validate_data_resource_config::Response> {
        let work = async { data_source::validate(&self.server, &request.into_inner()) };
        guard("ValidateDataResourceConfig", work).await
    }

    async fn read_data_source(
        &self,
        request: Request<pb::read_data_source::Request>,
    ) -> Answer<pb::read_data_source::Response> {
        guard("ReadDataSource", data_source::read(&self.server, request.into_inner())).await
    }

    async fn call_function(
        &self,
        request: Request<pb::call_function::Request>,
    ) -> Answer<pb::call_function::Response> {
        let work = async { Ok(function::call(&self.server, &request.into_inner())) };
        guard("CallFunction", work).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<pb::validate_ephemeral_resource_config::Request>,
    ) -> Answer<pb::validate_ephemeral_resource_config::Response> {
        let work = async { ephemeral_resource::validate(&self.server, &request.into_inner()) };
        guard("ValidateEphemeralResourceConfig", work).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<pb::open_ephemeral_resource::Request>,
    ) -> Answer<pb::open_ephemeral_resource::Response> {
        guard("OpenEphemeralResource", ephemeral_resource::open(&self.server, request.into_inner())).await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<pb::renew_ephemeral_resource::Request>,
    ) -> Answer<pb::renew_ephemeral_resource::Response> {
        guard("RenewEphemeralResource", ephemeral_resource::renew(&self.server, request.into_inner())).await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<pb::close_ephemeral_resource::Request>,
    ) -> Answer<pb::close_ephemeral_resource::Response> {
        guard("CloseEphemeralResource", ephemeral_resource::close(&self.server, request.into_inner())).await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<pb::validate_list_resource_config::Request>,
    ) -> Answer<pb::validate_list_resource_config::Response> {
        let work = async { list_resource::validate(&self.server, &request.into_inner()) };
        guard("ValidateListResourceConfig", work).await
    }

    async fn list_resource(
        &self,
        request: Request<pb::list_resource::Request>,
    ) -> Answer<BoxStream<pb::list_resource::Event>> {
        Ok(Response::new(list_resource::list(Arc::clone(&self.server), request.into_inner())))
    }

    async fn validate_action_config(
        &self,
        request: Request<pb::validate_action_config::Request>,
    ) -> Answer<pb::validate_action_config::Response> {
        let work = async { action::validate(&self.server, &request.into_inner()) };
        guard("ValidateActionConfig", work).await
    }

    async fn plan_action(
        &self,
        request: Request<pb::plan_action::Request>,
    ) -> Answer<pb::plan_action::Response> {
        guard("PlanAction", action::plan(&self.server, request.into_inner())).await
    }

    async fn invoke_action(
        &self,
        request: Request<pb::invoke_action::Request>,
    ) -> Answer<BoxStream<pb::invoke_action::Event>> {
        Ok(Response::new(action::invoke(Arc::clone(&self.server), request.into_inner())))
    }
}

#[cfg(test)]
mod tests;

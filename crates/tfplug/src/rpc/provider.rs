//! The provider itself: what it offers, its own configuration.

use super::{decode, encode, function, schema};
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::{Host, Provider};
use crate::server::Server;
use pb::get_metadata::{
    ActionMetadata, DataSourceMetadata, EphemeralResourceMetadata, FunctionMetadata, ListResourceMetadata,
    ResourceMetadata,
};

fn capabilities() -> Option<pb::ServerCapabilities> {
    Some(pb::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    })
}

/// The full name of something that the provider offers.
fn full<P: Provider>(name: &str) -> String {
    format!("{}_{name}", P::NAME)
}

pub(super) fn metadata<P: Provider>(server: &Server<P>) -> pb::get_metadata::Response {
    let registry = &server.registry;
    let name = |name: &&str| full::<P>(name);
    pb::get_metadata::Response {
        server_capabilities: capabilities(),
        diagnostics: Vec::new(),
        data_sources: registry
            .data_sources
            .keys()
            .map(name)
            .map(|type_name| DataSourceMetadata { type_name })
            .collect(),
        resources: registry
            .resources
            .keys()
            .map(name)
            .map(|type_name| ResourceMetadata { type_name })
            .collect(),
        functions: registry
            .functions
            .keys()
            .map(|name| FunctionMetadata { name: (*name).to_owned() })
            .collect(),
        ephemeral_resources: registry
            .ephemeral_resources
            .keys()
            .map(name)
            .map(|type_name| EphemeralResourceMetadata { type_name })
            .collect(),
        list_resources: registry
            .list_resources
            .keys()
            .map(name)
            .map(|type_name| ListResourceMetadata { type_name })
            .collect(),
        state_stores: Vec::new(),
        actions: registry.actions.keys().map(name).map(|type_name| ActionMetadata { type_name }).collect(),
    }
}

pub(super) fn schema<P: Provider>(server: &Server<P>) -> pb::get_provider_schema::Response {
    let registry = &server.registry;
    pb::get_provider_schema::Response {
        provider: Some(schema::schema(server.schema())),
        resource_schemas: registry
            .resources
            .iter()
            .map(|(name, resource)| (full::<P>(name), schema::resource(resource.schema())))
            .collect(),
        data_source_schemas: registry
            .data_sources
            .iter()
            .map(|(name, source)| (full::<P>(name), schema::schema(source.schema())))
            .collect(),
        ephemeral_resource_schemas: registry
            .ephemeral_resources
            .iter()
            .map(|(name, resource)| (full::<P>(name), schema::schema(resource.schema())))
            .collect(),
        list_resource_schemas: registry
            .list_resources
            .iter()
            .map(|(name, list)| (full::<P>(name), schema::schema(list.schema())))
            .collect(),
        action_schemas: registry
            .actions
            .iter()
            .map(|(name, action)| {
                (full::<P>(name), pb::ActionSchema { schema: Some(schema::schema(action.schema())) })
            })
            .collect(),
        functions: function::signatures(server).functions,
        server_capabilities: capabilities(),
        ..Default::default()
    }
}

pub(super) fn identity_schemas<P: Provider>(
    server: &Server<P>,
) -> pb::get_resource_identity_schemas::Response {
    let with_identity = server.registry.resources.iter().filter_map(|(name, resource)| {
        let attributes = resource.identity();
        (!attributes.is_empty()).then(|| (full::<P>(name), schema::identity(&attributes)))
    });
    pb::get_resource_identity_schemas::Response {
        identity_schemas: with_identity.collect(),
        diagnostics: Vec::new(),
    }
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_provider_config::Request,
) -> Result<pb::validate_provider_config::Response, Diagnostics> {
    let config = decode::config(req.config.as_ref(), &server.schema().ty())?;
    let diagnostics = encode::diagnostics(server.validate(&config));
    Ok(pb::validate_provider_config::Response { diagnostics })
}

pub(super) async fn configure<P: Provider>(
    server: &Server<P>,
    req: pb::configure_provider::Request,
) -> Result<pb::configure_provider::Response, Diagnostics> {
    let config = decode::config(req.config.as_ref(), &server.schema().ty())?;
    server.configure(&config, Host { version: req.terraform_version }).await?;
    Ok(pb::configure_provider::Response::default())
}

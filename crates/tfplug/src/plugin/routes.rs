//! Which service answers which path.
//!
//! Owns the list of services and the size of their messages. Never looks into a request.

use std::convert::Infallible;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{self, HealthServer};
use tonic_health::server::{HealthReporter, HealthService};

use super::broker::Broker;
use super::controller::Controller;
use super::lifecycle::Lifecycle;
use super::stdio::Stdio;
use crate::generated::plugin::grpc_broker_server::{self, GrpcBrokerServer};
use crate::generated::plugin::grpc_controller_server::{self, GrpcControllerServer};
use crate::generated::plugin::grpc_stdio_server::{self, GrpcStdioServer};
use crate::generated::tfplugin6::provider_server::{self, Provider, ProviderServer};

/// What Go providers allow, both ways; the default of 4 MiB is less than the schema of a large provider.
pub(crate) const MAX_MESSAGE: usize = 256 << 20;

/// The name under which a host asks for a plugin's health.
const HEALTH_NAME: &str = "plugin";

/// All services of the process.
#[derive(Debug)]
pub(super) struct Routes<S> {
    provider: ProviderServer<S>,
    controller: GrpcControllerServer<Controller>,
    stdio: GrpcStdioServer<Stdio>,
    broker: GrpcBrokerServer<Broker>,
    health: HealthServer<HealthService>,
}

impl<S: Provider> Routes<S> {
    /// The provider's service, and beside it those that every plugin offers.
    pub(super) async fn new(provider: S, lifecycle: &Lifecycle) -> Self {
        let health = HealthReporter::new();
        health.set_service_status(HEALTH_NAME, ServingStatus::Serving).await;
        Self {
            provider: ProviderServer::new(provider)
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE),
            controller: GrpcControllerServer::new(Controller(lifecycle.clone())),
            stdio: GrpcStdioServer::new(Stdio(lifecycle.clone())),
            broker: GrpcBrokerServer::new(Broker(lifecycle.clone())),
            health: HealthServer::new(HealthService::from_health_reporter(health)),
        }
    }
}

// Derived, this would ask the provider to be `Clone` too; the server holds it behind an `Arc`.
impl<S> Clone for Routes<S> {
    fn clone(&self) -> Self {
        Self {
            provider: self.provider.clone(),
            controller: self.controller.clone(),
            stdio: self.stdio.clone(),
            broker: self.broker.clone(),
            health: self.health.clone(),
        }
    }
}

impl<S: Provider> Service<http::Request<Body>> for Routes<S> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let path = request.uri().path();
        match path.split('/').nth(1) {
            Some(provider_server::SERVICE_NAME) => self.provider.call(request),
            Some(grpc_controller_server::SERVICE_NAME) => self.controller.call(request),
            Some(grpc_stdio_server::SERVICE_NAME) => self.stdio.call(request),
            Some(grpc_broker_server::SERVICE_NAME) => self.broker.call(request),
            Some(health_server::SERVICE_NAME) => self.health.call(request),
            _ => {
                let unknown = tonic::Status::unimplemented(format!("this plugin has no {path}"));
                Box::pin(async move { Ok(unknown.into_http()) })
            }
        }
    }
}

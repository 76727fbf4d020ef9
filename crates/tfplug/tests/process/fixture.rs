//! A provider without a framework, for the tests of the plugin process.
//!
//! Each method does one thing that a test needs; the rest answers Unimplemented.

use std::process::ExitCode;

use tfplug::plugin::{Plugin, serve};
use tfplug::testing::process::tfplugin6 as wire;
use tonic::{Request, Response, Status};

struct Fixture;

#[tonic::async_trait]
impl wire::provider_server::Provider for Fixture {
    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Result<Response<wire::get_provider_schema::Response>, Status> {
        Ok(Response::new(wire::get_provider_schema::Response {
            provider: Some(wire::Schema { version: 0, block: Some(wire::schema::Block::default()) }),
            ..Default::default()
        }))
    }

    /// Logs at every level, under a target of its own crate and under that of a library.
    async fn configure_provider(
        &self,
        _: Request<wire::configure_provider::Request>,
    ) -> Result<Response<wire::configure_provider::Response>, Status> {
        let span = tracing::info_span!("configure", region = "eu-west-1", secret_key = "hunter2");
        span.in_scope(|| {
            tracing::debug!(attempt = 1, session_token = "hunter2", "own debug line");
            tracing::debug!(target: "aws_smithy_runtime::client", "library debug line");
            tracing::warn!(target: "aws_smithy_runtime::client", "library warning");
        });
        tracing::error!("own error line");
        Ok(Response::new(Default::default()))
    }

    /// Gives back the state as it came.
    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Result<Response<wire::upgrade_resource_state::Response>, Status> {
        let json = request.into_inner().raw_state.unwrap_or_default().json;
        let upgraded_state = Some(wire::DynamicValue { msgpack: Vec::new(), json });
        Ok(Response::new(wire::upgrade_resource_state::Response { upgraded_state, ..Default::default() }))
    }

    /// Panics.
    #[expect(clippy::panic, reason = "to see what the process makes of it")]
    async fn read_resource(
        &self,
        _: Request<wire::read_resource::Request>,
    ) -> Result<Response<wire::read_resource::Response>, Status> {
        panic!("the fixture panics\non two lines")
    }

    /// Never answers.
    async fn apply_resource_change(
        &self,
        _: Request<wire::apply_resource_change::Request>,
    ) -> Result<Response<wire::apply_resource_change::Response>, Status> {
        tracing::error!("apply begins");
        std::future::pending().await
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Result<Response<wire::stop_provider::Response>, Status> {
        Ok(Response::new(Default::default()))
    }
}

fn main() -> ExitCode {
    let plugin = Plugin {
        name: "tfplug-process-fixture",
        version: "1.2.3",
        address: "registry.terraform.io/deployrunner/fixture",
    };
    serve(plugin, Fixture, || tracing::error!("stop was asked for"))
}

//! The controller service: the host's way to end the process.
//!
//! Owns the reply to Shutdown. Never waits: the reply has to be out before the process goes.

use tonic::{Request, Response, Status};

use super::lifecycle::{Ending, Lifecycle};
use crate::generated::plugin::Empty;
use crate::generated::plugin::grpc_controller_server::GrpcController;

#[derive(Debug)]
pub(super) struct Controller(pub(super) Lifecycle);

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.end(Ending::Shutdown);
        Ok(Response::new(Empty {}))
    }
}

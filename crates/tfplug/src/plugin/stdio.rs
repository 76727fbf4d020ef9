//! The stdio service: hosts ask for what the plugin prints, for the whole run.
//!
//! Owns a stream that stays open and silent: nothing here prints after the handshake, and logs go to standard
//! error itself. It ends with the process, which could not end gracefully otherwise.

use futures_util::{StreamExt as _, stream};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::lifecycle::Lifecycle;
use crate::generated::plugin::StdioData;
use crate::generated::plugin::grpc_stdio_server::GrpcStdio;

#[derive(Debug)]
pub(super) struct Stdio(pub(super) Lifecycle);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(Box::pin(stream::pending().take_until(self.0.ended()))))
    }
}

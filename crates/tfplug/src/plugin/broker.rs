//! The broker service: hosts hold its stream open and may announce further connections.
//!
//! Owns the answer that there are none. The stream ends when the host closes its side, or with the process.

use futures_util::StreamExt as _;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::lifecycle::Lifecycle;
use crate::generated::plugin::ConnInfo;
use crate::generated::plugin::conn_info::Knock;
use crate::generated::plugin::grpc_broker_server::GrpcBroker;

#[derive(Debug)]
pub(super) struct Broker(pub(super) Lifecycle);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let answers = request.into_inner().filter_map(async |announced| match announced {
            Ok(announced) => refusal(announced).map(Ok),
            Err(status) => Some(Err(status)),
        });
        Ok(Response::new(Box::pin(answers.take_until(self.0.ended()))))
    }
}

/// A host that knocks waits for an answer; one that only announces an address does not.
fn refusal(announced: ConnInfo) -> Option<ConnInfo> {
    announced.knock.filter(|knock| knock.knock).map(|_| ConnInfo {
        service_id: announced.service_id,
        knock: Some(Knock {
            knock: true,
            ack: true,
            error: "this plugin offers no services over further connections".to_owned(),
        }),
        ..ConnInfo::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knock_is_refused_under_its_own_number() {
        let knock = Knock { knock: true, ..Knock::default() };
        let answer = refusal(ConnInfo { service_id: 7, knock: Some(knock), ..ConnInfo::default() }).unwrap();
        assert_eq!(answer.service_id, 7);
        assert!(!answer.knock.unwrap().error.is_empty());
    }

    #[test]
    fn an_announced_address_needs_no_answer() {
        assert_eq!(
            refusal(ConnInfo { service_id: 7, network: "unix".to_owned(), ..ConnInfo::default() }),
            None
        );
    }
}

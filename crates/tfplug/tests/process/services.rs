//! What the process offers beside the provider, and the limits of what it carries.

use futures_util::stream;
use tfplug::testing::process::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplug::testing::process::plugin::{ConnInfo, conn_info};
use tfplug::testing::process::tfplugin6 as wire;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::started;

#[tokio::test]
async fn its_health_is_known_under_the_name_that_hosts_ask_for() {
    let process = started().await;
    let mut health = HealthClient::new(process.connect().await.unwrap());
    let answer = health.check(HealthCheckRequest { service: "plugin".to_owned() }).await.unwrap();
    assert_eq!(answer.into_inner().status(), ServingStatus::Serving);
}

#[tokio::test]
async fn methods_and_services_that_it_lacks_are_unimplemented() {
    let process = started().await;
    let mut provider = process.provider().await.unwrap();
    let refusal = provider.get_functions(wire::get_functions::Request {}).await.unwrap_err();
    assert_eq!(refusal.code(), Code::Unimplemented);
    let refusal = provider.lock_state(wire::lock_state::Request::default()).await.unwrap_err();
    assert_eq!(refusal.code(), Code::Unimplemented);
}

#[tokio::test]
async fn messages_of_many_times_the_usual_limit_pass_both_ways() {
    let process = started().await;
    let json = vec![b'x'; 32 << 20];
    let raw_state = Some(wire::RawState { json: json.clone(), ..Default::default() });
    let request = wire::upgrade_resource_state::Request { raw_state, ..Default::default() };
    let answer = process.provider().await.unwrap().upgrade_resource_state(request).await.unwrap();
    assert!(answer.into_inner().upgraded_state.unwrap().json == json);
}

#[tokio::test]
async fn a_knock_at_the_broker_is_answered_with_a_refusal() {
    let process = started().await;
    let mut broker = GrpcBrokerClient::new(process.connect().await.unwrap());
    let knock = Some(conn_info::Knock { knock: true, ..Default::default() });
    let knocks = stream::iter([ConnInfo { service_id: 3, knock, ..Default::default() }]);
    let mut answers = broker.start_stream(knocks).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!(answer.service_id, 3);
    assert!(!answer.knock.unwrap().error.is_empty());
    assert!(answers.message().await.unwrap().is_none(), "the stream ends with the host's side");
}

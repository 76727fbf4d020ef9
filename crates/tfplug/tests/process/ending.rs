//! How the process ends, and what does not end it.

use std::path::Path;

use futures_util::stream;
use tfplug::testing::process::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplug::testing::process::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplug::testing::process::tfplugin6 as wire;

use crate::{host, signal, started};

#[tokio::test]
async fn an_interrupt_does_not_end_it() {
    let mut process = started().await;
    let mut provider = process.provider().await.unwrap();
    signal("INT", &process);
    signal("INT", &process);
    provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
    assert!(process.shutdown().await.unwrap().success());
}

#[tokio::test]
async fn stop_provider_does_not_end_it() {
    let process = started().await;
    let mut provider = process.provider().await.unwrap();
    provider.stop_provider(wire::stop_provider::Request {}).await.unwrap();
    provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
}

#[tokio::test]
async fn shutdown_ends_it_in_time_whatever_is_still_open() {
    let mut process = host().env("TF_LOG", "warn").start().await.unwrap();
    let channel = process.connect().await.unwrap();
    let mut output = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let announced = stream::pending();
    let mut broker = GrpcBrokerClient::new(channel).start_stream(announced).await.unwrap().into_inner();
    let mut provider = process.provider().await.unwrap();
    let request = wire::apply_resource_change::Request::default();
    let apply = tokio::spawn(async move { provider.apply_resource_change(request).await });
    process.stderr_line("apply begins").await.unwrap();
    let socket = process.handshake().address.clone();
    assert!(Path::new(&socket).exists());

    assert!(process.shutdown().await.unwrap().success());
    assert!(!Path::new(&socket).exists(), "the socket is removed");
    assert!(output.message().await.unwrap().is_none(), "the stdio stream ends in order");
    assert!(broker.message().await.unwrap().is_none(), "the broker stream ends in order");
    assert!(apply.await.unwrap().is_err(), "what could not be finished is cut off");
    assert!(process.stderr().iter().any(|line| line.contains("cut off")), "{:?}", process.stderr());
}

#[tokio::test]
async fn shutdown_waits_only_for_calls_that_are_running() {
    let mut process = host().env("TF_LOG", "warn").start().await.unwrap();
    let channel = process.connect().await.unwrap();
    let _output = GrpcStdioClient::new(channel).stream_stdio(()).await.unwrap();
    assert!(process.shutdown().await.unwrap().success());
    assert!(!process.stderr().iter().any(|line| line.contains("cut off")), "{:?}", process.stderr());
}

#[tokio::test]
async fn a_terminate_signal_ends_it_in_order() {
    let mut process = started().await;
    let socket = process.handshake().address.clone();
    signal("TERM", &process);
    assert!(process.wait().await.unwrap().success());
    assert!(process.stderr().iter().any(|line| line.contains("stop was asked for")));
    assert!(!Path::new(&socket).exists());
    assert_eq!(process.rest_of_stdout().await.unwrap(), "", "nothing follows the handshake");
}

//! What the host finds on standard error.

use serde_json::Value;
use tfplug::testing::process::{Process, tfplugin6 as wire};

use crate::{host, started};

/// The log of a run in which the provider was configured at this level.
async fn configured(level: Option<(&str, &str)>) -> Vec<Value> {
    let host = level.into_iter().fold(host(), |host, (name, value)| host.env(name, value));
    let mut process = host.start().await.unwrap();
    process
        .provider()
        .await
        .unwrap()
        .configure_provider(wire::configure_provider::Request::default())
        .await
        .unwrap();
    process.stderr_line("own error line").await.unwrap();
    entries(&process)
}

fn entries(process: &Process) -> Vec<Value> {
    process.stderr().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said(log: &[Value], message: &str) -> bool {
    log.iter().any(|entry| entry["@message"] == message)
}

#[tokio::test]
async fn without_a_level_only_errors_are_written() {
    let log = configured(None).await;
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!(log[0]["@level"], "error");
    assert_eq!(log[0]["@module"], "tfplug_process_fixture");
    assert!(log[0]["@timestamp"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn the_providers_own_level_goes_before_the_general_one() {
    assert!(said(&configured(Some(("TF_LOG", "debug"))).await, "own debug line"));
    let host = host().env("TF_LOG", "trace").env("TF_LOG_PROVIDER", "error");
    let mut process = host.start().await.unwrap();
    process
        .provider()
        .await
        .unwrap()
        .configure_provider(wire::configure_provider::Request::default())
        .await
        .unwrap();
    process.stderr_line("own error line").await.unwrap();
    assert_eq!(process.stderr().len(), 1);
}

#[tokio::test]
async fn libraries_never_speak_below_warn() {
    let log = configured(Some(("TF_LOG_PROVIDER", "trace"))).await;
    assert!(said(&log, "own debug line") && said(&log, "library warning"));
    assert!(!said(&log, "library debug line"));
    let modules = log.iter().map(|entry| entry["@module"].as_str().unwrap());
    let foreign: Vec<&str> = modules
        .filter(|module| !module.starts_with("tfplug") && *module != "tfplug_process_fixture")
        .collect();
    assert_eq!(foreign, ["aws_smithy_runtime::client"]);
}

#[tokio::test]
async fn fields_are_kept_and_secrets_are_not() {
    let log = configured(Some(("TF_LOG_PROVIDER", "debug"))).await;
    let entry = log.iter().find(|entry| entry["@message"] == "own debug line").unwrap();
    assert_eq!(entry["attempt"], 1);
    assert_eq!(entry["region"], "eu-west-1", "the fields of the span around it");
    assert!(!log.iter().any(|entry| entry.to_string().contains("hunter2")), "{log:?}");
}

#[tokio::test]
async fn a_panic_is_one_line_and_the_process_lives_on() {
    let mut process = started().await;
    let mut provider = process.provider().await.unwrap();
    assert!(provider.read_resource(wire::read_resource::Request::default()).await.is_err());
    let line = process.stderr_line("the fixture panics").await.unwrap();
    let entry: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(entry["@level"], "error");
    assert_eq!(entry["@message"], "panic: the fixture panics\non two lines");
    assert!(entry["location"].as_str().unwrap().contains("fixture.rs"));
    provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
}

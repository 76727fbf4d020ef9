//! Started by a person.

use std::path::Path;

use tfplug::testing::process::{Host, tfplugin6 as wire};

use crate::{fixture, signal};

async fn output(argument: &str) -> (Option<i32>, String, String) {
    let output = Host::bystander(fixture()).arg(argument).refusal().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn without_the_cookie_it_says_what_it_is_and_nothing_on_stdout() {
    for host in [
        Host::bystander(fixture()),
        Host::plain_text(fixture()).env("TF_PLUGIN_MAGIC_COOKIE", "something else"),
    ] {
        let output = host.refusal().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("is a plugin") && text.contains("deployrunner/fixture"), "{text}");
    }
}

#[tokio::test]
async fn the_version_is_name_and_number() {
    for argument in ["--version", "-version"] {
        assert_eq!(
            output(argument).await,
            (Some(0), "tfplug-process-fixture 1.2.3\n".to_owned(), String::new())
        );
    }
}

#[tokio::test]
async fn help_lists_every_argument() {
    let (code, stdout, _) = output("--help").await;
    assert_eq!(code, Some(0));
    assert!(["--debug", "--version", "--help", "TF_LOG_PROVIDER"].iter().all(|word| stdout.contains(word)));
}

#[tokio::test]
async fn an_unknown_argument_is_named_and_refused() {
    let (code, stdout, stderr) = output("--verbose").await;
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("--verbose"), "{stderr}");
}

#[tokio::test]
async fn debug_prints_how_to_attach_and_serves_until_interrupted() {
    let mut process = Host::bystander(fixture()).arg("--debug").spawn().unwrap();
    let value: serde_json::Value = serde_json::from_str(&process.reattach().await.unwrap()).unwrap();
    let provider = &value["registry.terraform.io/deployrunner/fixture"];
    assert_eq!(provider["Protocol"], "grpc");
    assert_eq!(provider["ProtocolVersion"], 6);
    assert_eq!(provider["Pid"], process.id().unwrap());
    assert_eq!(provider["Test"], true);
    assert_eq!(provider["Addr"]["Network"], "unix");
    let socket = provider["Addr"]["String"].as_str().unwrap().to_owned();

    process
        .provider()
        .await
        .unwrap()
        .get_provider_schema(wire::get_provider_schema::Request {})
        .await
        .unwrap();
    assert!(Path::new(&socket).exists());
    signal("INT", &process);
    assert!(process.wait().await.unwrap().success());
    assert!(!Path::new(&socket).exists());
}

//! Who may connect: the host that started the process, and nobody else.

use tfplug::testing::process::{Host, HostIdentity, Process, provider_on, tfplugin6 as wire};

use crate::{fixture, host, started};

/// Whether a caller with this certificate gets an answer. With TLS 1.3 a refusal may come after the
/// connection.
async fn is_answered(process: &Process, identity: Option<&HostIdentity>) -> bool {
    match process.connect_as(identity).await {
        Err(_) => false,
        Ok(channel) => {
            provider_on(channel).get_provider_schema(wire::get_provider_schema::Request {}).await.is_ok()
        }
    }
}

/// A process, and the identity of the host that started it.
async fn started_by(identity: &HostIdentity) -> Process {
    Host::plain_text(fixture()).env("PLUGIN_CLIENT_CERT", identity.pem()).start().await.unwrap()
}

#[tokio::test]
async fn the_host_is_let_in_with_either_version_of_tls() {
    let identity = HostIdentity::new().unwrap();
    let process = started_by(&identity).await;
    assert!(is_answered(&process, Some(&identity)).await);
    assert!(is_answered(&process, Some(&identity.tls12_only())).await);
}

#[tokio::test]
async fn nobody_is_let_in_without_a_certificate() {
    let mut process = host().env("TF_LOG", "warn").start().await.unwrap();
    assert!(!is_answered(&process, None).await);
    process.stderr_line("did not prove to be the host").await.unwrap();
}

#[tokio::test]
async fn nobody_is_let_in_with_another_certificate() {
    let process = started().await;
    assert!(!is_answered(&process, Some(&HostIdentity::new().unwrap())).await);
    assert!(!is_answered(&process, Some(&HostIdentity::new().unwrap().tls12_only())).await);
}

#[tokio::test]
async fn nobody_is_let_in_who_knows_the_certificate_but_not_its_key() {
    let identity = HostIdentity::new().unwrap();
    let process = started_by(&identity).await;
    let thief = identity.with_key_of(&HostIdentity::new().unwrap());
    assert!(!is_answered(&process, Some(&thief)).await);
    assert!(!is_answered(&process, Some(&thief.tls12_only())).await);
}

#[tokio::test]
async fn a_refused_caller_does_not_disturb_the_host() {
    let process = started().await;
    let mut provider = process.provider().await.unwrap();
    assert!(!is_answered(&process, None).await);
    provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
}

#[tokio::test]
async fn a_host_without_tls_is_served_in_plain_text() {
    let process = Host::plain_text(fixture()).start().await.unwrap();
    assert!(is_answered(&process, None).await);
}

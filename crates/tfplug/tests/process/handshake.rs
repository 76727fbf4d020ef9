//! What the host reads first.

use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;

use tfplug::testing::process::Host;

use crate::{fixture, host, started};

#[tokio::test]
async fn the_line_has_six_fields_and_the_certificate_is_long_enough_to_be_seen() {
    let process = started().await;
    let handshake = process.handshake();
    let fields: Vec<&str> = handshake.line.split('|').collect();
    assert!(
        matches!(fields.as_slice(), ["1", "6", "unix", _, "grpc", certificate] if certificate.len() > 50)
    );
    assert!(!handshake.line.contains('='), "base64 without padding");
    assert!(Path::new(&handshake.address).is_absolute());
}

#[tokio::test]
async fn without_a_client_certificate_the_sixth_field_is_empty() {
    let process = Host::plain_text(fixture()).start().await.unwrap();
    let handshake = process.handshake();
    assert_eq!(handshake.line, format!("1|6|unix|{}|grpc|", handshake.address));
}

#[tokio::test]
async fn hosts_that_ask_about_multiplexing_are_told_no() {
    let process = host().env("PLUGIN_MULTIPLEX_GRPC", "true").start().await.unwrap();
    assert_eq!(process.handshake().multiplexing.as_deref(), Some("false"));
}

#[tokio::test]
async fn a_host_without_protocol_6_is_refused_before_the_handshake() {
    for refused in
        [host().env("PLUGIN_PROTOCOL_VERSIONS", "4,5"), host().env_remove("PLUGIN_PROTOCOL_VERSIONS")]
    {
        let output = refused.refusal().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let entry: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(entry["@level"], "error");
        assert!(entry["@message"].as_str().unwrap().contains("PLUGIN_PROTOCOL_VERSIONS"));
    }
}

#[tokio::test]
async fn a_client_certificate_that_is_none_is_refused_rather_than_served_in_plain_text() {
    let output = host().env("PLUGIN_CLIENT_CERT", "garbage").refusal().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}

#[tokio::test]
async fn only_the_user_may_open_the_socket() {
    let process = started().await;
    let socket = std::fs::metadata(&process.handshake().address).unwrap();
    assert!(socket.file_type().is_socket());
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn the_socket_is_where_the_host_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    let process = host().env("PLUGIN_UNIX_SOCKET_DIR", folder.path()).start().await.unwrap();
    assert!(Path::new(&process.handshake().address).starts_with(folder.path()));
    process.provider().await.unwrap();
}

#[tokio::test]
async fn a_temporary_folder_with_a_long_path_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("x".repeat(110));
    std::fs::create_dir(&long).unwrap();
    let process = host().env("TMPDIR", &long).start().await.unwrap();
    assert_eq!(process.handshake().network, "unix");
    assert!(!process.handshake().address.contains("xxx"));
    process.provider().await.unwrap();
}

#[tokio::test]
async fn where_no_socket_can_be_made_there_is_a_loopback_port_in_the_hosts_range() {
    let process = host().env("PLUGIN_UNIX_SOCKET_GROUP", "no such group").start().await.unwrap();
    assert_eq!(process.handshake().network, "tcp");
    let (ip, port) = process.handshake().address.split_once(':').unwrap();
    assert_eq!(ip, "127.0.0.1");
    assert!((10_000..=25_000).contains(&port.parse::<u16>().unwrap()));
    process.provider().await.unwrap();
}

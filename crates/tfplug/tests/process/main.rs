//! The plugin process from outside: a real binary, spoken to as a host speaks to it.
#![cfg(unix)]
#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "what every test here shares runs outside of a test function")
)]

mod by_hand;
mod ending;
mod handshake;
mod logs;
mod services;
mod tls;

use tfplug::testing::process::{Host, Process};

/// The provider in `fixture.rs`.
fn fixture() -> &'static str {
    env!("CARGO_BIN_EXE_tfplug-process-fixture")
}

/// A host with everything as usual.
fn host() -> Host {
    Host::new(fixture()).unwrap()
}

async fn started() -> Process {
    host().start().await.unwrap()
}

/// Sends a signal as a shell would.
fn signal(name: &str, process: &Process) {
    let id = process.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
}

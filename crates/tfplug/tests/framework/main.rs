//! The framework from a provider author's side: small providers, driven by the in-process host.
#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "what every test here shares runs outside of a test function")
)]

mod action;
mod data_source;
mod deferral;
mod ephemeral_resource;
mod function;
mod host;
mod list_resource;
mod provider;
mod resource_apply;
mod resource_import;
mod resource_plan;
mod resource_read;
mod resource_upgrade;
mod stub;

use tfplug::diagnostics::{Diagnostics, Severity};

/// The summaries and details of all errors, a line each.
fn errors(found: &Diagnostics) -> String {
    texts(found, Severity::Error)
}

/// The same of all warnings.
fn warnings(found: &Diagnostics) -> String {
    texts(found, Severity::Warning)
}

fn texts(found: &Diagnostics, severity: Severity) -> String {
    let found = found.iter().filter(|one| one.severity == severity);
    found.map(|one| format!("{}: {}", one.summary, one.detail)).collect::<Vec<_>>().join("\n")
}

/// The places that the diagnostics name.
fn places(found: &Diagnostics) -> Vec<String> {
    found.iter().filter_map(|one| one.path.as_ref()).map(ToString::to_string).collect()
}

//! Write Terraform and OpenTofu providers in Rust.
//!
//! A provider declares what it has, each thing once: a struct by [`object!`] is schema, decoding, encoding
//! and documentation; a trait is what can be done with it. The framework owns the rest: the plugin process,
//! protocol 6, Terraform's rules for plans, errors that name the attribute.
//!
//! The modules, from what a provider author says to what the machinery does: [`provider`], [`resource`],
//! [`data_source`], [`function`], [`ephemeral_resource`], [`list_resource`], [`action`]; their vocabulary
//! [`schema`], [`value`], [`path`], [`diagnostics`], [`context`]; Terraform's rules [`plan`]; pages for a
//! registry [`docs`]; then the server, the wire and the process, which [`serve`] runs.

pub mod action;
pub mod context;
pub mod data_source;
pub mod diagnostics;
pub mod docs;
pub mod ephemeral_resource;
pub mod function;
pub mod list_resource;
pub mod path;
pub mod plan;
pub mod plugin;
pub mod provider;
pub mod resource;
pub mod schema;
pub mod value;

mod generated;
mod rpc;
mod server;

#[cfg(feature = "testing")]
pub mod testing;

use std::process::ExitCode;

/// Runs a provider as a plugin process: what `main` calls, and whose exit code it returns.
///
/// Reads the command line and the environment, shakes hands with the host, and answers it until it asks for
/// the end. See [`plugin::Plugin`] for who the plugin says it is.
pub fn serve<P: provider::Provider>(plugin: plugin::Plugin) -> ExitCode {
    let rpc = rpc::Rpc::<P>::new();
    let server = rpc.server();
    plugin::serve(plugin, rpc, move || server.request_stop())
}

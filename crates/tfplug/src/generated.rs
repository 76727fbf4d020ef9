//! The wire contracts as Rust: messages, service traits, and (feature `testing`) clients.
//!
//! Made from `proto/` by `cargo xtask codegen` and never edited. Named by `rpc`, `plugin` and `testing` only:
//! the rest of the crate, and every provider, knows the framework's own vocabulary instead.

/// Terraform's provider protocol, major version 6.
#[expect(clippy::allow_attributes, clippy::allow_attributes_without_reason, reason = "see below")]
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    reason = "generated: documented in proto/, shaped by the generator, used in part"
)]
pub mod tfplugin6;

/// The services that every plugin process offers its host.
#[expect(clippy::allow_attributes, clippy::allow_attributes_without_reason, reason = "see below")]
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "generated: documented in proto/, shaped by the generator, used in part"
)]
pub mod plugin;

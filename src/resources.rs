//! The managed resources: a line each.

mod account_runner;
mod elevation;
mod oidc_provider;
mod task_role;

use crate::provider::Client;
use tfplug::provider::Registry;

/// Adds every resource.
pub fn register(registry: Registry<Client>) -> Registry<Client> {
    registry
        .resource::<account_runner::AccountRunner>()
        .resource::<elevation::Elevation>()
        .resource::<oidc_provider::OidcProvider>()
        .resource::<task_role::TaskRole>()
}

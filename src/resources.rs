//! The managed resources: a line each.

mod elevation;
mod task_role;

use crate::provider::Client;
use tfplug::provider::Registry;

/// Adds every resource.
pub fn register(registry: Registry<Client>) -> Registry<Client> {
    registry.resource::<elevation::Elevation>().resource::<task_role::TaskRole>()
}

//! What AWS says about its actions (services, access levels, resource types, condition keys), and what is in the
//! policies that it manages.
//!
//! Owns the data, its date, and looking things up in it; all of it is part of the program and read on first use,
//! service by service. Never asks AWS, and never guesses: a name that the data does not know is [`UnknownAction`],
//! which is not the same as an action that does nothing, for AWS adds several a day.

mod action;
mod generated;
mod level;
mod managed_policy;
mod resource_type;
mod service;
mod unknown;

pub use action::Action;
pub use level::{AccessLevel, AccessLevelError};
pub use managed_policy::{ManagedPolicy, UnknownManagedPolicy, managed_policies, managed_policy};
pub use resource_type::ResourceType;
pub use service::Service;
pub use unknown::UnknownAction;

use generated::services::SERVICES;

/// The day of the data about actions, as `YYYY-MM-DD`. Newer actions are unknown.
pub const DATE: &str = generated::services::DATE;

/// The package that the data about actions comes from, and its version.
pub const SOURCE: &str = generated::services::SOURCE;

/// The day of the newest AWS-managed policy in the data, as `YYYY-MM-DD`. Newer versions are unknown.
pub const MANAGED_POLICIES_DATE: &str = generated::managed_policies::DATE;

/// The package that the AWS-managed policies come from, and its version.
pub const MANAGED_POLICIES_SOURCE: &str = generated::managed_policies::SOURCE;

/// Every service, sorted by prefix.
pub fn services() -> impl ExactSizeIterator<Item = &'static Service> {
    SERVICES.iter()
}

/// The service of that prefix, in any case.
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    let at = SERVICES.binary_search_by(|service| service::ignoring_case(service.prefix(), prefix)).ok()?;
    SERVICES.get(at)
}

/// The action of that whole name, such as `s3:GetObject`, in any case.
///
/// # Errors
///
/// The name is not in the data: the action is newer, or there is none. A wildcard is no name.
pub fn action(name: &str) -> Result<&'static Action, UnknownAction> {
    let (prefix, short) = name.split_once(':').unwrap_or((name, ""));
    service(prefix).and_then(|service| service.action(short)).ok_or_else(|| UnknownAction::new(name))
}

#[cfg(test)]
mod tests;

//! What AWS says about its actions (services, access levels, resource types, condition keys), what is in the policies
//! that it manages, and which actions are dangerous beyond their level: [`secrets`] and [`escalation`].
//!
//! Owns the data, its date, and looking things up in it; all of it is part of the program and read on first use,
//! service by service. Never asks AWS, and never guesses: a name that the data does not know is [`UnknownAction`],
//! which is not the same as an action that does nothing, for AWS adds several a day.

mod action;
mod cloudformation;
mod destroys;
pub mod escalation;
mod generated;
mod global;
mod handlers;
mod level;
mod managed_policy;
mod operation;
mod packed;
mod resource_actions;
mod resource_type;
pub mod secrets;
mod service;
mod terraform;
mod unknown;
mod unknown_resource_type;

pub use action::Action;
pub use level::{AccessLevel, AccessLevelError};
pub use managed_policy::{ManagedPolicy, UnknownManagedPolicy, managed_policies, managed_policy};
pub use operation::Operation;
pub use resource_actions::ResourceActions;
pub use resource_type::ResourceType;
pub use service::Service;
pub use unknown::UnknownAction;
pub use unknown_resource_type::UnknownResourceType;

use generated::services::SERVICES;

/// The day of the data about actions, as `YYYY-MM-DD`. Newer actions are unknown.
pub const DATE: &str = generated::services::DATE;

/// The package that the data about actions comes from, and its version.
pub const SOURCE: &str = generated::services::SOURCE;

/// The day of the newest AWS-managed policy in the data, as `YYYY-MM-DD`. Newer versions are unknown.
pub const MANAGED_POLICIES_DATE: &str = generated::managed_policies::DATE;

/// The package that the AWS-managed policies come from, and its version.
pub const MANAGED_POLICIES_SOURCE: &str = generated::managed_policies::SOURCE;

/// The day of the schemas of CloudFormation's resource types, as `YYYY-MM-DD`. Newer types are unknown.
pub const CLOUDFORMATION_DATE: &str = generated::cloudformation::DATE;

/// The package that those schemas come from, and its version.
pub const CLOUDFORMATION_SOURCE: &str = generated::cloudformation::SOURCE;

/// The release of Terraform's AWS provider whose resource types are known.
pub const AWS_PROVIDER: &str = generated::terraform::AWS_PROVIDER;

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

/// What the operations on resources of a type take. The type is one of CloudFormation, such as `AWS::S3::Bucket`, of
/// Terraform's AWS provider, such as `aws_s3_bucket`, or of its Cloud Control provider, such as `awscc_s3_bucket`.
///
/// # Errors
///
/// No such type is in the data: it is newer, or there is none. Case counts.
pub fn resource_type(name: &str) -> Result<ResourceActions, UnknownResourceType> {
    ResourceActions::find(name)
}

/// The names that [`resource_type`] knows: CloudFormation's, the AWS provider's, the Cloud Control provider's.
pub fn resource_types() -> impl Iterator<Item = String> {
    cloudformation::names().chain(terraform::names()).chain(cloudformation::awscc_names())
}

#[cfg(test)]
mod tests;

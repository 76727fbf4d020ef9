//! Terraform and OpenTofu provider for the IAM side of a CI/CD deploy runner on AWS.
//!
//! In reading order: what the provider is and offers; its resources, data sources and functions; a role for one task; what
//! users write as trust and permissions, turned into policy documents; what holds for every role; the life of one role; AWS.

// The futures of the AWS SDK nest deeper than the compiler's default limit.
#![recursion_limit = "256"]

pub mod provider;
pub mod resources;

pub mod data_sources;
pub mod functions;

mod task_role;

pub mod guard;
pub mod home;
pub mod permissions;
pub mod trust;

pub mod checks;
pub mod policy_size;
pub mod session_duration;
pub mod tags;
pub mod task;
pub mod unique_suffix;

pub mod role;

pub mod aws;

pub use provider::DeployRunner;

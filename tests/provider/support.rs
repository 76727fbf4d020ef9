//! What every acceptance test stands on, and the words it is written in.
//!
//! A test is a function of a [`Site`]: one Terraform, one emulator, and an AWS account that nobody else uses. It
//! writes a configuration into a [`Workspace`] and runs Terraform there; through the site's [`Account`] it looks at
//! AWS directly, changes things behind Terraform's back, asks for faults, and counts calls. A site whose test passed
//! must be empty: a role or a policy left behind fails the test.

mod account;
mod api;
mod configuration;
mod emulator;
pub(crate) mod function;
pub(crate) mod ground;
mod memory;
mod oidc_provider;
mod role;
mod shown;
mod site;
mod terraform;
mod trials;
mod workspace;

pub(crate) use account::Account;
pub(crate) use api::Api;
pub(crate) use emulator::{Emulator, Fault, Server};
pub(crate) use ground::{Ground, root};
pub(crate) use memory::Peak;
pub(crate) use shown::{Plan, State};
pub(crate) use site::Site;
pub(crate) use terraform::{Output, Terraform};
pub(crate) use workspace::Workspace;

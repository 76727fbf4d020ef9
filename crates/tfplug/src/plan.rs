//! Terraform's rules for a plan, in one place: defaults, computed and unknown, kept and replaced, and
//! that a plan never contradicts the configuration. Pure; never asks a provider anything.
//!
//! The rules are those of Terraform's "resource instance change lifecycle" document.

mod conform;
mod fill;
mod replace;
mod settle;
mod write_only;

pub use conform::conform;
pub use fill::fill;
pub use replace::replaced;
pub use settle::settle;
pub use write_only::without_write_only;

#[cfg(test)]
mod tests;

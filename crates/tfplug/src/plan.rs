//! Terraform's rules for a plan, in one place: defaults, computed and unknown, kept and replaced, and
//! that a plan never contradicts the configuration. Pure; never asks a provider anything.
//!
//! The rules are those of Terraform's "resource instance change lifecycle" document.

mod conform;
mod fill;
mod replace;

pub use conform::conform;
pub use fill::{fill, settle};
pub use replace::replaced;

#[cfg(test)]
mod tests;

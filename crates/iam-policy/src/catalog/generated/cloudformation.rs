//! What `data/cloudformation` is made of, made by `cargo xtask catalog`. Never edited by hand.

pub(crate) const SOURCE: &str = "cfn-lint 1.58.0";
pub(crate) const DATE: &str = "2026-10-20";

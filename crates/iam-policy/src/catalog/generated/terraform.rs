//! What `data/terraform` is made of, made by `cargo xtask catalog`. Never edited by hand.

pub(crate) const AWS_PROVIDER: &str = "6.62.0";

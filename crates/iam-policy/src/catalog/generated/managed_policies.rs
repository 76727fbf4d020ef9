//! The chunks of AWS-managed policies, made by `cargo xtask catalog`. Never edited by hand.

pub(crate) const SOURCE: &str = "moto 5.2.5";
pub(crate) const DATE: &str = "2026-09-30";

chunks! {
    "0"
    "1"
    "2"
    "3"
    "4"
    "5"
    "6"
}

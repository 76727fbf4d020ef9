//! `analyze` finds every secret and every escalation of the catalogue in any disguise, and none that is taken away.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "the helpers are tests too, over names of the catalogue"
)]

mod disguise;
mod found;
mod managed;
mod taken_away;

//! `analyze` finds every secret and every escalation of the catalogue in any disguise, and none that is taken away.

mod disguise;
mod found;
mod managed;
mod taken_away;

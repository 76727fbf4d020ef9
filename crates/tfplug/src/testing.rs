//! Ways to drive a provider in tests: in process, as a host would call it, and as a real process over its
//! real socket.

pub mod harness;
pub mod process;

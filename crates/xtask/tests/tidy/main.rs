//! What holds for the tree as a whole and no compiler checks.
//!
//! This file is the table of contents. Each test is a claim, and its failure says which file, which line, and what
//! to do. An exception is one line in a list, with its reason.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod boundaries;
mod dependencies;
mod files;
mod guard;
mod nouns;
mod source;
mod text;

use std::path::Path;

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Fails the test with every fault, a line each.
#[track_caller]
fn assert_none(faults: &[String], remedy: &str) {
    assert!(faults.is_empty(), "{remedy}\n  {}\n", faults.join("\n  "));
}

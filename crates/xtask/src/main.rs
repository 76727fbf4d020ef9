//! The project's own tasks: `cargo xtask TASK [ARGUMENT…]`.
//!
//! Owns the list of tasks and what the command line looks like. What a task does is in the file of its name;
//! a new one is that file, its `mod` line and a line in [`TASKS`].

mod catalog;
mod codegen;
mod dist;
mod docs;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// What a task gives back: a failure is shown to the person who called it, as it stands.
type Outcome = Result<(), Box<dyn Error>>;

/// A task's name, what it does, and the function that does it with the arguments after its name.
type Task = (&'static str, &'static str, fn(&[String]) -> Outcome);

const TASKS: &[Task] = &[
    (
        "catalog",
        "make the data of crates/iam-policy from pinned packages; --check only compares",
        catalog::run,
    ),
    ("codegen", "compile proto/ into crates/tfplug/src/generated; --check only compares", codegen::run),
    ("dist", "build this platform's release assets into target/dist", dist::run),
    ("docs", "write docs/ from the schema and examples/; --check only compares", docs::run),
];

#[expect(clippy::print_stderr, reason = "a command-line tool reports to the person who called it")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = arguments.split_first().and_then(|(name, rest)| {
        TASKS.iter().find(|(known, ..)| known == name).map(|(_, _, run)| (name, run, rest))
    });
    let Some((name, run, rest)) = task else {
        eprintln!("usage: cargo xtask TASK [ARGUMENT…]\n\ntasks:");
        for (name, summary, _) in TASKS {
            eprintln!("  {name:<10} {summary}");
        }
        return ExitCode::from(2);
    };
    match run(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace, wherever the task is called from.
fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

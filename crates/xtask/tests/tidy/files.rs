//! What holds for each file by itself: its header, its name, its size.

use crate::assert_none;
use crate::source::files;

/// The most lines of code in a file: what a reviewer can keep in mind.
const MOST_LINES: usize = 400;

#[test]
fn every_rust_file_opens_with_what_it_owns() {
    let faults: Vec<String> = files(&[".rs"])
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    assert_none(&faults, "begin these files with `//!`: what the file owns and what it never does");
}

#[test]
fn modules_are_files_of_their_own_name() {
    let faults: Vec<String> = files(&[".rs"])
        .into_iter()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| file.path)
        .collect();
    assert_none(&faults, "move these to `<name>.rs` beside the folder `<name>`");
}

#[test]
fn no_file_is_too_long() {
    let test_module = |path: &str| path.ends_with("/tests.rs");
    let long = files(&[".rs"]).into_iter().filter(|file| !test_module(&file.path)).filter_map(|file| {
        let lines = file.code().len();
        (lines > MOST_LINES).then(|| format!("{}: {lines} lines of code", file.path))
    });
    assert_none(&long.collect::<Vec<_>>(), &format!("split these files: at most {MOST_LINES} lines of code"));
}

#[test]
fn no_file_is_named_for_what_is_left_over() {
    const VAGUE: [&str; 7] = ["utils", "common", "helpers", "misc", "types", "models", "manager"];
    let vague = |path: &str| {
        let mut parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        parts.any(|part| VAGUE.contains(&part))
    };
    let faults: Vec<String> =
        files(&[".rs", ".py"]).into_iter().filter(|file| vague(&file.path)).map(|file| file.path).collect();
    assert_none(&faults, "name these for what they own");
}

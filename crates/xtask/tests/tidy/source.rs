//! The files of the tree, and what of a Rust file is code. Never judges one.

use std::fs;
use std::path::Path;

use crate::root;

/// Folders in which nothing is written by hand.
const NOT_OURS: [&str; 3] = [".git", "target", "generated"];

/// One text file of the tree.
pub(crate) struct File {
    /// Its path below the root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

/// One line of code: its number from 1, and what it says without a comment behind it.
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: usize,
    /// Without indentation.
    pub(crate) code: &'a str,
}

/// Every text file whose name ends with one of `endings`, in order of path.
pub(crate) fn files(endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    collect(root(), "", endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no file ends with any of {endings:?}: the tree is not where it was");
    found
}

fn collect(folder: &Path, path: &str, endings: &[&str], found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                collect(&entry.path(), &path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(File { path, text: fs::read_to_string(entry.path()).unwrap() });
        }
    }
}

impl File {
    /// The lines of code: neither blank, nor a comment, nor in the test module at the end.
    pub(crate) fn code(&self) -> Vec<Line<'_>> {
        let before_tests = self.text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = before_tests.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
            .map(|(number, line)| Line { number, code: line.split(" // ").next().unwrap_or(line) })
            .collect()
    }
}

/// Whether `code` names `name`: a path, a crate, or the beginning of crates' names when it ends with `_`.
pub(crate) fn names(code: &str, name: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, rest) = code.split_at(at);
        let after = rest.split_at(name.len()).1;
        let begins = !before.ends_with(|letter| part_of_word(letter) || letter == '"');
        let ends = name.ends_with('_') || !after.starts_with(part_of_word);
        begins && ends
    })
}

#[test]
fn a_name_is_found_as_a_word_and_not_inside_another() {
    assert!(names("use tonic::Status;", "tonic"));
    assert!(names("let x: aws_sdk_iam::Client;", "aws_sdk_"));
    assert!(!names("fn tonic_water() {}", "tonic"));
    assert!(!names("let isotonic = 1;", "tonic"));
    assert!(!names("write(\"tonic\")", "tonic"));
}

#[test]
fn code_ends_where_the_test_module_begins_and_has_no_comments() {
    let text = "//! Header.\n\nfn a() {} // why\n// note\nfn b() {}\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
    let file = File { path: "x.rs".into(), text: text.into() };
    let code: Vec<(usize, &str)> = file.code().iter().map(|line| (line.number, line.code)).collect();
    assert_eq!(code, [(3, "fn a() {}"), (5, "fn b() {}")]);
}

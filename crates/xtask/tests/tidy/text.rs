//! What must not stand in any text of the tree.

use crate::source::{File, files};
use crate::{assert_none, root};

/// Every kind of text that is written by hand.
const TEXT: &[&str] =
    &[".rs", ".md", ".toml", ".tf", ".hcl", ".sh", ".py", ".proto", ".json", ".txt", "Makefile", "run"];

/// The lines of `files` in which `wrong` finds something.
fn faults(files: &[File], wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = files.iter().flat_map(|file| file.text.lines().enumerate().map(move |line| (file, line)));
    lines
        .filter(|(_, (_, line))| wrong(line))
        .map(|(file, (index, line))| format!("{}:{}: {}", file.path, index + 1, line.trim()))
        .collect()
}

#[test]
fn no_line_ends_with_a_space() {
    let found = faults(&files(TEXT), |line| line.ends_with([' ', '\t']));
    assert_none(&found, "remove the spaces at the end of these lines");
}

#[test]
fn every_file_ends_with_one_line_break() {
    let wrong =
        |file: &File| !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n"));
    let found: Vec<String> = files(TEXT).into_iter().filter(wrong).map(|file| file.path).collect();
    assert_none(&found, "end these files with one line break");
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let words = [["to", "do!"], ["unimplem", "ented!"], ["FIX", "ME"], ["TO", "DO"], ["XX", "X"]]
        .map(|parts| parts.concat());
    let found = faults(&files(TEXT), |line| words.iter().any(|word| line.contains(word.as_str())));
    assert_none(&found, "do these, or put them where work is planned");
}

#[test]
fn documents_and_contracts_name_no_path_of_one_machine() {
    let here = root().canonicalize().unwrap().display().to_string();
    let machines = [here.as_str(), "/home/", "/root/", "/Users/", "/tmp/"];
    let found = faults(&files(&[".md", ".proto"]), |line| machines.iter().any(|path| line.contains(path)));
    assert_none(&found, "write paths from the root of the tree");
}

/// The targets of a line's links, as far as they are files of the tree.
fn linked_files(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut found = Vec::new();
    for file in files(&[".md"]) {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for target in file.text.lines().flat_map(linked_files) {
            if !folder.join(target).exists() {
                found.push(format!("{}: {target}", file.path));
            }
        }
    }
    assert_none(&found, "these links lead nowhere");
}

//! `cargo xtask catalog`: pinned packages become the data files of `crates/iam-policy/src/catalog/`.
//!
//! Owns which parts the catalogue has, and that the committed files are exactly what the parts give. What a part is
//! made of and how it is written down is in its own file; where packages come from is in `packages`.

mod packages;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::{Outcome, workspace};

/// Files by their path below a part's place, with `/`.
type Files = BTreeMap<String, Vec<u8>>;

/// What makes the files of a part.
type Generate = fn() -> Result<Files, Box<dyn Error>>;

/// A part of the catalogue: the name that chooses it, the folder below `crates/iam-policy/src/catalog/` of which it owns every file,
/// and what makes them.
struct Part {
    name: &'static str,
    folder: &'static str,
    generate: Generate,
}

const PARTS: &[Part] = &[];

const USAGE: &str =
    "takes --check, which only compares, and names of parts; without names it makes all of them";

/// Runs the task: writes the files of the parts named, or of all; `--check` fails if they are not what it would write.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let check = arguments.iter().any(|argument| argument == "--check");
    let named: Vec<&String> = arguments.iter().filter(|argument| *argument != "--check").collect();
    if let Some(unknown) = named.iter().find(|name| PARTS.iter().all(|part| part.name != name.as_str())) {
        let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        return Err(format!("{USAGE}; there is no part `{unknown}`, only {}", known.join(", ")).into());
    }
    let mut faults = Vec::new();
    for part in PARTS.iter().filter(|part| named.is_empty() || named.iter().any(|name| *name == part.name)) {
        let folder = workspace().join("crates/iam-policy/src/catalog").join(part.folder);
        let fresh = (part.generate)().map_err(|error| format!("{}: {error}", part.name))?;
        if check { faults.extend(differences(&folder, &fresh)?) } else { replace(&folder, &fresh)? }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\nxtask catalog: ").into()) }
}

/// Makes `folder` hold the files given and no other.
fn replace(folder: &Path, fresh: &Files) -> Outcome {
    fs::create_dir_all(folder)?;
    for name in names(folder)?.iter().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, content) in fresh {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// A line for each file that is missing, too many, or other than what would be written.
fn differences(folder: &Path, fresh: &Files) -> Result<Vec<String>, Box<dyn Error>> {
    let shown = folder.strip_prefix(workspace()).unwrap_or(folder).display();
    let remedy = "run `cargo xtask catalog` and commit the result (never edit it by hand)";
    let committed = if folder.is_dir() { names(folder)? } else { Vec::new() };
    let mut faults: Vec<String> = committed
        .into_iter()
        .filter(|name| !fresh.contains_key(name))
        .map(|name| format!("{shown}/{name} is there and has no source; {remedy}"))
        .collect();
    for (name, content) in fresh {
        match fs::read(folder.join(name)) {
            Ok(found) if found == *content => {}
            Ok(_) => faults.push(format!("{shown}/{name} is not what its source gives; {remedy}")),
            Err(error) => faults.push(format!("{shown}/{name}: {error}; {remedy}")),
        }
    }
    Ok(faults)
}

/// The names of the files in `folder`.
fn names(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn what_was_written_has_no_difference() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        assert_eq!(differences(&path, &files(&[("a", "1")])).unwrap().len(), 1);
        replace(&path, &files(&[("a", "1"), ("b", "2")])).unwrap();
        replace(&path, &files(&[("a", "1")])).unwrap();
        assert_eq!(differences(&path, &files(&[("a", "1")])).unwrap(), Vec::<String>::new());
        assert!(!path.join("b").exists(), "a file without a source does not stay");
    }

    #[test]
    fn files_that_changed_or_that_have_no_source_are_named() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &files(&[("edited", "by hand"), ("stray", "")])).unwrap();
        let faults = differences(folder.path(), &files(&[("edited", "1")])).unwrap();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("stray is there and has no source")));
        assert!(faults.iter().any(|fault| fault.contains("edited is not what its source gives")));
    }
}

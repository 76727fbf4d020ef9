//! `cargo xtask catalog`: pinned packages become the data files of `crates/iam-policy/src/catalog/`.
//!
//! Owns which parts the catalogue has, and that the committed files are exactly what the parts give. What a part is
//! made of and how it is written down is in its own file; where packages come from is in `packages`.

mod cloudformation;
mod corrections;
mod known;
mod managed_policies;
mod operations;
mod packages;
mod services;
mod terraform;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;

use crate::{Outcome, workspace};

/// Where the files of the catalogue are.
const CATALOG: &str = "crates/iam-policy/src/catalog";

/// Files by their path below [`CATALOG`], with `/`.
type Files = BTreeMap<String, Vec<u8>>;

/// What makes the files of a part.
type Generate = fn() -> Result<Files, Box<dyn Error>>;

/// A part of the catalogue.
struct Part {
    /// What chooses it on the command line.
    name: &'static str,
    /// The folder below [`CATALOG`] in which there is no file but the part's.
    folder: &'static str,
    /// What makes its files.
    generate: Generate,
}

const PARTS: &[Part] = &[
    Part { name: "managed_policies", folder: "data/managed_policies", generate: managed_policies::generate },
    Part { name: "services", folder: "data/services", generate: services::generate },
    Part { name: "cloudformation", folder: "data/cloudformation", generate: cloudformation::generate },
    Part { name: "terraform", folder: "data/terraform", generate: terraform::generate },
];

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
    let catalog = workspace().join(CATALOG);
    let mut faults = Vec::new();
    for part in PARTS.iter().filter(|part| named.is_empty() || named.iter().any(|name| *name == part.name)) {
        let fresh = (part.generate)().map_err(|error| format!("{}: {error}", part.name))?;
        let strays = strays(&catalog, part.folder, &fresh)?;
        if check {
            faults.extend(differences(&catalog, &fresh, &strays));
        } else {
            replace(&catalog, &fresh, &strays)?;
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\nxtask catalog: ").into()) }
}

/// The files of a part's folder that have no source, by their path below `catalog`.
fn strays(catalog: &Path, folder: &str, fresh: &Files) -> Result<Vec<String>, io::Error> {
    if !catalog.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let paths = fs::read_dir(catalog.join(folder))?
        .map(|entry| Ok(format!("{folder}/{}", entry?.file_name().to_string_lossy())));
    let paths: Vec<String> = paths.collect::<Result<_, io::Error>>()?;
    Ok(paths.into_iter().filter(|path| !fresh.contains_key(path)).collect())
}

/// Writes the files given, and removes the strays.
fn replace(catalog: &Path, fresh: &Files, strays: &[String]) -> Outcome {
    for path in strays {
        fs::remove_file(catalog.join(path))?;
    }
    for (path, content) in fresh {
        let path = catalog.join(path);
        fs::create_dir_all(path.parent().unwrap_or(catalog))?;
        // What is the same keeps its time, so that nothing is built again for it.
        if fs::read(&path).ok().as_deref() != Some(content) {
            fs::write(path, content)?;
        }
    }
    Ok(())
}

/// A line for each file that is missing, too many, or other than what would be written.
fn differences(catalog: &Path, fresh: &Files, strays: &[String]) -> Vec<String> {
    let remedy = "run `cargo xtask catalog` and commit the result (never edit it by hand)";
    let strays = strays.iter().map(|path| format!("{CATALOG}/{path} is there and has no source; {remedy}"));
    let others = fresh.iter().filter_map(|(path, content)| match fs::read(catalog.join(path)) {
        Ok(found) if found == *content => None,
        Ok(_) => Some(format!("{CATALOG}/{path} is not what its source gives; {remedy}")),
        Err(error) => Some(format!("{CATALOG}/{path}: {error}; {remedy}")),
    });
    strays.chain(others).collect()
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
        let catalog = folder.path();
        let fresh = files(&[("data/a", "1"), ("list", "a")]);
        assert_eq!(differences(catalog, &fresh, &[]).len(), 2, "both are missing");
        replace(catalog, &files(&[("data/a", "0"), ("data/b", "2")]), &[]).unwrap();
        let strays = strays(catalog, "data", &fresh).unwrap();
        assert_eq!(strays, ["data/b"]);
        replace(catalog, &fresh, &strays).unwrap();
        assert_eq!(differences(catalog, &fresh, &super::strays(catalog, "data", &fresh).unwrap()), [""; 0]);
        assert!(!catalog.join("data/b").exists(), "a file without a source does not stay");
    }

    #[test]
    fn files_that_changed_or_that_have_no_source_are_named() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &files(&[("edited", "by hand")]), &[]).unwrap();
        let faults = differences(folder.path(), &files(&[("edited", "1")]), &["stray".to_owned()]);
        assert!(faults.iter().any(|fault| fault.contains("stray is there and has no source")), "{faults:?}");
        assert!(
            faults.iter().any(|fault| fault.contains("edited is not what its source gives")),
            "{faults:?}"
        );
    }
}

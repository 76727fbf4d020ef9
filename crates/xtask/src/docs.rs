//! `cargo xtask docs`: the schema and `examples/` become the pages of `docs/`.
//!
//! Owns which files must exist, and that there is none without a subject. How a page looks is `tfplug::docs`'s.
//! Of `docs/guides/` it touches only the guard's pages, see `guard`; the others are written by hand.

mod guard;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_deployrunner::DeployRunner;
use tfplug::docs::{Category, Examples, Subject, subjects};

use crate::{Outcome, workspace};

/// The largest page that the registry shows (Terraform Registry, "Provider documentation": 500 KB).
const LARGEST_PAGE: usize = 500_000;

/// Runs the task: no argument writes the pages, `--check` fails if they are not what it would write.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("takes no argument but --check".into()),
    };
    let root = workspace();
    let subjects = subjects::<DeployRunner>();
    let (pages, mut faults) = pages(root, &subjects);
    faults.extend(strays(root, &subjects));
    if check {
        faults.extend(differences(root, &pages));
    } else if faults.is_empty() {
        write(root, &pages)?;
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\nxtask docs: ").into()) }
}

/// The text of every page by its path below the root, and what is missing or wrong for making them.
fn pages(root: &Path, subjects: &[Subject]) -> (BTreeMap<PathBuf, String>, Vec<String>) {
    let mut pages = BTreeMap::new();
    let mut faults = Vec::new();
    for subject in subjects {
        let (examples, missing) = examples(root, subject);
        faults.extend(missing);
        let page = subject.render(&examples);
        if page.len() > LARGEST_PAGE {
            let path = subject.page_path();
            faults.push(format!(
                "docs/{path} has {} bytes; registries show {LARGEST_PAGE} at most",
                page.len()
            ));
        }
        pages.insert(Path::new("docs").join(subject.page_path()), page);
    }
    pages.extend(guard::pages());
    (pages, faults)
}

/// The example files of a subject, and those that it lacks.
fn examples(root: &Path, subject: &Subject) -> (Examples, Vec<String>) {
    let folder = subject.example_folder();
    let mut found = Examples::new();
    let mut missing = Vec::new();
    for file in subject.example_files() {
        match fs::read_to_string(root.join("examples").join(&folder).join(file.name)) {
            Ok(text) => drop(found.insert(file.name.to_owned(), text)),
            Err(error) if file.required => {
                let name = subject.full_name();
                missing.push(format!("examples/{folder}/{}, which `{name}` needs: {error}", file.name));
            }
            Err(_) => {}
        }
    }
    (found, missing)
}

/// Pages and examples of things that the provider does not have.
fn strays(root: &Path, subjects: &[Subject]) -> Vec<String> {
    let mut known: BTreeSet<PathBuf> = BTreeSet::new();
    for subject in subjects {
        known.insert(Path::new("docs").join(subject.page_path()));
        let folder = Path::new("examples").join(subject.example_folder());
        known.extend(subject.example_files().iter().map(|file| folder.join(file.name)));
    }
    known.extend(guard::pages().into_keys());
    let mut found: Vec<PathBuf> = files(root, Path::new("docs"));
    found.retain(|path| !path.starts_with("docs/guides") || guard::is_page(path));
    for category in Category::ALL {
        found.extend(files(root, &Path::new("examples").join(category.folder())));
    }
    found
        .iter()
        .filter(|path| !known.contains(*path))
        .map(|path| {
            format!("{} belongs to nothing that the provider has; remove or rename it", path.display())
        })
        .collect()
}

/// Every file below `folder`, by its path below the root. A folder that is not there has none.
fn files(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            found.extend(files(root, &path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Pages that are not on disk as they should be.
fn differences(root: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let differs =
        |(path, page): &(&PathBuf, &String)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(*page);
    pages
        .iter()
        .filter(differs)
        .map(|(path, _)| {
            format!(
                "{} is not what schema, examples and rules amount to; run `cargo xtask docs` and commit the result",
                path.display()
            )
        })
        .collect()
}

fn write(root: &Path, pages: &BTreeMap<PathBuf, String>) -> Outcome {
    for (path, page) in pages {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, page)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root with every example that the provider's subjects need, and every page.
    fn complete() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let subjects = subjects::<DeployRunner>();
        for subject in &subjects {
            let folder = root.path().join("examples").join(subject.example_folder());
            fs::create_dir_all(&folder).unwrap();
            for file in subject.example_files() {
                fs::write(folder.join(file.name), "# shown\n").unwrap();
            }
        }
        write(root.path(), &pages(root.path(), &subjects).0).unwrap();
        root
    }

    fn faults(root: &Path) -> Vec<String> {
        let subjects = subjects::<DeployRunner>();
        let (pages, mut faults) = pages(root, &subjects);
        faults.extend(strays(root, &subjects));
        faults.extend(differences(root, &pages));
        faults
    }

    #[track_caller]
    fn assert_one_fault(root: &Path, says: &str) {
        let faults = faults(root);
        assert!(faults.len() == 1 && faults[0].contains(says), "{faults:?}");
    }

    #[test]
    fn what_was_just_written_has_no_fault() {
        assert_eq!(faults(complete().path()), Vec::<String>::new());
    }

    #[test]
    fn a_guide_is_nobodys_fault() {
        let root = complete();
        fs::create_dir_all(root.path().join("docs/guides")).unwrap();
        fs::write(root.path().join("docs/guides/anything.md"), "").unwrap();
        assert_eq!(faults(root.path()), Vec::<String>::new());
    }

    #[test]
    fn an_edited_page_is_a_fault() {
        let root = complete();
        fs::write(root.path().join("docs/index.md"), "edited by hand\n").unwrap();
        assert_one_fault(root.path(), "docs/index.md is not what schema, examples and rules amount to");
    }

    #[test]
    fn a_page_or_an_example_of_nothing_is_a_fault() {
        let root = complete();
        fs::write(root.path().join("docs/resources/gone.md"), "").unwrap();
        assert_one_fault(root.path(), "docs/resources/gone.md belongs to nothing");

        let root = complete();
        fs::create_dir_all(root.path().join("examples/resources/deployrunner_gone")).unwrap();
        fs::write(root.path().join("examples/resources/deployrunner_gone/resource.tf"), "").unwrap();
        assert_one_fault(root.path(), "deployrunner_gone/resource.tf belongs to nothing");
    }

    #[test]
    fn a_missing_example_is_a_fault_that_names_the_file() {
        let root = complete();
        fs::remove_file(root.path().join("examples/resources/deployrunner_task_role/import.sh")).unwrap();
        let faults = faults(root.path());
        assert!(faults[0].starts_with("examples/resources/deployrunner_task_role/import.sh"), "{faults:?}");
    }
}

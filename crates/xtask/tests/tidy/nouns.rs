//! One noun in five places: whoever knows a resource's name knows where its code, test, example and page are.

use std::fs;

use terraform_provider_deployrunner::DeployRunner;
use tfplug::docs::{Category, Subject, subjects};

use crate::{assert_none, root};

/// The folder of the modules of a category, for those that have modules of their own.
fn folder(category: Category) -> Option<&'static str> {
    match category {
        Category::Provider => None,
        Category::Resource => Some("resources"),
        Category::DataSource => Some("data_sources"),
        Category::Function => Some("functions"),
        Category::EphemeralResource => Some("ephemeral_resources"),
        Category::ListResource => Some("list_resources"),
        Category::Action => Some("actions"),
    }
}

/// `task_role` as a type: `TaskRole`.
fn type_name(noun: &str) -> String {
    let capitalized = |word: &str| word.split_at(1).0.to_uppercase() + word.split_at(1).1;
    noun.split('_').map(capitalized).collect()
}

/// What a subject lacks of the five places.
fn lacking(subject: &Subject, folder: &str) -> Vec<String> {
    let noun = subject.name();
    let module = format!("src/{folder}/{noun}.rs");
    let places = [
        module.clone(),
        format!("tests/provider/{noun}.rs"),
        format!("examples/{}", subject.example_folder()),
        format!("docs/{}", subject.page_path()),
    ];
    let mut lacking: Vec<String> = places
        .into_iter()
        .filter(|place| !root().join(place).exists())
        .map(|place| format!("{noun}: {place}"))
        .collect();
    let declared = format!("struct {};", type_name(noun));
    if !fs::read_to_string(root().join(&module)).unwrap_or_default().contains(&declared) {
        lacking.push(format!("{noun}: `{declared}` in {module}"));
    }
    lacking
}

#[test]
fn a_noun_names_module_type_test_example_and_page() {
    let faults: Vec<String> = subjects::<DeployRunner>()
        .iter()
        .filter_map(|subject| Some(lacking(subject, folder(subject.category())?)))
        .flatten()
        .collect();
    assert_none(&faults, "these are missing for something that the provider has");
}

/// The nouns that have a module in this folder of `src/`.
fn modules(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join("src").join(folder)).into_iter().flatten();
    entries
        .filter_map(|entry| {
            entry.unwrap().file_name().into_string().unwrap().strip_suffix(".rs").map(str::to_owned)
        })
        .collect()
}

#[test]
fn every_module_of_a_noun_is_registered() {
    let subjects = subjects::<DeployRunner>();
    let mut faults = Vec::new();
    for category in Category::ALL {
        let Some(folder) = folder(category) else { continue };
        let is_registered =
            |noun: &str| subjects.iter().any(|it| it.category() == category && it.name() == noun);
        let forgotten = modules(folder).into_iter().filter(|noun| !is_registered(noun));
        faults.extend(forgotten.map(|noun| format!("src/{folder}.rs: {noun}")));
    }
    assert_none(&faults, "add a line for these modules");
}

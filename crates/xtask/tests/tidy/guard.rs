//! A rule of the guard in three places: the list, a file of its own, a page.

use std::collections::BTreeSet;
use std::fs;

use terraform_provider_deployrunner::guard::RULES;

use crate::root;

/// The names of rules that the files of a folder have.
fn named(folder: &str, name: impl Fn(&str, &str) -> Option<String>) -> BTreeSet<String> {
    let files = fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().path());
    let named = files.filter(|file| file.is_file()).filter_map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        name(file.file_name().unwrap().to_str().unwrap(), &text)
    });
    named.collect()
}

fn rules() -> BTreeSet<String> {
    RULES.iter().map(|rule| rule.name.to_owned()).collect()
}

#[test]
fn every_rule_has_a_file_of_its_name_and_every_such_file_is_a_rule() {
    let files = named("src/guard", |file, text| {
        let is_rule = text.contains("const RULE: Rule");
        is_rule.then(|| file.trim_end_matches(".rs").replace('_', "-"))
    });
    assert_eq!(files, rules());
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let pages =
        named("docs/guides", |file, _| Some(file.strip_prefix("guard-")?.strip_suffix(".md")?.to_owned()));
    assert_eq!(pages, rules());
}

#[test]
fn every_rule_says_what_it_finds_why_and_what_to_write_instead() {
    for rule in RULES {
        assert!(rule.prose.contains("## What to write instead"), "{}", rule.name);
        assert!(rule.prose.len() > 400 && !rule.summary.ends_with('.'), "{}", rule.name);
    }
}

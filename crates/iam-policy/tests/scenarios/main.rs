//! Runs the scenario files of `tests/scenarios/<verb>/`, one loop a verb, in the file of that name.
//!
//! A scenario's policy is a whole document, a lone statement (known by its `Effect`; it is wrapped into a document of
//! version 2012-10-17), or a string with the raw text where JSON itself is the point.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value never panics, what is not there is null")]

mod analyze;
mod classify;
mod condition;
mod diff;
mod equal;
mod evaluate;
mod expand;
mod generate;
mod merge;
mod minify;
mod minimize;
mod pack;
mod parse;
mod possible;

use std::{collections::HashSet, error::Error, fs, path::Path};

use iam_policy::{Context, Kind};
use serde_json::{Value, json};

/// Checks every scenario of a verb, of which there are at least `least`, and reports all that fail.
fn run(verb: &str, least: usize, check: impl Fn(&Value) -> Result<(), String>) {
    let loaded = scenarios(verb).map_err(|error| error.to_string());
    assert!(loaded.is_ok(), "{loaded:?}");
    let scenarios = loaded.unwrap_or_default();
    assert!(scenarios.len() >= least, "only {} scenarios found", scenarios.len());
    let wrong: Vec<String> = scenarios
        .iter()
        .filter_map(|(file, one)| check(one).err().map(|why| format!("{file}: {}: {why}", one["name"])))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn kind(scenario: &Value) -> Kind {
    match scenario["kind"].as_str() {
        Some("trust") => Kind::Trust,
        Some("resource") => Kind::Resource,
        _ => Kind::Identity,
    }
}

fn text(policy: &Value) -> String {
    match policy {
        Value::String(raw) => raw.clone(),
        Value::Object(fields) if fields.contains_key("Effect") => {
            json!({"Version": "2012-10-17", "Statement": [policy]}).to_string()
        }
        other => other.to_string(),
    }
}

/// The condition keys of a request: a value, a list, `null` for an absent key, `{"unknown": true}` for one of which
/// nothing is known. With `"others": "unknown"` beside it nothing is known of the keys that are not listed.
fn context(scenario: &Value) -> Context {
    let all = if scenario["others"] == "unknown" { Context::partial() } else { Context::complete() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let keys = scenario["context"].as_object().into_iter().flatten();
    keys.fold(all, |context, (key, value)| match value {
        Value::Null => context.without(key),
        Value::Object(_) => context.unknown(key),
        Value::Array(values) => context.with(key, values.iter().map(text)),
        value => context.with(key, [text(value)]),
    })
}

/// Every scenario of a verb with the name of its file.
fn scenarios(verb: &str) -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(verb);
    let mut found = Vec::new();
    let mut names = HashSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let list: Vec<Value> = serde_json::from_str(&fs::read_to_string(entry.path())?)
            .map_err(|error| format!("{file}: {error}"))?;
        for scenario in list {
            assert!(names.insert(scenario["name"].to_string()), "{file}: {} occurs twice", scenario["name"]);
            found.push((file.clone(), scenario));
        }
    }
    Ok(found)
}

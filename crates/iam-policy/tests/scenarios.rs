//! Runs the scenario files of `tests/scenarios/<verb>/`, one loop a verb.
//!
//! A scenario's policy is a whole document, a lone statement (known by its `Effect`; it is wrapped into a document of
//! version 2012-10-17), or a string with the raw text where JSON itself is the point.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value never panics, what is not there is null")]

use std::{collections::HashSet, error::Error, fs, path::Path};

use iam_policy::{Kind, equal, equal_with, normalize, parse};
use serde_json::{Value, json};

#[test]
fn parse_accepts_and_refuses_as_the_scenarios_say() {
    let scenarios = scenarios("parse").unwrap();
    assert!(scenarios.len() >= 100, "only {} scenarios found", scenarios.len());
    let wrong: Vec<String> = scenarios
        .iter()
        .filter_map(|(file, one)| check_parse(one).err().map(|why| report(file, one, &why)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn equal_answers_as_the_scenarios_say() {
    let scenarios = scenarios("equal").unwrap();
    assert!(scenarios.len() >= 50, "only {} scenarios found", scenarios.len());
    let wrong: Vec<String> = scenarios
        .iter()
        .filter_map(|(file, one)| check_equal(one).err().map(|why| report(file, one, &why)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `refused_at` and `because` tell a refusal; without them the text is accepted, and `prints` may tell as what.
fn check_parse(scenario: &Value) -> Result<(), String> {
    let parsed = parse(&text(&scenario["policy"]), kind(scenario));
    let Some(because) = scenario["because"].as_str() else {
        let document = parsed.map_err(|error| format!("refused: {error}"))?;
        let printed = document.to_json();
        if let Some(expected) = scenario["prints"].as_str().filter(|expected| *expected != printed) {
            return Err(format!("printed {printed} and not {expected}"));
        }
        let again =
            parse(&printed, kind(scenario)).map_err(|error| format!("its own print is refused: {error}"))?;
        return if again == document {
            Ok(())
        } else {
            Err(format!("its own print {printed} parses to something else"))
        };
    };
    let Err(error) = parsed else { return Err("accepted".to_owned()) };
    let expected_path = scenario["refused_at"].as_str().ok_or("has no `refused_at`")?;
    if error.path() != expected_path {
        return Err(format!("refused at `{}` and not `{expected_path}`: {error}", error.path()));
    }
    let message = error.to_string();
    if !message.contains(because) || message.ends_with('.') || message.contains('\n') {
        return Err(format!("the message is: {message}"));
    }
    Ok(())
}

/// `alive` maps unique ids to the ARNs they stand for.
fn check_equal(scenario: &Value) -> Result<(), String> {
    let document = |side: &str| {
        parse(&text(&scenario[side]), kind(scenario)).map_err(|error| format!("{side}: {error}"))
    };
    let (a, b) = (document("a")?, document("b")?);
    let resolve = |id: &str| scenario["alive"][id].as_str().map(str::to_owned);
    let answers = if scenario["alive"].is_object() {
        [equal_with(&a, &b, &resolve), equal_with(&b, &a, &resolve)]
    } else {
        [equal(&a, &b), equal(&b, &a)]
    };
    let expected = scenario["equal"].as_bool().ok_or("has no `equal`")?;
    if answers != [expected; 2] {
        let (a, b) = (normalize(&a).to_json(), normalize(&b).to_json());
        return Err(format!("answers {answers:?}, normalized\n  {a}\n  {b}"));
    }
    Ok(())
}

fn kind(scenario: &Value) -> Kind {
    if scenario["kind"] == "trust" { Kind::Trust } else { Kind::Identity }
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

fn report(file: &str, scenario: &Value, why: &str) -> String {
    format!("{file}: {}: {why}", scenario["name"])
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

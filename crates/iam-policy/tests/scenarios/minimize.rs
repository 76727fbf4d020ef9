//! `minimize` gives the patterns that the scenarios say.

use iam_policy::{Wildcards, expand, minimize_with};
use serde_json::Value;

use crate::run;

#[test]
fn minimize_gives_what_the_scenarios_say() {
    run("minimize", 15, check);
}

/// `actions` are names, or patterns behind `all`, less those behind `but`; `wildcards` is how far they may go; the
/// answer is `to`, or a message with `refused`.
fn check(scenario: &Value) -> Result<(), String> {
    let wildcards = match scenario["wildcards"].as_str() {
        Some("none") => Wildcards::None,
        Some("anywhere") => Wildcards::Anywhere,
        _ => Wildcards::default(),
    };
    let but: Vec<String> = expanded(&scenario["but"])?;
    let mut names: Vec<String> = expanded(&scenario["all"])?;
    names.retain(|name| !but.contains(name));
    names.extend(texts(&scenario["actions"]).map(str::to_owned));
    let answer = minimize_with(&names, wildcards);
    if let Some(part) = scenario["refused"].as_str() {
        let message = answer.err().map(|error| error.to_string()).unwrap_or_default();
        return if message.contains(part) { Ok(()) } else { Err(format!("the message is `{message}`")) };
    }
    let answer = answer.map_err(|error| error.to_string())?;
    names.reverse();
    if minimize_with(&names, wildcards).as_ref() != Ok(&answer) {
        return Err("the order of the actions makes a difference".to_owned());
    }
    let expected: Vec<&str> = texts(&scenario["to"]).collect();
    if answer == expected { Ok(()) } else { Err(format!("gives {answer:?}")) }
}

fn expanded(patterns: &Value) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for pattern in texts(patterns) {
        let actions = expand(pattern).map_err(|error| error.to_string())?;
        names.extend(actions.iter().map(ToString::to_string));
    }
    Ok(names)
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

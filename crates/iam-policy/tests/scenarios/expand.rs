//! `expand` and `expand_scope` name what the scenarios say.

use iam_policy::{Kind, expand, expand_scope, parse};
use serde_json::Value;

use crate::{run, text};

#[test]
fn expand_names_what_the_scenarios_say() {
    run("expand", 20, check);
}

/// `pattern` expands to exactly `to`, or to at least `among` and nothing of `not`; or `refused` is in the message. With
/// `policy` the same of its first statement, with `unknown` as what is reported.
fn check(scenario: &Value) -> Result<(), String> {
    let names: Vec<String> = if let Some(pattern) = scenario["pattern"].as_str() {
        match (expand(pattern), scenario["refused"].as_str()) {
            (Err(error), Some(part)) if error.to_string().contains(part) => return Ok(()),
            (Err(error), _) => return Err(error.to_string()),
            (Ok(_), Some(_)) => return Err("is not refused".to_owned()),
            (Ok(actions), None) => actions.iter().map(ToString::to_string).collect(),
        }
    } else {
        let document =
            parse(&text(&scenario["policy"]), Kind::Identity).map_err(|error| error.to_string())?;
        let statement = document.statements.iter().next().ok_or("no statement")?;
        let expansion = expand_scope(&statement.actions);
        let unknown: Vec<&str> = expansion.unknown.iter().map(String::as_str).collect();
        let expected = list(&scenario["unknown"]);
        if unknown != expected {
            return Err(format!("unknown are {unknown:?}"));
        }
        if expansion.can_grow() != (scenario["grows"] == true) {
            return Err(format!("it can grow: {}", expansion.can_grow()));
        }
        expansion.actions.iter().map(ToString::to_string).collect()
    };
    let has = |name: &&str| names.iter().any(|known| known == name);
    let (exactly, among, not) = (list(&scenario["to"]), list(&scenario["among"]), list(&scenario["not"]));
    if scenario["to"].is_array() && names != exactly {
        return Err(format!("expands to {names:?}"));
    }
    if let Some(missing) = among.iter().find(|name| !has(name)) {
        return Err(format!("`{missing}` is missing among {} actions", names.len()));
    }
    match not.iter().find(|name| has(name)) {
        Some(extra) => Err(format!("`{extra}` is among {} actions", names.len())),
        None => Ok(()),
    }
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

//! `classify` tells of a document what the scenarios say.

use iam_policy::{classify, parse};
use serde_json::Value;

use crate::{kind, run, text};

#[test]
fn classify_tells_what_the_scenarios_say() {
    run("classify", 15, check);
}

/// `counts` by level, `unknown` names, `read_only`, and the wildcards that are `open`.
fn check(scenario: &Value) -> Result<(), String> {
    let document = parse(&text(&scenario["policy"]), kind(scenario)).map_err(|error| error.to_string())?;
    let classified = classify(&document);
    let counts: Value = classified
        .counts()
        .into_iter()
        .map(|(level, count)| (level.as_str().to_owned(), Value::from(count)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    if scenario["counts"].is_object() && counts != scenario["counts"] {
        return Err(format!("counts {counts}"));
    }
    let unknown: Vec<&str> = classified.unknown().iter().map(String::as_str).collect();
    let open: Vec<&str> = classified.open().into_iter().map(|(pattern, _)| pattern).collect();
    for (found, expected) in [(unknown, &scenario["unknown"]), (open, &scenario["open"])] {
        if Value::from(found.clone()) != *expected && !(found.is_empty() && expected.is_null()) {
            return Err(format!("found {found:?} for {expected}"));
        }
    }
    if scenario["read_only"] != classified.is_read_only() {
        return Err(format!("read-only: {}", classified.is_read_only()));
    }
    let services = classified.by_service();
    let listed: usize = services.values().flat_map(|levels| levels.values()).map(Vec::len).sum();
    if listed != classified.actions().len() {
        return Err("the services do not add up".to_owned());
    }
    Ok(())
}

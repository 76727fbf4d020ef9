//! `diff` answers as the scenarios say.

use iam_policy::{diff, equal, parse};
use serde_json::Value;

use crate::{kind, run, text};

#[test]
fn diff_answers_as_the_scenarios_say() {
    run("diff", 60, check);
}

/// `direction` is that of all changes, null if there is none; `lines` are the changes as they print.
fn check(scenario: &Value) -> Result<(), String> {
    let document = |side: &str| {
        parse(&text(&scenario[side]), kind(scenario)).map_err(|error| format!("{side}: {error}"))
    };
    let (before, after) = (document("before")?, document("after")?);
    let found = diff(&before, &after);
    if found.is_empty() != equal(&before, &after) {
        return Err(format!("finds {} changes, which `equal` does not", found.changes().len()));
    }
    let direction = (!found.is_empty()).then(|| found.direction().to_string());
    if direction.as_deref() != scenario["direction"].as_str() {
        return Err(format!("says {direction:?} for\n{found}"));
    }
    let lines: Vec<String> = found.changes().iter().map(ToString::to_string).collect();
    let expected: Vec<&str> =
        scenario["lines"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if lines != expected {
        return Err(format!("prints {}", serde_json::json!(lines)));
    }
    let back = diff(&after, &before).direction();
    if back != !found.direction() {
        return Err(format!("says {back} the other way round"));
    }
    Ok(())
}

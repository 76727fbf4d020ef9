//! `equal` and `equal_with` answer as the scenarios say.

use iam_policy::{equal, equal_with, normalize, parse};
use serde_json::Value;

use crate::{kind, run, text};

#[test]
fn equal_answers_as_the_scenarios_say() {
    run("equal", 50, check);
}

/// `alive` maps unique ids to the ARNs they stand for.
fn check(scenario: &Value) -> Result<(), String> {
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

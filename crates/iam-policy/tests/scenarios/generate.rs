//! `generate` and `generate_for_types` write the statements that the scenarios say.

use iam_policy::{Document, Statement, catalog::Operation, generate, generate_for_types};
use serde_json::{Value, json};

use crate::run;

#[test]
fn generate_writes_what_the_scenarios_say() {
    run("generate", 15, check);
}

/// `services` and `levels`, or `types` and `operations`, give the statements of `to`; or statements that have at least
/// the actions `on_resources` and `on_everything`; or `refused` is in the message.
fn check(scenario: &Value) -> Result<(), String> {
    let answer = if scenario["types"].is_array() {
        let named = |text: &str| Operation::ALL.into_iter().find(|operation| operation.as_str() == text);
        generate_for_types(texts(&scenario["types"]), texts(&scenario["operations"]).filter_map(named))
    } else {
        let levels = texts(&scenario["levels"]).map(str::parse).collect::<Result<Vec<_>, _>>();
        generate(texts(&scenario["services"]), levels.map_err(|error| format!("{error}"))?)
    };
    let statements = match (answer, scenario["refused"].as_str()) {
        (Ok(statements), None) => statements,
        (Ok(_), Some(_)) => return Err("is not refused".to_owned()),
        (Err(error), Some(part)) if error.to_string().contains(part) => return Ok(()),
        (Err(error), _) => return Err(error.to_string()),
    };
    let printed = Document::new(statements.clone()).to_json();
    if scenario["to"].is_object() && scenario["to"] != json_of(&printed) {
        return Err(format!("gives {printed}"));
    }
    for (sid, field) in [("OnResources", "on_resources"), ("OnEverything", "on_everything")] {
        let actions = actions(&statements, sid);
        if let Some(missing) =
            texts(&scenario[field]).find(|name| !actions.iter().any(|action| action == name))
        {
            return Err(format!("`{missing}` is not {sid}: {printed}"));
        }
    }
    Ok(())
}

fn actions(statements: &[Statement], sid: &str) -> Vec<String> {
    let named = statements.iter().filter(|statement| statement.sid.as_deref() == Some(sid));
    named.flat_map(|statement| statement.actions.inner().iter().cloned()).collect()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| json!(error.to_string()))
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

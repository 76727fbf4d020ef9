//! `condition::holds` answers as the scenarios say.

use iam_policy::{Condition, OneOrMany, Scalar, Truth, Version, condition};
use serde_json::Value;

use crate::{context, run};

#[test]
fn holds_answers_as_the_scenarios_say() {
    run("condition", 150, check);
}

/// A condition of the newest language version (or of `version`), and whether it holds: true, false or `"unknown"`.
fn check(scenario: &Value) -> Result<(), String> {
    let text = |field: &str| scenario[field].as_str().unwrap_or_default().to_owned();
    let condition =
        Condition { operator: text("operator"), key: text("key"), values: values(&scenario["values"])? };
    let version = if scenario["version"] == "2008-10-17" { Version::V2008 } else { Version::V2012 };
    let expected = match &scenario["holds"] {
        Value::Bool(holds) => Truth::from(*holds),
        Value::String(unknown) if unknown == "unknown" => Truth::Unknown,
        other => return Err(format!("`holds` is {other}")),
    };
    let found = condition::holds(&condition, &context(scenario), version);
    if found == expected { Ok(()) } else { Err(format!("is {found:?}")) }
}

fn values(value: &Value) -> Result<OneOrMany<Scalar>, String> {
    match value {
        Value::Array(values) => Ok(OneOrMany::Many(values.iter().map(scalar).collect::<Result<_, _>>()?)),
        value => Ok(OneOrMany::One(scalar(value)?)),
    }
}

fn scalar(value: &Value) -> Result<Scalar, String> {
    match value {
        Value::String(text) => Ok(Scalar::String(text.clone())),
        Value::Bool(value) => Ok(Scalar::Bool(*value)),
        Value::Number(number) => Ok(Scalar::Number(number.clone())),
        other => Err(format!("{other} is no condition value")),
    }
}

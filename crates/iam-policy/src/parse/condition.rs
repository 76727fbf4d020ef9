//! The `Condition` element.
//!
//! Owns its grammar. Never checks that a key exists or that a value fits its operator.

use std::collections::HashSet;

use super::{
    error::{Fault, Reason},
    json::{Field, Json, Node},
};
use crate::{Condition, Scalar, condition::operator};

pub(super) fn conditions(node: &Node) -> Result<Vec<Condition>, Fault> {
    let operators = node.object()?;
    check_distinct(operators)?;
    let mut conditions = Vec::new();
    for operator in operators {
        if !operator::is_known(&operator.name) {
            let (found, nearest) = (operator.name.clone(), operator::nearest_to(&operator.name));
            return Err(operator.fault(Reason::UnknownOperator { found, nearest }));
        }
        let keys = operator.value.object()?;
        check_distinct(keys)?;
        for key in keys {
            conditions.push(Condition {
                operator: operator.name.clone(),
                key: condition_key(key)?,
                values: key.value.one_or_many(scalar)?,
            });
        }
    }
    Ok(conditions)
}

/// Operators and condition keys are the same whatever their case, so one that only looks different is a second one.
fn check_distinct(fields: &[Field]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    match fields.iter().find(|field| !seen.insert(field.name.to_ascii_lowercase())) {
        Some(field) => Err(field.fault(Reason::DuplicateCondition { found: field.name.clone() })),
        None => Ok(()),
    }
}

fn condition_key(field: &Field) -> Result<String, Fault> {
    match field.name.split_once(':') {
        Some((prefix, name)) if !prefix.is_empty() && !name.is_empty() => Ok(field.name.clone()),
        _ => Err(field.fault(Reason::BadConditionKey { found: field.name.clone() })),
    }
}

fn scalar(node: &Node) -> Result<Scalar, Fault> {
    match &node.json {
        Json::String(text) => Ok(Scalar::String(text.clone())),
        Json::Bool(value) => Ok(Scalar::Bool(*value)),
        Json::Number(number) => Ok(Scalar::Number(number.clone())),
        Json::Null | Json::Array(_) | Json::Object(_) => {
            Err(node.wrong_shape("a string, a number, a boolean or a list of these"))
        }
    }
}

//! Configuration for an object that was imported without one.

use crate::schema::{Attribute, Kind};
use crate::value::Value;

/// The arguments that a user would have written for an object in this state: what only the provider sets
/// is left out, and so is what equals its default.
pub(super) fn config(attributes: &[Attribute], state: &Value) -> Value {
    let Value::Object(state) = state else { return state.clone() };
    let arguments = attributes.iter().map(|attribute| {
        let value = state.get(&attribute.name).unwrap_or(&Value::Null);
        (attribute.name.clone(), argument(attribute, value))
    });
    Value::Object(arguments.collect())
}

fn argument(attribute: &Attribute, value: &Value) -> Value {
    let declaration = &attribute.declaration;
    let settable = declaration.required || declaration.optional;
    let is_default = declaration.default.as_ref().is_some_and(|default| default.same(value));
    if !settable || declaration.write_only || is_default {
        return Value::Null;
    }
    let Kind::Nested(_, nested) = &attribute.kind else { return value.clone() };
    match value {
        Value::Object(_) => config(nested, value),
        Value::List(elements) => {
            Value::List(elements.iter().map(|element| config(nested, element)).collect())
        }
        Value::Set(elements) => Value::Set(elements.iter().map(|element| config(nested, element)).collect()),
        Value::Map(elements) => {
            let pair = |(key, element): (&String, &Value)| (key.clone(), config(nested, element));
            Value::Map(elements.iter().map(pair).collect())
        }
        other => other.clone(),
    }
}

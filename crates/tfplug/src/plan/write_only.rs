//! Write-only arguments: in the configuration, and nowhere else.

use crate::schema::{Attribute, Kind};
use crate::value::Value;

/// The value with null for every write-only attribute, nested ones included.
///
/// Rule: hosts refuse a plan or state that holds such a value. After apply they then keep the state from
/// before, so that an object just made would be lost.
pub fn without_write_only(attributes: &[Attribute], value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let cleared = fields.into_iter().map(|(name, value)| {
        let cleared = match attributes.iter().find(|attribute| attribute.name == name) {
            Some(attribute) => clear(attribute, value),
            None => value,
        };
        (name, cleared)
    });
    Value::Object(cleared.collect())
}

/// The same for the value of one attribute.
pub(super) fn clear(attribute: &Attribute, value: Value) -> Value {
    if attribute.declaration.write_only {
        return Value::Null;
    }
    let Kind::Nested(_, nested) = &attribute.kind else { return value };
    let clear_all = |elements: Vec<Value>| {
        elements.into_iter().map(|element| without_write_only(nested, element)).collect()
    };
    match value {
        Value::Object(_) => without_write_only(nested, value),
        Value::List(elements) => Value::List(clear_all(elements)),
        Value::Set(elements) => Value::Set(clear_all(elements)),
        Value::Map(elements) => {
            let pair = |(key, element)| (key, without_write_only(nested, element));
            Value::Map(elements.into_iter().map(pair).collect())
        }
        other => other,
    }
}

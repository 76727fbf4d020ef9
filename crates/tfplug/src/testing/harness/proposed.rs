//! What a host proposes before it asks for a plan: the configuration over the prior state.

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;

const NULL: &Value = &Value::Null;

/// The proposed new state. Rule: configured values win; a computed attribute that is not configured takes
/// its prior value; nested objects are matched by index, by key, or in sets by what is not computed.
pub(super) fn proposed(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    if !matches!(config, Value::Object(_)) {
        return if config.is_null() && prior.is_null() { Value::Null } else { config.clone() };
    }
    let merged = attributes.iter().map(|attribute| {
        let side = |object: &Value| object.attribute(&attribute.name).unwrap_or(NULL).clone();
        (attribute.name.clone(), merge(attribute, &side(prior), &side(config)))
    });
    Value::Object(merged.collect())
}

fn merge(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if attribute.declaration.computed && config.is_null() {
        // What holds a configured part cannot have been computed as a whole.
        let came_from_config = attribute.declaration.optional && holds_configured(&attribute.kind, prior);
        return if came_from_config { config.clone() } else { prior.clone() };
    }
    let Kind::Nested(nesting, nested) = &attribute.kind else { return config.clone() };
    match (nesting, config) {
        (Nesting::Single, Value::Object(_)) => proposed(nested, prior, config),
        (Nesting::List, Value::List(elements)) => {
            let prior_at = |index: usize| match prior {
                Value::List(prior) => prior.get(index).unwrap_or(NULL),
                _ => NULL,
            };
            let merge = |(index, config)| proposed(nested, prior_at(index), config);
            Value::List(elements.iter().enumerate().map(merge).collect())
        }
        (Nesting::Map, Value::Map(elements)) => {
            let prior_at = |key: &String| match prior {
                Value::Map(prior) => prior.get(key).unwrap_or(NULL),
                _ => NULL,
            };
            let merge =
                |(key, config): (&String, &Value)| (key.clone(), proposed(nested, prior_at(key), config));
            Value::Map(elements.iter().map(merge).collect())
        }
        (Nesting::Set, Value::Set(elements)) => {
            let mut left: Vec<&Value> = match prior {
                Value::Set(prior) => prior.iter().collect(),
                _ => Vec::new(),
            };
            let merge = |config: &Value| {
                let matching = left.iter().position(|prior| could_come_from(nested, prior, config));
                let prior = matching.map_or(NULL, |position| left.remove(position));
                proposed(nested, prior, config)
            };
            Value::Set(elements.iter().map(merge).collect())
        }
        _ => config.clone(),
    }
}

fn holds_configured(kind: &Kind, value: &Value) -> bool {
    let Kind::Nested(_, nested) = kind else { return false };
    match value {
        Value::Object(_) => nested.iter().any(|attribute| {
            let value = value.attribute(&attribute.name).unwrap_or(NULL);
            !value.is_null() && (!attribute.declaration.computed || holds_configured(&attribute.kind, value))
        }),
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().any(|element| holds_configured(kind, element))
        }
        Value::Map(elements) => elements.values().any(|element| holds_configured(kind, element)),
        _ => false,
    }
}

fn could_come_from(nested: &[Attribute], prior: &Value, config: &Value) -> bool {
    nested.iter().all(|attribute| {
        let (prior, config) = (prior.attribute(&attribute.name), config.attribute(&attribute.name));
        let (prior, config) = (prior.unwrap_or(NULL), config.unwrap_or(NULL));
        prior.same(config) || (attribute.declaration.computed && config.is_null())
    })
}

//! What a plan says before the provider is asked: defaults for what was omitted, prior values for what an
//! update keeps, unknown for the rest that is computed.

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;

/// The object that a configuration asks for.
///
/// `prior` is `None` when the object is to be created. Every attribute that the configuration sets keeps
/// that very value; an omitted one is its default, else its prior value if it is declared `keep`, else
/// unknown if it is computed, else null.
pub fn fill(attributes: &[Attribute], config: &Value, prior: Option<&Value>) -> Value {
    let Value::Object(configured) = config else { return config.clone() };
    let filled = attributes.iter().map(|attribute| {
        let config = configured.get(&attribute.name).unwrap_or(&Value::Null);
        let prior = prior.and_then(|prior| prior.attribute(&attribute.name));
        (attribute.name.clone(), fill_attribute(attribute, config, prior))
    });
    Value::Object(filled.collect())
}

fn fill_attribute(attribute: &Attribute, config: &Value, prior: Option<&Value>) -> Value {
    let declaration = &attribute.declaration;
    match &declaration.default {
        _ if declaration.write_only => Value::Null,
        _ if !config.is_null() => fill_nested(&attribute.kind, config, prior),
        Some(default) => default.clone(),
        None if declaration.computed => match prior {
            Some(prior) if declaration.keep && !prior.is_null() => prior.clone(),
            _ => attribute.unknown(),
        },
        None => config.clone(),
    }
}

fn fill_nested(kind: &Kind, config: &Value, prior: Option<&Value>) -> Value {
    let Kind::Nested(nesting, attributes) = kind else { return config.clone() };
    match (nesting, config) {
        (Nesting::Single, Value::Object(_)) => {
            fill(attributes, config, prior.filter(|prior| !prior.is_null()))
        }
        (Nesting::List, Value::List(elements)) => {
            let prior_at = |index: usize| match prior {
                Some(Value::List(prior)) => prior.get(index),
                _ => None,
            };
            let fill = |(index, element)| fill(attributes, element, prior_at(index));
            Value::List(elements.iter().enumerate().map(fill).collect())
        }
        // Elements of a set have no identity over time, so nothing in them is kept.
        (Nesting::Set, Value::Set(elements)) => {
            Value::Set(elements.iter().map(|element| fill(attributes, element, None)).collect())
        }
        (Nesting::Map, Value::Map(elements)) => {
            let prior_at = |key: &String| match prior {
                Some(Value::Map(prior)) => prior.get(key),
                _ => None,
            };
            let fill =
                |(key, element): (&String, &Value)| (key.clone(), fill(attributes, element, prior_at(key)));
            Value::Map(elements.iter().map(fill).collect())
        }
        _ => config.clone(),
    }
}

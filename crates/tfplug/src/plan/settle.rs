//! What a plan says after the provider was asked: nothing changed at all, or what is unknown and what is
//! known of it.

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;
use std::collections::BTreeMap;

/// The plan of an update, once the provider has filled in what it can tell.
///
/// A computed value is unknown only because *something* may change. If nothing else does, nothing
/// changes at all and the plan is the prior state. Unknown values that are to stay take over what the
/// configuration knows of them, or what the schema promises.
pub fn settle(attributes: &[Attribute], config: &Value, prior: Option<&Value>, planned: Value) -> Value {
    if let Some(prior) = prior
        && unchanged(attributes, Sides { config, prior, planned: &planned, keeps: true })
    {
        return prior.clone();
    }
    refine(attributes, config, planned)
}

const NULL: &Value = &Value::Null;

#[derive(Clone, Copy)]
struct Sides<'a> {
    config: &'a Value,
    prior: &'a Value,
    planned: &'a Value,
    /// Whether `keep` was heeded when the plan was filled: not in sets.
    keeps: bool,
}

impl<'a> Sides<'a> {
    fn of(self, config: &'a Value, prior: &'a Value, planned: &'a Value) -> Self {
        Self { config, prior, planned, ..self }
    }
}

fn unchanged(attributes: &[Attribute], sides: Sides<'_>) -> bool {
    attributes.iter().all(|attribute| {
        let name = &attribute.name;
        let (Some(prior), Some(planned)) = (sides.prior.attribute(name), sides.planned.attribute(name))
        else {
            return false;
        };
        let config = sides.config.attribute(name).unwrap_or(NULL);
        unchanged_attribute(attribute, sides.of(config, prior, planned))
    })
}

fn unchanged_attribute(attribute: &Attribute, sides: Sides<'_>) -> bool {
    let Sides { config, prior, planned, keeps } = sides;
    if planned.is_unknown() && config.is_null() && attribute.declaration.computed {
        // What was known before the provider was asked is unknown by the provider's own word: a change.
        let declaration = &attribute.declaration;
        return declaration.default.is_none() && !(keeps && declaration.keep && !prior.is_null());
    }
    let Kind::Nested(nesting, nested) = &attribute.kind else { return prior.same(planned) };
    match (nesting, prior, planned) {
        (Nesting::Single, Value::Object(_), Value::Object(_)) => unchanged(nested, sides),
        (Nesting::List, Value::List(prior), Value::List(planned)) if prior.len() == planned.len() => {
            prior.iter().zip(planned).enumerate().all(|(index, (prior, planned))| {
                unchanged_element(nested, sides.of(index_of(config, index), prior, planned))
            })
        }
        (Nesting::Map, Value::Map(prior), Value::Map(planned)) if prior.keys().eq(planned.keys()) => {
            prior.iter().zip(planned.values()).all(|((key, prior), planned)| {
                unchanged_element(nested, sides.of(key_of(config, key), prior, planned))
            })
        }
        (Nesting::Set, Value::Set(prior), Value::Set(planned)) if prior.len() == planned.len() => {
            unchanged_set(nested, config, (prior, planned))
        }
        _ => prior.same(planned),
    }
}

/// Elements of a set have no place: each planned one must be one that was there before, each only once.
fn unchanged_set(nested: &[Attribute], config: &Value, (prior, planned): (&[Value], &[Value])) -> bool {
    let mut left: Vec<&Value> = prior.iter().collect();
    planned.iter().enumerate().all(|(index, planned)| {
        let config = index_of(config, index);
        let sides = |prior| Sides { config, prior, planned, keeps: false };
        let found = left.iter().position(|prior| unchanged_element(nested, sides(prior)));
        found.map(|position| left.swap_remove(position)).is_some()
    })
}

fn unchanged_element(nested: &[Attribute], sides: Sides<'_>) -> bool {
    match (sides.prior, sides.planned) {
        (Value::Object(_), Value::Object(_)) => unchanged(nested, sides),
        (prior, planned) => prior.same(planned),
    }
}

fn index_of(collection: &Value, index: usize) -> &Value {
    match collection {
        Value::List(elements) | Value::Set(elements) | Value::Tuple(elements) => {
            elements.get(index).unwrap_or(NULL)
        }
        _ => NULL,
    }
}

fn key_of<'a>(collection: &'a Value, key: &str) -> &'a Value {
    match collection {
        Value::Map(elements) => elements.get(key).unwrap_or(NULL),
        _ => NULL,
    }
}

fn refine(attributes: &[Attribute], config: &Value, planned: Value) -> Value {
    let Value::Object(planned) = planned else { return adopt(config, planned) };
    let mut refined = BTreeMap::new();
    for (name, value) in planned {
        let config = config.attribute(&name).unwrap_or(NULL);
        let attribute = attributes.iter().find(|attribute| attribute.name == name);
        let value = match attribute {
            Some(attribute) => refine_attribute(attribute, config, value),
            None => adopt(config, value),
        };
        refined.insert(name, value);
    }
    Value::Object(refined)
}

fn refine_attribute(attribute: &Attribute, config: &Value, planned: Value) -> Value {
    if planned.is_unknown() && config.is_null() {
        return attribute.unknown();
    }
    let Kind::Nested(_, nested) = &attribute.kind else { return adopt(config, planned) };
    match planned {
        Value::Object(_) => refine(nested, config, planned),
        Value::List(elements) => Value::List(refine_elements(nested, config, elements)),
        Value::Set(elements) => Value::Set(refine_elements(nested, config, elements)),
        Value::Map(elements) => {
            let pair = |(key, element): (String, Value)| {
                let refined = refine(nested, key_of(config, &key), element);
                (key, refined)
            };
            Value::Map(elements.into_iter().map(pair).collect())
        }
        other => adopt(config, other),
    }
}

fn refine_elements(nested: &[Attribute], config: &Value, elements: Vec<Value>) -> Vec<Value> {
    let refine = |(index, element)| refine(nested, index_of(config, index), element);
    elements.into_iter().enumerate().map(refine).collect()
}

/// The planned value, with what the configuration knows of what is unknown in both.
fn adopt(config: &Value, planned: Value) -> Value {
    let elements = |elements: Vec<Value>| {
        elements
            .into_iter()
            .enumerate()
            .map(|(index, element)| adopt(index_of(config, index), element))
            .collect()
    };
    match planned {
        Value::Unknown(_) if config.is_unknown() => config.clone(),
        Value::List(list) => Value::List(elements(list)),
        Value::Set(list) => Value::Set(elements(list)),
        Value::Tuple(list) => Value::Tuple(elements(list)),
        Value::Map(map) => {
            let pair = |(key, element): (String, Value)| {
                let adopted = adopt(key_of(config, &key), element);
                (key, adopted)
            };
            Value::Map(map.into_iter().map(pair).collect())
        }
        other => other,
    }
}

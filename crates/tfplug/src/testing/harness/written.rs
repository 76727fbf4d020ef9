//! Configurations as tests write them, in JSON: what is left out is null, and unknown can be written.

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::value::{Mismatch, Type, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How Terraform's own plans show an unknown value; no real text of a test reads so.
const UNKNOWN: &str = "(known after apply)";

/// A value as a test writes it.
#[derive(Debug, Clone)]
pub enum Written {
    /// As JSON, read by the type that the schema asks for.
    Json(Json),
    /// As it is.
    Value(Value),
}

impl From<Json> for Written {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}

impl From<Value> for Written {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

/// An unknown value, to write in JSON and to find there.
pub fn unknown() -> Json {
    Json::String(UNKNOWN.to_owned())
}

/// A value as JSON, with [`unknown`] for what is unknown.
pub fn shown(value: &Value) -> Json {
    match value {
        value if value.is_unknown() => unknown(),
        Value::Dynamic(_, value) => shown(value),
        Value::List(list) | Value::Set(list) | Value::Tuple(list) => list.iter().map(shown).collect(),
        Value::Map(map) | Value::Object(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.clone(), shown(value))).collect())
        }
        plain => crate::value::json::to_json(plain),
    }
}

impl Written {
    pub(super) fn value(self, ty: &Type) -> Result<Value, Diagnostics> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Json(json) => read(&json, ty, &Path::root()).map_err(|Mismatch { path, message }| {
                let place = match path.to_string() {
                    place if place.is_empty() => "the whole value".to_owned(),
                    place => format!("`{place}`"),
                };
                Diagnostics::error("Invalid configuration", format!("At {place}: {message}."))
            }),
        }
    }
}

fn read(json: &Json, ty: &Type, path: &Path) -> Result<Value, Mismatch> {
    match (json, ty) {
        (Json::Null, _) => Ok(Value::Null),
        (Json::String(text), _) if text == UNKNOWN => Ok(Value::unknown()),
        (json, Type::Dynamic) => dynamic(json, path),
        (Json::Array(json), Type::List(element)) => elements(json, element, path).map(Value::List),
        (Json::Array(json), Type::Set(element)) => {
            let mut set: Vec<Value> = Vec::new();
            for element in elements(json, element, path)? {
                if element.is_unknown() || !set.iter().any(|other| other.same(&element)) {
                    set.push(element);
                }
            }
            Ok(Value::Set(set))
        }
        (Json::Array(json), Type::Tuple(types)) if json.len() == types.len() => {
            let pairs = json.iter().zip(types).enumerate();
            let read: Result<_, _> =
                pairs.map(|(index, (json, ty))| read(json, ty, &path.index(index))).collect();
            read.map(Value::Tuple)
        }
        (Json::Object(json), Type::Map(element)) => {
            let pair =
                |(key, json): (&String, &Json)| Ok((key.clone(), read(json, element, &path.key(key))?));
            json.iter().map(pair).collect::<Result<_, _>>().map(Value::Map)
        }
        (Json::Object(json), Type::Object(types)) => {
            if let Some(stray) = json.keys().find(|name| !types.contains_key(*name)) {
                return Err(Mismatch::new(path, format!("`{stray}` is not an argument here")));
            }
            let pair = |(name, ty): (&String, &Type)| {
                Ok((name.clone(), read(json.get(name).unwrap_or(&Json::Null), ty, &path.join(name))?))
            };
            types.iter().map(pair).collect::<Result<BTreeMap<_, _>, _>>().map(Value::Object)
        }
        (json, ty) => crate::value::json::from_json(json, ty, crate::value::json::Strictness::Strict)
            .map_err(|mismatch| Mismatch::new(path, mismatch.message)),
    }
}

fn elements(json: &[Json], ty: &Type, path: &Path) -> Result<Vec<Value>, Mismatch> {
    json.iter().enumerate().map(|(index, json)| read(json, ty, &path.index(index))).collect()
}

/// The type of an expression without one: as HCL's own literals, lists are tuples and maps are objects.
fn dynamic(json: &Json, path: &Path) -> Result<Value, Mismatch> {
    let ty = natural(json);
    match ty {
        Type::Dynamic => Ok(Value::Null),
        ty => Ok(Value::Dynamic(ty.clone(), Box::new(read(json, &ty, path)?))),
    }
}

fn natural(json: &Json) -> Type {
    match json {
        Json::Null => Type::Dynamic,
        Json::Bool(_) => Type::Bool,
        Json::Number(_) => Type::Number,
        Json::String(text) if text == UNKNOWN => Type::Dynamic,
        Json::String(_) => Type::String,
        Json::Array(elements) => Type::Tuple(elements.iter().map(natural).collect()),
        Json::Object(attributes) => {
            Type::Object(attributes.iter().map(|(name, json)| (name.clone(), natural(json))).collect())
        }
    }
}

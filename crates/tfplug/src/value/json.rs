//! Values as JSON: stored state, and messages whose msgpack is empty. Never holds an unknown value, for
//! which JSON has no form.

use super::{Mismatch, Type, Value};
use crate::path::Path;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How [`decode`] treats an object whose attributes are not exactly those of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// An unknown or missing attribute is an error.
    Strict,
    /// An unknown attribute is dropped and a missing one is null: state that another version wrote.
    Lenient,
}

/// Reads a value of type `ty` from JSON text.
///
/// # Errors
/// The first place where the text does not fit the type.
pub fn decode(bytes: &[u8], ty: &Type, strictness: Strictness) -> Result<Value, Mismatch> {
    let json = serde_json::from_slice(bytes)
        .map_err(|error| Mismatch::new(&Path::root(), format!("not JSON: {error}")))?;
    from_json(&json, ty, strictness)
}

/// Reads a value of type `ty` from parsed JSON.
///
/// # Errors
/// The first place where the JSON does not fit the type.
pub fn from_json(json: &Json, ty: &Type, strictness: Strictness) -> Result<Value, Mismatch> {
    Reader { strictness }.read(json, ty, &Path::root())
}

/// Writes a value as JSON; unknown becomes null.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap_or(Json::Null),
        Value::String(text) => Json::String(text.clone()),
        Value::List(list) | Value::Set(list) | Value::Tuple(list) => {
            Json::Array(list.iter().map(to_json).collect())
        }
        Value::Map(map) | Value::Object(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
        }
        Value::Dynamic(ty, value) => {
            let pair = [("value".to_owned(), to_json(value)), ("type".to_owned(), ty.to_json())];
            Json::Object(pair.into_iter().collect())
        }
    }
}

struct Reader {
    strictness: Strictness,
}

impl Reader {
    fn read(&self, json: &Json, ty: &Type, path: &Path) -> Result<Value, Mismatch> {
        match (json, ty) {
            (Json::Null, _) => Ok(Value::Null),
            (Json::Bool(value), Type::Bool) => Ok(Value::Bool(*value)),
            (Json::Number(number), Type::Number) => number
                .to_string()
                .parse()
                .map(Value::Number)
                .map_err(|reason: String| Mismatch::new(path, reason)),
            (Json::String(text), Type::String) => Ok(Value::String(text.clone())),
            // `cty` reads one plain type for another, so that old state survives a change of type.
            (Json::String(text), Type::Number) => {
                text.parse().map(Value::Number).map_err(|reason: String| Mismatch::new(path, reason))
            }
            (Json::String(text), Type::Bool) if text == "true" || text == "false" => {
                Ok(Value::Bool(text == "true"))
            }
            (Json::Number(number), Type::String) => Ok(Value::String(number.to_string())),
            (Json::Bool(value), Type::String) => Ok(Value::String(value.to_string())),
            (Json::Array(json), Type::List(element)) => self.elements(json, element, path).map(Value::List),
            (Json::Array(json), Type::Set(element)) => {
                let read: Result<Vec<_>, _> =
                    json.iter().map(|json| self.read(json, element, path)).collect();
                read.map(Value::Set)
            }
            (Json::Array(json), Type::Tuple(types)) if json.len() == types.len() => {
                let zipped = json.iter().zip(types).enumerate();
                let read: Result<Vec<_>, _> =
                    zipped.map(|(index, (json, ty))| self.read(json, ty, &path.index(index))).collect();
                read.map(Value::Tuple)
            }
            (Json::Object(json), Type::Map(element)) => {
                let pair = |(key, json): (&String, &Json)| {
                    Ok((key.clone(), self.read(json, element, &path.key(key))?))
                };
                json.iter().map(pair).collect::<Result<_, _>>().map(Value::Map)
            }
            (Json::Object(json), Type::Object(types)) => self.object(json, types, path),
            (Json::Object(json), Type::Dynamic) => self.dynamic(json, path),
            (json, _) => {
                Err(Mismatch::new(path, format!("expected {}, found {}", ty.describe(), describe(json))))
            }
        }
    }

    fn elements(&self, json: &[Json], ty: &Type, path: &Path) -> Result<Vec<Value>, Mismatch> {
        json.iter().enumerate().map(|(index, json)| self.read(json, ty, &path.index(index))).collect()
    }

    fn object(
        &self,
        json: &serde_json::Map<String, Json>,
        types: &BTreeMap<String, Type>,
        path: &Path,
    ) -> Result<Value, Mismatch> {
        let strict = self.strictness == Strictness::Strict;
        if let Some(stray) = json.keys().find(|name| strict && !types.contains_key(*name)) {
            return Err(Mismatch::new(path, format!("`{stray}` is not an attribute of this object")));
        }
        let mut attributes = BTreeMap::new();
        for (name, ty) in types {
            let value = match json.get(name) {
                Some(json) => self.read(json, ty, &path.join(name))?,
                None if strict => {
                    return Err(Mismatch::new(path, format!("the attribute `{name}` is missing")));
                }
                None => Value::Null,
            };
            attributes.insert(name.clone(), value);
        }
        Ok(Value::Object(attributes))
    }

    fn dynamic(&self, json: &serde_json::Map<String, Json>, path: &Path) -> Result<Value, Mismatch> {
        let (Some(ty), Some(value)) = (json.get("type"), json.get("value")) else {
            return Err(Mismatch::new(path, "a dynamic value in JSON is an object of `type` and `value`"));
        };
        let ty = Type::from_json(ty).map_err(|reason| Mismatch::new(path, reason))?;
        let value = self.read(value, &ty, path)?;
        Ok(Value::Dynamic(ty, Box::new(value)))
    }
}

fn describe(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

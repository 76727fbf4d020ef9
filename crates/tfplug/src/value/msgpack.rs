//! Values as msgpack, the way `cty` writes them: numbers as integer, float or decimal text, unknown as an
//! extension, dynamic as a pair of type and value. Never guesses: what does not fit the type is an error.

use super::{Mismatch, Number, Refinements, Type, Value};
use crate::path::Path;
use rmpv::Value as Msgpack;
use std::collections::BTreeMap;

/// The extension that carries refinements; every other code is an unknown value without them.
const REFINED: i8 = 12;

/// How deep values may nest: 128 levels, each of which the decoder counts twice. Terraform's own types are far
/// shallower; a hostile message is refused before it can exhaust the stack.
const MAX_DEPTH: usize = 256;

/// Reads a value of type `ty`.
///
/// # Errors
/// The first place where the bytes do not fit the type.
pub fn decode(mut bytes: &[u8], ty: &Type) -> Result<Value, Mismatch> {
    let root = Path::root();
    let raw = rmpv::decode::read_value_with_max_depth(&mut bytes, MAX_DEPTH)
        .map_err(|error| Mismatch::new(&root, format!("not msgpack: {error}")))?;
    if !bytes.is_empty() {
        return Err(Mismatch::new(&root, format!("{} stray bytes after the value", bytes.len())));
    }
    read(raw, ty, &root)
}

/// Writes a value of type `ty`. Attributes that the value lacks are written as null.
pub fn encode(value: &Value, ty: &Type) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a `Vec` cannot fail.
    let _infallible = rmpv::encode::write_value(&mut bytes, &write(value, ty));
    bytes
}

fn read(raw: Msgpack, ty: &Type, path: &Path) -> Result<Value, Mismatch> {
    let wrong =
        |raw: &Msgpack| Mismatch::new(path, format!("expected {}, found {}", ty.describe(), describe(raw)));
    match (raw, ty) {
        (Msgpack::Nil, _) => Ok(Value::Null),
        (Msgpack::Ext(code, payload), _) => Ok(Value::Unknown(refinements(code, &payload))),
        (Msgpack::Boolean(value), Type::Bool) => Ok(Value::Bool(value)),
        (raw, Type::Number) => number(&raw).map(Value::Number).ok_or_else(|| wrong(&raw)),
        (Msgpack::String(text), Type::String) => match text.into_str() {
            Some(text) => Ok(Value::String(text)),
            None => Err(Mismatch::new(path, "a string that is not UTF-8")),
        },
        (Msgpack::Array(raw), Type::List(element)) => elements(raw, element, path).map(Value::List),
        (Msgpack::Array(raw), Type::Set(element)) => {
            let read: Result<Vec<_>, _> = raw.into_iter().map(|raw| read(raw, element, path)).collect();
            read.map(Value::Set)
        }
        (Msgpack::Array(raw), Type::Tuple(types)) => tuple(raw, types, path),
        (Msgpack::Array(raw), Type::Dynamic) => dynamic(raw, path),
        (Msgpack::Map(raw), Type::Map(element)) => {
            let mut map = BTreeMap::new();
            for (key, value) in raw {
                let key = text_key(&key, path)?;
                let value = read(value, element, &path.key(&key))?;
                map.insert(key, value);
            }
            Ok(Value::Map(map))
        }
        (Msgpack::Map(raw), Type::Object(types)) => object(raw, types, path),
        (raw, _) => Err(wrong(&raw)),
    }
}

fn elements(raw: Vec<Msgpack>, ty: &Type, path: &Path) -> Result<Vec<Value>, Mismatch> {
    raw.into_iter().enumerate().map(|(index, raw)| read(raw, ty, &path.index(index))).collect()
}

fn tuple(raw: Vec<Msgpack>, types: &[Type], path: &Path) -> Result<Value, Mismatch> {
    if raw.len() != types.len() {
        let message = format!("expected a tuple of {}, found {} elements", types.len(), raw.len());
        return Err(Mismatch::new(path, message));
    }
    let zipped = raw.into_iter().zip(types).enumerate();
    zipped
        .map(|(index, (raw, ty))| read(raw, ty, &path.index(index)))
        .collect::<Result<_, _>>()
        .map(Value::Tuple)
}

fn dynamic(raw: Vec<Msgpack>, path: &Path) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::new(path, "a dynamic value is a pair of its type and itself");
    let [ty, value]: [Msgpack; 2] = raw.try_into().map_err(|_| wrong())?;
    let ty = match &ty {
        Msgpack::Binary(bytes) => bytes.as_slice(),
        Msgpack::String(text) => text.as_bytes(),
        _ => return Err(wrong()),
    };
    let ty = serde_json::from_slice(ty)
        .map_err(|error| error.to_string())
        .and_then(|json| Type::from_json(&json))
        .map_err(|reason| Mismatch::new(path, format!("the type of a dynamic value: {reason}")))?;
    // A typed null stays one: to the host it is not the same value as a null without a type.
    let value = read(value, &ty, path)?;
    Ok(Value::Dynamic(ty, Box::new(value)))
}

fn object(
    raw: Vec<(Msgpack, Msgpack)>,
    types: &BTreeMap<String, Type>,
    path: &Path,
) -> Result<Value, Mismatch> {
    let mut attributes = BTreeMap::new();
    for (key, value) in raw {
        let name = text_key(&key, path)?;
        let Some(ty) = types.get(&name) else {
            return Err(Mismatch::new(path, format!("`{name}` is not an attribute of this object")));
        };
        let value = read(value, ty, &path.join(&name))?;
        attributes.insert(name, value);
    }
    match types.keys().find(|name| !attributes.contains_key(*name)) {
        Some(missing) => Err(Mismatch::new(path, format!("the attribute `{missing}` is missing"))),
        None => Ok(Value::Object(attributes)),
    }
}

fn text_key(key: &Msgpack, path: &Path) -> Result<String, Mismatch> {
    key.as_str()
        .map(str::to_owned)
        .ok_or_else(|| Mismatch::new(path, format!("a key must be a string, found {}", describe(key))))
}

/// What was found, never the value itself: it may be a secret, and messages are printed as they are.
fn describe(raw: &Msgpack) -> &'static str {
    match raw {
        Msgpack::Nil => "null",
        Msgpack::Boolean(_) => "a bool",
        Msgpack::Integer(_) | Msgpack::F32(_) | Msgpack::F64(_) => "a number",
        Msgpack::String(_) => "a string",
        Msgpack::Binary(_) => "bytes",
        Msgpack::Array(_) => "a list",
        Msgpack::Map(_) => "a map",
        Msgpack::Ext(..) => "an unknown value",
    }
}

fn number(raw: &Msgpack) -> Option<Number> {
    match raw {
        Msgpack::Integer(integer) => {
            integer.as_i64().map(Number::from).or_else(|| integer.as_u64().map(Number::from))
        }
        Msgpack::F64(float) => Number::from_f64(*float),
        Msgpack::F32(float) => Number::from_f64(f64::from(*float)),
        Msgpack::String(text) => text.as_str()?.parse().ok(),
        _ => None,
    }
}

/// Refinements are advice: what cannot be read is left out, as the `cty` specification allows.
fn refinements(code: i8, mut payload: &[u8]) -> Refinements {
    let mut known = Refinements::default();
    if code != REFINED {
        return known;
    }
    let Ok(Msgpack::Map(entries)) = rmpv::decode::read_value_with_max_depth(&mut payload, MAX_DEPTH) else {
        return known;
    };
    for (key, value) in entries {
        match key.as_u64() {
            Some(1) => known.null = value.as_bool(),
            Some(2) => known.prefix = value.as_str().map(str::to_owned),
            Some(3) => known.lower = bound(&value),
            Some(4) => known.upper = bound(&value),
            Some(5) => known.min_length = value.as_u64(),
            Some(6) => known.max_length = value.as_u64(),
            _ => {}
        }
    }
    known
}

fn bound(value: &Msgpack) -> Option<(Number, bool)> {
    match value.as_array()?.as_slice() {
        [limit, inclusive] => Some((number(limit)?, inclusive.as_bool()?)),
        _ => None,
    }
}

fn write(value: &Value, ty: &Type) -> Msgpack {
    match (value, ty) {
        (Value::Null, _) => Msgpack::Nil,
        // Rule (`cty`): nothing can be known of an unknown value of unknown type.
        (Value::Unknown(_), Type::Dynamic) => write_unknown(&Refinements::default()),
        (Value::Unknown(known), _) => write_unknown(known),
        (Value::Dynamic(ty, value), Type::Dynamic) => write_dynamic(ty, value),
        (value, Type::Dynamic) => write_dynamic(&value.own_type(), value),
        (Value::Dynamic(ty, value), _) => write(value, ty),
        (Value::Bool(value), _) => Msgpack::Boolean(*value),
        (Value::Number(number), _) => write_number(number),
        (Value::String(text), _) => Msgpack::from(text.as_str()),
        (Value::List(list) | Value::Set(list), Type::List(element) | Type::Set(element)) => {
            Msgpack::Array(list.iter().map(|value| write(value, element)).collect())
        }
        (Value::Tuple(list), Type::Tuple(types)) => {
            Msgpack::Array(list.iter().zip(types).map(|(value, ty)| write(value, ty)).collect())
        }
        (Value::Map(map), Type::Map(element)) => Msgpack::Map(
            map.iter().map(|(key, value)| (Msgpack::from(key.as_str()), write(value, element))).collect(),
        ),
        (Value::Object(attributes), Type::Object(types)) => {
            let pair = |(name, ty): (&String, &Type)| {
                (Msgpack::from(name.as_str()), write(attributes.get(name).unwrap_or(&Value::Null), ty))
            };
            Msgpack::Map(types.iter().map(pair).collect())
        }
        // Typed encoding makes this impossible; null makes the host name the attribute.
        _ => Msgpack::Nil,
    }
}

fn write_dynamic(ty: &Type, value: &Value) -> Msgpack {
    let name = ty.to_json().to_string().into_bytes();
    Msgpack::Array(vec![Msgpack::Binary(name), write(value, ty)])
}

fn write_number(number: &Number) -> Msgpack {
    match (number.to_i64(), number.to_f64_exact()) {
        (Some(integer), _) => Msgpack::from(integer),
        (None, Some(float)) => Msgpack::F64(float),
        (None, None) => Msgpack::from(number.to_string()),
    }
}

fn write_unknown(known: &Refinements) -> Msgpack {
    if known.is_empty() {
        return Msgpack::Ext(0, vec![0]);
    }
    let mut entries: Vec<(Msgpack, Msgpack)> = Vec::new();
    let mut put =
        |key: u8, value: Option<Msgpack>| entries.extend(value.map(|value| (Msgpack::from(key), value)));
    let limit = |bound: &Option<(Number, bool)>| {
        bound.as_ref().map(|(number, inclusive)| {
            Msgpack::Array(vec![write_number(number), Msgpack::Boolean(*inclusive)])
        })
    };
    put(1, known.null.map(Msgpack::Boolean));
    put(2, known.prefix.as_deref().map(Msgpack::from));
    put(3, limit(&known.lower));
    put(4, limit(&known.upper));
    put(5, known.min_length.map(Msgpack::from));
    put(6, known.max_length.map(Msgpack::from));
    let mut payload = Vec::new();
    // Writing to a `Vec` cannot fail.
    let _infallible = rmpv::encode::write_value(&mut payload, &Msgpack::Map(entries));
    Msgpack::Ext(REFINED, payload)
}

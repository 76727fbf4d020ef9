//! Rust types that stand for Terraform types: one trait, and its implementations for the plain ones.
//! Null and unknown are visible as [`Attr`]; nothing else may be either.

use super::{Check, Kind, Nesting};
use crate::path::Path;
use crate::value::{Mismatch, Number, Type, Value};
use std::collections::BTreeMap;

/// A Rust type that stands for a Terraform type. Implemented for the plain types here, and for structs
/// by [`object!`](crate::object!).
pub trait Shape: Sized + Send + Sync + 'static {
    /// The Terraform type, with nested declarations.
    fn kind() -> Kind;

    /// What a user may write in this type in HCL but not in Rust, said as checks.
    fn checks() -> Vec<Check> {
        Vec::new()
    }

    /// Reads a value that is neither null nor unknown.
    ///
    /// # Errors
    /// The place where the value has another type.
    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch>;

    /// The value.
    fn encode(&self) -> Value;
}

/// A value that may be null, or not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Attr<T> {
    /// Not set.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// Known now.
    Known(T),
}

/// `list(T)`
pub type List<T> = Vec<Attr<T>>;
/// `map(T)`
pub type Map<T> = BTreeMap<String, Attr<T>>;

/// `set(T)`
#[derive(Debug, Clone, Default)]
pub struct Set<T>(pub Vec<Attr<T>>);

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.0.iter().all(|element| b.0.contains(element));
        within(self, other) && within(other, self)
    }
}

impl<T> Attr<T> {
    /// The value, if it is known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, if it is known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The same by reference.
    pub fn as_ref(&self) -> Attr<&T> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(value),
        }
    }

    /// Another value where one is known.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(change(value)),
        }
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl<T: Shape> Attr<T> {
    /// Reads any value.
    ///
    /// # Errors
    /// The place where the value has another type.
    pub fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown(_) => Ok(Self::Unknown),
            known => T::decode(known, path).map(Self::Known),
        }
    }

    /// The value.
    pub fn encode(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::unknown(),
            Self::Known(value) => value.encode(),
        }
    }
}

fn mismatch(path: &Path, expected: &str, found: &Value) -> Mismatch {
    Mismatch::new(path, format!("expected {expected}, found {}", found.describe()))
}

impl Shape for String {
    fn kind() -> Kind {
        Kind::Plain(Type::String)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        match value {
            Value::String(text) => Ok(text.clone()),
            other => Err(mismatch(path, "a string", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Shape for bool {
    fn kind() -> Kind {
        Kind::Plain(Type::Bool)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        match value {
            Value::Bool(value) => Ok(*value),
            other => Err(mismatch(path, "a bool", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Shape for Number {
    fn kind() -> Kind {
        Kind::Plain(Type::Number)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        match value {
            Value::Number(number) => Ok(number.clone()),
            other => Err(mismatch(path, "a number", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::Number(self.clone())
    }
}

/// A whole number; one with a fraction or beyond 64 bits fails validation.
impl Shape for i64 {
    fn kind() -> Kind {
        Kind::Plain(Type::Number)
    }

    fn checks() -> Vec<Check> {
        let whole = |number: &Number| match number.to_i64() {
            Some(_) => Ok(()),
            None => Err(format!("{number} is not a whole number of at most 64 bits.")),
        };
        vec![Check::value::<Number>(whole)]
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        let Value::Number(number) = value else { return Err(mismatch(path, "a number", value)) };
        number.to_i64().ok_or_else(|| Mismatch::new(path, format!("expected a whole number, found {number}")))
    }

    fn encode(&self) -> Value {
        Value::Number(Number::from(*self))
    }
}

/// The result of a function that may be null. Attributes say that by [`Attr`].
impl<T: Shape> Shape for Option<T> {
    fn kind() -> Kind {
        T::kind()
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        T::decode(value, path).map(Some)
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, Shape::encode)
    }
}

/// A value of any type.
impl Shape for Value {
    fn kind() -> Kind {
        Kind::Plain(Type::Dynamic)
    }

    fn decode(value: &Value, _path: &Path) -> Result<Self, Mismatch> {
        Ok(value.clone())
    }

    fn encode(&self) -> Value {
        self.clone()
    }
}

impl<T: Shape> Shape for List<T> {
    fn kind() -> Kind {
        T::kind().collected(Nesting::List, Type::List)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(mismatch(path, "a list", value)) };
        let element = |(index, element)| Attr::decode(element, &path.index(index));
        elements.iter().enumerate().map(element).collect()
    }

    fn encode(&self) -> Value {
        Value::List(self.iter().map(Attr::encode).collect())
    }
}

impl<T: Shape> Shape for Set<T> {
    fn kind() -> Kind {
        T::kind().collected(Nesting::Set, Type::Set)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        let Value::Set(elements) = value else { return Err(mismatch(path, "a set", value)) };
        elements.iter().map(|element| Attr::decode(element, path)).collect::<Result<_, _>>().map(Self)
    }

    fn encode(&self) -> Value {
        Value::Set(self.0.iter().map(Attr::encode).collect())
    }
}

impl<T: Shape> Shape for Map<T> {
    fn kind() -> Kind {
        T::kind().collected(Nesting::Map, Type::Map)
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        let Value::Map(elements) = value else { return Err(mismatch(path, "a map", value)) };
        let pair =
            |(key, element): (&String, &Value)| Ok((key.clone(), Attr::decode(element, &path.key(key))?));
        elements.iter().map(pair).collect()
    }

    fn encode(&self) -> Value {
        Value::Map(self.iter().map(|(key, element)| (key.clone(), element.encode())).collect())
    }
}

//! Terraform values as they travel: null, unknown, exact numbers, collections, objects. Pure; never knows
//! a schema's prose or a provider's types.

pub mod json;
pub mod msgpack;
mod number;
mod type_constraint;

pub use number::Number;
pub use type_constraint::Type;

use crate::diagnostics::Diagnostic;
use crate::path::Path;
use std::collections::BTreeMap;

/// A Terraform value of any type.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value: what an omitted argument is.
    #[default]
    Null,
    /// A value that is not known before apply, with what is known of it.
    Unknown(Refinements),
    /// `true` or `false`.
    Bool(bool),
    /// A number of any size and precision.
    Number(Number),
    /// Text, normalized by the host (NFC).
    String(String),
    /// Ordered elements of one type.
    List(Vec<Value>),
    /// Elements of one type without order or duplicates.
    Set(Vec<Value>),
    /// Elements of one type by key.
    Map(BTreeMap<String, Value>),
    /// Attributes by name; every attribute of the type is present.
    Object(BTreeMap<String, Value>),
    /// Elements each of a type of its own.
    Tuple(Vec<Value>),
    /// A value whose type travels with it. A null of a certain type is one too, and so is an unknown.
    Dynamic(Type, Box<Value>),
}

/// What is known of an unknown value. A final value must obey what was promised here.
///
/// Rule: hosts since Terraform 1.6 read these; older ones ignore them (`cty` msgpack extension 12).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refinements {
    /// `Some(false)`: certainly not null. `Some(true)`: certainly null.
    pub null: Option<bool>,
    /// The text it will start with.
    pub prefix: Option<String>,
    /// The lowest number it can be, and whether that number itself is possible.
    pub lower: Option<(Number, bool)>,
    /// The highest number it can be, and whether that number itself is possible.
    pub upper: Option<(Number, bool)>,
    /// The fewest elements it can have.
    pub min_length: Option<u64>,
    /// The most elements it can have.
    pub max_length: Option<u64>,
}

impl Refinements {
    /// Nothing known but that it will not be null.
    pub fn not_null() -> Self {
        Self { null: Some(false), ..Self::default() }
    }

    /// Text that will start with `prefix`.
    pub fn prefix(prefix: impl Into<String>) -> Self {
        Self { prefix: Some(prefix.into()), ..Self::not_null() }
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Value {
    /// An unknown value of which nothing is known.
    pub fn unknown() -> Self {
        Self::Unknown(Refinements::default())
    }

    /// Whether it is null, of whatever type.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Dynamic(_, value) => value.is_null(),
            _ => false,
        }
    }

    /// Whether it is itself unknown, of whatever type.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown(_) => true,
            Self::Dynamic(_, value) => value.is_unknown(),
            _ => false,
        }
    }

    /// Whether nothing in it, at any depth, is unknown.
    pub fn is_wholly_known(&self) -> bool {
        let mut known = true;
        self.walk(&Path::root(), &mut |_, value| known &= !value.is_unknown());
        known
    }

    /// The paths of everything unknown in it.
    pub fn unknown_paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        self.walk(&Path::root(), &mut |path, value| {
            if value.is_unknown() {
                paths.push(path.clone());
            }
        });
        paths
    }

    /// The attribute `name` of an object; `None` for anything else.
    pub fn attribute(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(attributes) => attributes.get(name),
            _ => None,
        }
    }

    /// The type of the value as it stands, for a place that takes any type. What has no type of its own
    /// (null, unknown, the elements of an empty collection) is of any.
    pub fn own_type(&self) -> Type {
        let element = |first: Option<&Self>| Box::new(first.map_or(Type::Dynamic, Self::own_type));
        match self {
            Self::Null | Self::Unknown(_) => Type::Dynamic,
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(elements) => Type::List(element(elements.first())),
            Self::Set(elements) => Type::Set(element(elements.first())),
            Self::Map(elements) => Type::Map(element(elements.values().next())),
            Self::Object(attributes) => {
                let types = attributes.iter().map(|(name, value)| (name.clone(), value.own_type()));
                Type::Object(types.collect())
            }
            Self::Tuple(elements) => Type::Tuple(elements.iter().map(Self::own_type).collect()),
            Self::Dynamic(ty, _) => ty.clone(),
        }
    }

    /// What it is, for messages: "a string", "a list", "null".
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
            Self::Dynamic(_, value) => value.describe(),
        }
    }

    /// Whether both are the same to Terraform: sets are compared without order, unknown equals unknown.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown(_), Self::Unknown(_)) => true,
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Set(a), Self::Set(b)) => {
                // Mostly both are in one order, and a set may have thousands of elements.
                if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)) {
                    return true;
                }
                let within =
                    |a: &[Self], b: &[Self]| a.iter().all(|one| b.iter().any(|other| one.same(other)));
                // Elements that are known twice are one; unknown ones may turn out to be several.
                let as_many = a.len() == b.len() || (self.is_wholly_known() && other.is_wholly_known());
                as_many && within(a, b) && within(b, a)
            }
            (Self::Map(a), Self::Map(b)) | (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| value.same(other)))
            }
            (Self::Dynamic(a, x), Self::Dynamic(b, y)) => a == b && x.same(y),
            _ => self == other,
        }
    }

    fn walk(&self, path: &Path, visit: &mut dyn FnMut(&Path, &Self)) {
        if let Self::Dynamic(_, value) = self {
            return value.walk(path, visit);
        }
        visit(path, self);
        match self {
            Self::List(elements) | Self::Tuple(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    element.walk(&path.index(index), visit);
                }
            }
            Self::Set(elements) => elements.iter().for_each(|element| element.walk(path, visit)),
            Self::Map(elements) => {
                elements.iter().for_each(|(key, element)| element.walk(&path.key(key), visit));
            }
            Self::Object(attributes) => {
                attributes.iter().for_each(|(name, value)| value.walk(&path.join(name), visit));
            }
            _ => {}
        }
    }
}

/// A value that does not have the form its type asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub path: Path,
    /// What was expected and what was found.
    pub message: String,
}

impl Mismatch {
    /// A mismatch at `path`.
    pub fn new(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.clone(), message: message.into() }
    }
}

impl From<Mismatch> for Diagnostic {
    fn from(mismatch: Mismatch) -> Self {
        let place = match mismatch.path.to_string() {
            place if place.is_empty() => "the whole value".to_owned(),
            place => format!("`{place}`"),
        };
        Self::error(
            "Malformed value from the host",
            format!(
                "At {place}: {}. The host and the provider disagree about the schema; this is not a fault in the \
                 configuration. If the provider was replaced during the run, run `terraform init` again.",
                mismatch.message
            ),
        )
        .at(mismatch.path)
    }
}

#[cfg(test)]
mod tests;

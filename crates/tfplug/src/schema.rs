//! What a provider's objects look like: attributes, nesting, prose, checks. Pure; never holds a value of
//! a user's.

mod check;
mod declaration;
mod object;
mod shape;

pub use check::{Check, nearest};
pub use declaration::{Declaration, computed, optional, required};
pub use object::{Fields, Object, attribute_name};
pub use shape::{Attr, List, Map, Set, Shape};

use crate::value::{Type, Value};
use std::collections::BTreeMap;

/// The schema of a resource, a data source or the provider itself.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Version of the stored form; raise it when old state needs an upgrade.
    pub version: i64,
    /// What it is, in Markdown.
    pub description: String,
    /// Its attributes, in the order of their declaration.
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// Version 0 of the schema that `T` declares.
    pub fn of<T: Object>() -> Self {
        Self { version: 0, description: prose(T::DESCRIPTION), attributes: T::attributes() }
    }

    /// The same at another version of the stored form.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        Self { version, ..self }
    }

    /// The type of the whole object.
    pub fn ty(&self) -> Type {
        object_type(&self.attributes)
    }

    /// The top-level attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name in HCL.
    pub name: String,
    /// What it is, in Markdown.
    pub description: String,
    /// Its type, or the attributes nested in it.
    pub kind: Kind,
    /// How it was declared.
    pub declaration: Declaration,
}

impl Attribute {
    /// Its type, nested attributes included.
    pub fn ty(&self) -> Type {
        self.kind.ty()
    }

    /// What it is while it is computed and not known.
    pub fn unknown(&self) -> Value {
        Value::Unknown(self.declaration.refinements.clone())
    }
}

/// The type of an attribute, or the attributes nested in it.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A value of a plain type.
    Plain(Type),
    /// Objects whose attributes have declarations of their own.
    Nested(Nesting, Vec<Attribute>),
}

/// How nested attributes repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// Objects in order.
    List,
    /// Objects without order.
    Set,
    /// Objects by key.
    Map,
}

impl Kind {
    /// The type without the nested declarations.
    pub fn ty(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Nested(Nesting::Single, attributes) => object_type(attributes),
            Self::Nested(Nesting::List, attributes) => Type::List(Box::new(object_type(attributes))),
            Self::Nested(Nesting::Set, attributes) => Type::Set(Box::new(object_type(attributes))),
            Self::Nested(Nesting::Map, attributes) => Type::Map(Box::new(object_type(attributes))),
        }
    }

    /// The kind of a collection of these. A collection of collections of objects has no nested form in
    /// the protocol and becomes a plain type.
    fn collected(self, nesting: Nesting, plain: fn(Box<Type>) -> Type) -> Self {
        match self {
            Self::Nested(Nesting::Single, attributes) => Self::Nested(nesting, attributes),
            other => Self::Plain(plain(Box::new(other.ty()))),
        }
    }
}

fn object_type(attributes: &[Attribute]) -> Type {
    let types = attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty()));
    Type::Object(types.collect::<BTreeMap<_, _>>())
}

/// Doc comments as Markdown: rustdoc's leading space of each line removed.
fn prose(doc: &str) -> String {
    let lines: Vec<&str> =
        doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests;

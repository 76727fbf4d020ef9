//! Values on the wire: golden bytes, malformed messages, and round trips over everything that has a type.

mod golden_msgpack;
mod json_text;
mod malformed;
mod properties;
mod sameness;
mod type_constraint;
mod unknown;

use super::json::{self, Strictness};
use super::{Mismatch, Number, Refinements, Type, Value, msgpack};
use crate::diagnostics::Diagnostic;
use std::collections::BTreeMap;

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list(element: Type) -> Type {
    Type::List(Box::new(element))
}

fn object(attributes: &[(&str, Type)]) -> Type {
    Type::Object(attributes.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

fn fields<const N: usize>(attributes: [(&str, Value); N]) -> BTreeMap<String, Value> {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Both ways: these bytes are this value, and this value is these bytes.
#[track_caller]
fn golden(value: Value, ty: &Type, bytes: &[u8]) {
    assert_eq!(msgpack::encode(&value, ty), bytes, "encoding {value:?}");
    assert_eq!(msgpack::decode(bytes, ty), Ok(value));
}

/// The place and the reason for which these bytes are not a value of this type.
#[track_caller]
fn refused(bytes: &[u8], ty: &Type) -> (String, String) {
    let Mismatch { path, message } = msgpack::decode(bytes, ty).unwrap_err();
    (path.to_string(), message)
}

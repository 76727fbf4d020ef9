//! Type constraints and their JSON form (`"string"`, `["list","string"]`), as the protocol's schemas carry
//! them. Never knows nested attributes: those are schema.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// Any type; the value carries its own.
    Dynamic,
    /// `list(…)`
    List(Box<Type>),
    /// `set(…)`
    Set(Box<Type>),
    /// `map(…)`
    Map(Box<Type>),
    /// `object({…})`
    Object(BTreeMap<String, Type>),
    /// `tuple([…])`
    Tuple(Vec<Type>),
}

impl Type {
    /// The JSON form.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::Dynamic => "dynamic".into(),
            Self::List(element) => Json::Array(vec!["list".into(), element.to_json()]),
            Self::Set(element) => Json::Array(vec!["set".into(), element.to_json()]),
            Self::Map(element) => Json::Array(vec!["map".into(), element.to_json()]),
            Self::Object(attributes) => {
                let attributes = attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json())).collect();
                Json::Array(vec!["object".into(), Json::Object(attributes)])
            }
            Self::Tuple(elements) => {
                let elements = elements.iter().map(Self::to_json).collect();
                Json::Array(vec!["tuple".into(), Json::Array(elements)])
            }
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        match json {
            Json::String(name) => match name.as_str() {
                "bool" => Ok(Self::Bool),
                "number" => Ok(Self::Number),
                "string" => Ok(Self::String),
                "dynamic" => Ok(Self::Dynamic),
                other => Err(format!("`{other}` is not a type")),
            },
            Json::Array(parts) => match parts.as_slice() {
                // Objects may carry a third part, the names of optional attributes, which only matters in
                // module variables.
                [Json::String(kind), argument, ..] => Self::composite(kind, argument),
                _ => Err("a type in brackets needs a name and an argument".to_owned()),
            },
            _ => Err("a type is a name or a list".to_owned()),
        }
    }

    fn composite(kind: &str, argument: &Json) -> Result<Self, String> {
        match (kind, argument) {
            ("list", element) => Ok(Self::List(Box::new(Self::from_json(element)?))),
            ("set", element) => Ok(Self::Set(Box::new(Self::from_json(element)?))),
            ("map", element) => Ok(Self::Map(Box::new(Self::from_json(element)?))),
            ("object", Json::Object(attributes)) => attributes
                .iter()
                .map(|(name, ty)| Ok((name.clone(), Self::from_json(ty)?)))
                .collect::<Result<_, String>>()
                .map(Self::Object),
            ("tuple", Json::Array(elements)) => {
                elements.iter().map(Self::from_json).collect::<Result<_, _>>().map(Self::Tuple)
            }
            (other, _) => Err(format!("`{other}` is not a type that takes this argument")),
        }
    }

    /// What a user would call it: "a list of strings" and the like.
    pub fn describe(&self) -> String {
        match self {
            Self::Bool => "a bool".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Dynamic => "a value of any type".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Set(_) => "a set".to_owned(),
            Self::Map(_) => "a map".to_owned(),
            Self::Object(_) => "an object".to_owned(),
            Self::Tuple(_) => "a tuple".to_owned(),
        }
    }
}

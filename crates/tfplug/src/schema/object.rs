//! Objects: a Rust struct declared once is schema, decoding, encoding and documentation.

use super::{Attr, Attribute, Kind, Nesting, Shape};
use crate::path::Path;
use crate::value::{Mismatch, Value};
use std::collections::BTreeMap;

/// A struct whose fields are attributes. Implemented by [`object!`](crate::object!).
pub trait Object: Sized + Send + Sync + 'static {
    /// The struct's doc comment.
    const DESCRIPTION: &'static str;

    /// Its attributes in order.
    fn attributes() -> Vec<Attribute>;

    /// Reads the fields.
    ///
    /// # Errors
    /// The first attribute that is missing or of another type.
    fn read(fields: &Fields<'_>) -> Result<Self, Mismatch>;

    /// The fields as values, by attribute name.
    fn write(&self) -> BTreeMap<String, Value>;
}

impl<T: Object> Shape for T {
    fn kind() -> Kind {
        Kind::Nested(Nesting::Single, T::attributes())
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Mismatch> {
        match value {
            Value::Object(attributes) => T::read(&Fields { attributes, path }),
            other => Err(Mismatch::new(path, format!("expected an object, found {}", other.describe()))),
        }
    }

    fn encode(&self) -> Value {
        Value::Object(self.write())
    }
}

/// The attributes of an object while it is read.
#[derive(Debug)]
pub struct Fields<'a> {
    attributes: &'a BTreeMap<String, Value>,
    path: &'a Path,
}

impl Fields<'_> {
    /// The attribute that a field of this name holds.
    ///
    /// # Errors
    /// It is missing or of another type.
    pub fn get<T: Shape>(&self, field: &str) -> Result<Attr<T>, Mismatch> {
        let name = attribute_name(field);
        match self.attributes.get(name) {
            Some(value) => Attr::decode(value, &self.path.join(name)),
            None => Err(Mismatch::new(self.path, format!("the attribute `{name}` is missing"))),
        }
    }
}

/// The attribute name of a field: a field named like a keyword of Rust is written `r#match`.
pub fn attribute_name(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Declares an object once: its schema, decoding, encoding and documentation.
///
/// Each field is an attribute: its doc comment is its documentation, its type a [`Shape`], and what
/// follows `=` its [`Declaration`](super::Declaration). The struct holds each field as an [`Attr`], so
/// that null and unknown cannot be overlooked.
///
/// ```
/// use tfplug::schema::{Attr, computed, optional, required};
///
/// tfplug::object! {
///     /// A greeting.
///     pub struct Greeting {
///         /// Whom to greet.
///         pub name: String = required().replace(),
///         /// How often.
///         pub times: i64 = optional().default_to(1),
///         /// What was said.
///         pub text: String = computed(),
///     }
/// }
///
/// let greeting = Greeting { name: Attr::Known("world".into()), ..Greeting::default() };
/// assert!(greeting.text.is_null());
/// ```
#[macro_export]
macro_rules! object {
    (
        $(#[doc = $doc:literal])*
        $visibility:vis struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $field_visibility:vis $field:ident : $ty:ty = $declaration:expr ),*
            $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        $visibility struct $name {
            $( $(#[doc = $field_doc])* $field_visibility $field: $crate::schema::Attr<$ty>, )*
        }

        impl $crate::schema::Object for $name {
            const DESCRIPTION: &'static str = concat!($($doc, "\n"),*);

            fn attributes() -> ::std::vec::Vec<$crate::schema::Attribute> {
                ::std::vec![ $(
                    $crate::schema::Declaration::of::<$ty>(
                        $declaration,
                        stringify!($field),
                        concat!($($field_doc, "\n"),*),
                    )
                ),* ]
            }

            fn read(
                fields: &$crate::schema::Fields<'_>,
            ) -> ::std::result::Result<Self, $crate::value::Mismatch> {
                let _ = fields;
                Ok(Self { $( $field: fields.get(stringify!($field))?, )* })
            }

            fn write(&self) -> ::std::collections::BTreeMap<::std::string::String, $crate::value::Value> {
                ::std::collections::BTreeMap::from([ $(
                    ($crate::schema::attribute_name(stringify!($field)).to_owned(), self.$field.encode()),
                )* ])
            }
        }
    };
}

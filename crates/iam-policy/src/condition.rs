//! Conditions: when a statement applies.
//!
//! Owns the noun and the list of operators. Never evaluates one.

pub(crate) mod operator;

use crate::OneOrMany;

/// One operator on one key: true if any of the values satisfies it.
///
/// A document groups conditions by operator; here each stands alone, because all of a statement's conditions must
/// hold and the grouping means nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Such as `StringEquals` or `ForAnyValue:StringLikeIfExists`, as written.
    pub operator: String,
    /// Such as `aws:PrincipalOrgID`, as written.
    pub key: String,
    /// What the key is compared with.
    pub values: OneOrMany<Scalar>,
}

/// A condition value. IAM takes booleans and numbers with and without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `"text"`
    String(String),
    /// `true`
    Bool(bool),
    /// `3`, with the digits that were written.
    Number(serde_json::Number),
}

impl Scalar {
    /// The value as IAM compares it: the text between the quotes, or the literal that stands without them.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::String(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&String> for Scalar {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

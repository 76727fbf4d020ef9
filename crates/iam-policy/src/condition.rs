//! Conditions: when a statement applies.
//!
//! Owns the noun, the operators, and whether a condition holds. Never knows which keys exist.

pub(crate) mod arn;
mod binary;
pub(crate) mod date;
pub(crate) mod ip;
pub(crate) mod number;
mod operand;
pub(crate) mod operator;
pub(crate) mod test;
pub(crate) mod variable;

use crate::{Context, OneOrMany, Truth, Version};

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

/// Whether a condition of a document of this version holds for a request that carries these keys.
///
/// Unknown is the answer wherever it depends on a key of which the context knows nothing, and wherever AWS does not
/// document what IAM does: a value that does not fit its operator, several values under an operator for one.
/// (IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys" and
/// "IAM policy elements: Variables and tags".)
#[must_use]
pub fn holds(condition: &Condition, context: &Context, version: Version) -> Truth {
    test::Test::new(condition, version).holds(context)
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

//! A resource type that the catalogue does not have, and the one that was probably meant.
//!
//! Owns the wording.

use thiserror::Error;

use super::{AWS_PROVIDER, CLOUDFORMATION_DATE, cloudformation, terraform};
use crate::parse::nearest;

/// A name that is no resource type of the catalogue. The data has a date: the type may be newer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{}", self.what(), self.hint())]
pub struct UnknownResourceType {
    /// The name, as it was asked for.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<String>,
}

impl UnknownResourceType {
    pub(super) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let nearest = if name.contains(':') {
            nearest(name, cloudformation::names())
        } else if lower.starts_with("awscc_") {
            nearest(name, cloudformation::awscc_names())
        } else {
            nearest(name, terraform::names())
        };
        Self { name: name.to_owned(), nearest }
    }

    fn what(&self) -> String {
        format!(
            "unknown resource type `{}`, the catalogue has CloudFormation's of {CLOUDFORMATION_DATE} and those of the \
             AWS provider {AWS_PROVIDER}",
            self.name
        )
    }

    fn hint(&self) -> String {
        self.nearest.as_ref().map(|name| format!(", did you mean `{name}`")).unwrap_or_default()
    }
}

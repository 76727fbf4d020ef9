//! The resource types of Terraform's AWS provider.
//!
//! Owns the data about them: the CloudFormation types that each stands for, which `cargo xtask catalog` finds by
//! rules and a list of exceptions, and what the provider calls, which is kept by hand and packed.

use std::sync::LazyLock;

use super::handlers::Handlers;
use super::packed::{PackedText, entry, first_word};

/// A line a type, sorted: its name without `aws_`, and its counterparts without `AWS::`.
static TYPES: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("data/terraform/types.txt").lines().collect());

static CALLS: PackedText = PackedText::new(include_bytes!("data/terraform/calls.packed"));

/// What stands for no counterpart, where a person looked for one.
const NONE: &str = "-";

/// What begins the names of the AWS provider.
const AWS: &str = "aws_";

/// The short names of the CloudFormation types that a type stands for. Several if an argument decides which; none if
/// CloudFormation has it as a property of another type, or not at all. `None` if the provider has no such type.
pub(super) fn counterparts(name: &str) -> Option<impl Iterator<Item = &'static str>> {
    let words = entry(&TYPES, name.strip_prefix(AWS)?)?.split(' ').skip(1);
    Some(words.filter(|word| *word != NONE))
}

/// What the provider calls for a type.
pub(super) fn calls(name: &str) -> Option<Handlers> {
    CALLS.entry(name.strip_prefix(AWS)?).map(Handlers::new)
}

/// The names of all types.
pub(super) fn names() -> impl Iterator<Item = String> {
    TYPES.iter().copied().map(|line| format!("{AWS}{}", first_word(line)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Whether neither a rule nor a person has said what the counterpart of a type is.
    pub(in crate::catalog) fn undecided(name: &str) -> bool {
        entry(&TYPES, name.strip_prefix(AWS).unwrap()).unwrap().split(' ').count() == 1
    }

    #[test]
    fn a_type_has_one_counterpart_several_or_none() {
        let of = |name| counterparts(name).map(Iterator::collect::<Vec<_>>);
        assert_eq!(of("aws_s3_bucket").unwrap(), ["S3::Bucket"]);
        assert_eq!(of("aws_directory_service_directory").unwrap().len(), 2);
        assert!(of("aws_s3_bucket_versioning").unwrap().is_empty());
        assert!(of("aws_s3_pail").is_none() && of("s3_bucket").is_none());
    }
}

//! The names of the condition operators.
//!
//! Owns the list and how a name is put together. Never says what an operator does.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators".

use crate::parse::nearest;

const PREFIXES: [&str; 3] = ["", "ForAnyValue:", "ForAllValues:"];

/// Asks whether a key is there at all, so it alone takes no `IfExists`.
const NULL: &str = "Null";

const COMPARISONS: [&str; 26] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
];

/// Whether IAM has an operator of this name. Case does not matter.
pub(crate) fn is_known(name: &str) -> bool {
    all().any(|known| known.eq_ignore_ascii_case(name))
}

/// The operator that a writer of `name` most likely meant.
pub(crate) fn nearest_to(name: &str) -> Option<String> {
    nearest(name, all())
}

fn all() -> impl Iterator<Item = String> {
    PREFIXES.into_iter().flat_map(|prefix| {
        let comparisons = COMPARISONS.into_iter().flat_map(move |comparison| {
            [format!("{prefix}{comparison}"), format!("{prefix}{comparison}IfExists")]
        });
        comparisons.chain([format!("{prefix}{NULL}")])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_together_from_set_comparison_and_if_exists() {
        for name in ["StringEquals", "ForAnyValue:StringLike", "forallvalues:arnlikeifexists", "Null", "BOOL"]
        {
            assert!(is_known(name), "{name}");
        }
        for name in ["NullIfExists", "ForSomeValue:StringLike", "StringMatches", "IfExists", ""] {
            assert!(!is_known(name), "{name}");
        }
    }

    #[test]
    fn the_nearest_name_keeps_prefix_and_suffix() {
        assert_eq!(nearest_to("StringEqual").as_deref(), Some("StringEquals"));
        assert_eq!(nearest_to("ForAnyValues:StringLike").as_deref(), Some("ForAnyValue:StringLike"));
        assert_eq!(nearest_to("ArnLikeIfExist").as_deref(), Some("ArnLikeIfExists"));
        assert_eq!(nearest_to("Whatever"), None);
    }
}

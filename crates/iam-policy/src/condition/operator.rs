//! The condition operators: their names and what each name is put together from.
//!
//! Owns the list. Never compares a value.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators".

use crate::parse::nearest;

const PREFIXES: [&str; 3] = ["", "ForAnyValue:", "ForAllValues:"];

/// Asks whether a key is there at all, so it alone takes no `IfExists`.
const NULL: &str = "Null";

const COMPARISONS: [(&str, Comparison, bool); 26] = [
    ("StringEquals", Comparison::StringEquals, false),
    ("StringNotEquals", Comparison::StringEquals, true),
    ("StringEqualsIgnoreCase", Comparison::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Comparison::StringEqualsIgnoreCase, true),
    ("StringLike", Comparison::StringLike, false),
    ("StringNotLike", Comparison::StringLike, true),
    ("NumericEquals", Comparison::Numeric(Order::Equal), false),
    ("NumericNotEquals", Comparison::Numeric(Order::Equal), true),
    ("NumericLessThan", Comparison::Numeric(Order::Less), false),
    ("NumericLessThanEquals", Comparison::Numeric(Order::LessOrEqual), false),
    ("NumericGreaterThan", Comparison::Numeric(Order::Greater), false),
    ("NumericGreaterThanEquals", Comparison::Numeric(Order::GreaterOrEqual), false),
    ("DateEquals", Comparison::Date(Order::Equal), false),
    ("DateNotEquals", Comparison::Date(Order::Equal), true),
    ("DateLessThan", Comparison::Date(Order::Less), false),
    ("DateLessThanEquals", Comparison::Date(Order::LessOrEqual), false),
    ("DateGreaterThan", Comparison::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Comparison::Date(Order::GreaterOrEqual), false),
    ("Bool", Comparison::Bool, false),
    ("BinaryEquals", Comparison::Binary, false),
    ("IpAddress", Comparison::Ip, false),
    ("NotIpAddress", Comparison::Ip, true),
    ("ArnEquals", Comparison::Arn, false),
    ("ArnLike", Comparison::Arn, false),
    ("ArnNotEquals", Comparison::Arn, true),
    ("ArnNotLike", Comparison::Arn, true),
];

/// A condition operator, read from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) set: Set,
    pub(crate) comparison: Comparison,
    /// Whether this is the `Not…` form: true where the comparison is not.
    pub(crate) negated: bool,
    /// Whether an absent key satisfies it.
    pub(crate) if_exists: bool,
}

/// How the values of a multivalued key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    /// No prefix: meant for keys with one value.
    Single,
    /// `ForAnyValue:`
    Any,
    /// `ForAllValues:`
    All,
}

/// What one value of the request is asked against one value of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    Ip,
    /// `ArnEquals` and `ArnLike` are the same to IAM.
    Arn,
    /// Whether the key is absent.
    Null,
}

/// How the value of the request stands to that of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(crate) fn admits(self, found: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => found.is_eq(),
            Self::Less => found.is_lt(),
            Self::LessOrEqual => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::GreaterOrEqual => found.is_ge(),
        }
    }
}

impl Operator {
    /// The operator of this name, if IAM has it. Case does not matter.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = match (lower.strip_prefix("foranyvalue:"), lower.strip_prefix("forallvalues:")) {
            (Some(rest), _) => (Set::Any, rest),
            (_, Some(rest)) => (Set::All, rest),
            _ => (Set::Single, lower.as_str()),
        };
        if rest.eq_ignore_ascii_case(NULL) {
            return Some(Self { set, comparison: Comparison::Null, negated: false, if_exists: false });
        }
        let (rest, if_exists) =
            rest.strip_suffix("ifexists").map_or((rest, false), |comparison| (comparison, true));
        COMPARISONS
            .into_iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(rest))
            .map(|(_, comparison, negated)| Self { set, comparison, negated, if_exists })
    }
}

/// Whether IAM has an operator of this name. Case does not matter.
pub(crate) fn is_known(name: &str) -> bool {
    Operator::parse(name).is_some()
}

/// The operator that a writer of `name` most likely meant.
pub(crate) fn nearest_to(name: &str) -> Option<String> {
    nearest(name, all())
}

fn all() -> impl Iterator<Item = String> {
    PREFIXES.into_iter().flat_map(|prefix| {
        let comparisons = COMPARISONS.into_iter().flat_map(move |(comparison, ..)| {
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

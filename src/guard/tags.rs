//! Conditions on the tags of what a request is about.
//!
//! Owns which of them tell one thing from another. Never finds anything.

use crate::trust::entrance::{is_exact, is_negated};
use iam_policy::{Condition, Scalar};

/// How many letters and digits a pattern of a tag's value has at least that means certain things.
const SHORTEST_VALUE: usize = 2;

/// Whether a condition key is a tag of the resource, as services spell it: `aws:ResourceTag/team`, `ec2:ResourceTag/team`.
pub(super) fn is_of_resource(key: &str) -> bool {
    key.to_ascii_lowercase().contains(":resourcetag/")
}

/// Whether a condition on a tag is met by nearly any value of it: that there is one, or a pattern such as `*` or `p*`.
pub(super) fn is_open(condition: &Condition) -> bool {
    if !is_of_resource(&condition.key) {
        return false;
    }
    let mut values = condition.values.iter().map(Scalar::to_text);
    if condition.operator.eq_ignore_ascii_case("null") {
        return values.any(|value| value == "false");
    }
    let takes_patterns = condition.operator.to_ascii_lowercase().contains("like");
    let says_little = |value: String| {
        value.contains(['*', '?']) && !value.contains("${") && letters(&value) < SHORTEST_VALUE
    };
    takes_patterns
        && !is_exact(&condition.operator)
        && !is_negated(&condition.operator)
        && values.any(says_little)
}

/// How many letters and digits stand there, variables aside, which may be anything.
pub(super) fn letters(text: &str) -> usize {
    let mut pieces = text.split("${");
    let first = pieces.next().unwrap_or_default();
    let behind = pieces.map(|piece| piece.split_once('}').map_or("", |(_, behind)| behind));
    let all = std::iter::once(first).chain(behind).flat_map(str::chars);
    all.filter(|character| character.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_policy::Statement;

    fn open(operator: &str, value: &str) -> bool {
        let statement =
            Statement::allow(["ec2:TerminateInstances"]).condition(operator, "aws:ResourceTag/Name", [value]);
        is_open(&statement.conditions[0])
    }

    #[test]
    fn a_tag_tells_things_apart_by_its_value() {
        for (operator, value) in [
            ("Null", "false"),
            ("StringLike", "*"),
            ("StringLike", "p*"),
            ("ForAnyValue:StringLike", "?????"),
        ] {
            assert!(open(operator, value), "{operator} {value}");
        }
        for (operator, value) in [
            ("Null", "true"),
            ("StringEquals", "*"),
            ("StringLike", "packer-*"),
            ("StringLike", "${aws:PrincipalTag/team}*"),
            ("StringNotLike", "*"),
        ] {
            assert!(!open(operator, value), "{operator} {value}");
        }
    }

    #[test]
    fn the_letters_of_a_variable_do_not_count() {
        assert_eq!(letters("a${aws:PrincipalTag/team}-b*"), 2);
        assert_eq!(letters("${aws:PrincipalTag/team"), 0);
    }
}

//! Changes of conditions.
//!
//! Owns which conditions are about the same, and when one value admits all that another does. Never evaluates one.

mod value;

use super::{
    Direction, Element, Reading, What,
    element::{Shift, moves},
};
use crate::{Condition, Scalar};

/// What changed in the conditions of two statements of one effect: all must hold, so one more narrows.
pub(super) fn changes(was: &Reading<'_>, is: &Reading<'_>) -> Vec<Shift> {
    let before: Vec<Known<'_>> = was.canonical.conditions.iter().map(|one| Known::read(one, was)).collect();
    let after: Vec<Known<'_>> = is.canonical.conditions.iter().map(|one| Known::read(one, is)).collect();
    let mut shifts = Vec::new();
    for one in &before {
        match counterpart(one, &before, &after) {
            Some(other) if one.canonical == other.canonical => {}
            Some(other) => shifts.extend(condition_changes(one, other)),
            None if after.iter().any(|other| other.canonical == one.canonical) => {}
            None => {
                shifts.push((What::ConditionDropped { condition: one.to_string() }, Direction::Widened));
            }
        }
    }
    let is_new = |one: &&Known<'_>| {
        counterpart(one, &after, &before).is_none()
            && before.iter().all(|other| other.canonical != one.canonical)
    };
    shifts.extend(
        after
            .iter()
            .filter(is_new)
            .map(|one| (What::ConditionAdded { condition: one.to_string() }, Direction::Narrowed)),
    );
    shifts
}

/// The one condition over there that is about the same, if this is the only such one here.
fn counterpart<'a, 'b>(one: &Known<'_>, here: &[Known<'_>], there: &'a [Known<'b>]) -> Option<&'a Known<'b>> {
    let alike = |other: &&Known<'_>| {
        (other.set, other.family, other.negated, &other.canonical.key)
            == (one.set, one.family, one.negated, &one.canonical.key)
    };
    let mut others = there.iter().filter(alike);
    let only = others.next().filter(|_| others.next().is_none());
    only.filter(|_| here.iter().filter(alike).count() == 1)
}

fn condition_changes(was: &Known<'_>, is: &Known<'_>) -> Vec<Shift> {
    let mut shifts = Vec::new();
    let (before, after) = (was.values(), is.values());
    let literal = |value: &String| !value.contains(['*', '?']) && !value.contains("${");
    let same_values_mean_the_same =
        was.comparison == is.comparison || before.iter().chain(&after).all(literal) || is.family == "arn";
    let plain = |value: &String| value::is_plain(is.family, value);
    let comparable = same_values_mean_the_same
        && !before.is_empty()
        && !after.is_empty()
        && before.iter().chain(&after).all(plain);
    if was.canonical.operator != is.canonical.operator {
        let direction = match (was.if_exists, is.if_exists) {
            _ if !comparable => Direction::Unclear,
            (false, true) if !was.holds_without_key() => Direction::Widened,
            (true, false) if !was.holds_without_key() => Direction::Narrowed,
            _ => Direction::Same,
        };
        let (before, after) = (was.operator_and_key(), is.operator_and_key());
        shifts.push((What::ConditionOperator { before, after }, direction));
    }
    if before == after {
        return shifts;
    }
    let element = Element::Condition { operator: is.written.operator.clone(), key: is.written.key.clone() };
    if !comparable {
        shifts.push((What::Incomparable { element }, Direction::Unclear));
        return shifts;
    }
    // As a `Like` where either is one: then the values of the other have no wildcards.
    let like = was.comparison.ends_with("like") || is.comparison.ends_with("like");
    let covers = |wide: &str, narrow: &str| value::covers(is.family, like, wide, narrow);
    let moved = moves(&before, &after, &element, &covers);
    shifts.extend(
        moved.into_iter().map(|(what, direction)| (what, if is.negated { !direction } else { direction })),
    );
    shifts
}

/// A condition with its operator taken apart.
struct Known<'a> {
    canonical: &'a Condition,
    written: &'a Condition,
    /// `foranyvalue:`, `forallvalues:` or nothing.
    set: &'a str,
    /// The operator without set and suffix, such as `stringlike`.
    comparison: &'a str,
    /// Operators of one family take the same kind of value: `string` is `StringEquals` and `StringLike`.
    family: &'a str,
    /// Whether it holds where no value fits, so that more values make it hold less often.
    negated: bool,
    if_exists: bool,
}

impl<'a> Known<'a> {
    fn read(canonical: &'a Condition, reading: &'a Reading<'_>) -> Self {
        let same = |other: &&Condition| {
            other.operator.eq_ignore_ascii_case(&canonical.operator)
                && other.key.eq_ignore_ascii_case(&canonical.key)
        };
        let written = reading.written.conditions.iter().find(same).unwrap_or(canonical);
        let operator = canonical.operator.as_str();
        let (set, rest) = match operator.split_once(':') {
            Some((prefix, rest)) => (operator.get(..=prefix.len()).unwrap_or_default(), rest),
            None => ("", operator),
        };
        let (comparison, if_exists) = match rest.strip_suffix("ifexists") {
            Some(comparison) => (comparison, true),
            None => (rest, false),
        };
        let family = match comparison {
            "stringequals" | "stringlike" | "stringnotequals" | "stringnotlike" => "string",
            "arnequals" | "arnlike" | "arnnotequals" | "arnnotlike" => "arn",
            "stringnotequalsignorecase" => "stringequalsignorecase",
            "numericnotequals" => "numericequals",
            "datenotequals" => "dateequals",
            "notipaddress" => "ipaddress",
            other => other,
        };
        let negated = comparison.contains("not");
        Self { canonical, written, set, comparison, family, negated, if_exists }
    }

    /// Whether `IfExists` adds nothing. (IAM User Guide, "IAM JSON policy elements: Condition operators".)
    fn holds_without_key(&self) -> bool {
        self.set == "forallvalues:" || (self.set.is_empty() && self.negated)
    }

    fn values(&self) -> Vec<String> {
        self.canonical.values.iter().map(Scalar::to_text).collect()
    }

    fn operator_and_key(&self) -> String {
        format!("{} {}", self.written.operator, self.written.key)
    }
}

impl std::fmt::Display for Known<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} [{}]", self.operator_and_key(), self.values().join(", "))
    }
}

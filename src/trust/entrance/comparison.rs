//! What conditions compare a key with.
//!
//! Owns which operators ask for a value that they name. Never decides whether a condition holds: the policy engine does.

use super::Entrance;
use iam_policy::{Condition, OneOrMany, Pattern};

/// How many combinations of values are looked at; real policies have a handful.
const MOST: usize = 256;

/// A value that a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// As written.
    pub text: String,
    /// What it matches; nothing but itself where the operator knows no wildcards.
    pub pattern: Pattern,
}

impl Compared {
    /// What is written before the first wildcard, and whether there is one.
    #[must_use]
    pub fn fixed(&self) -> (&str, bool) {
        match self.text.find(['*', '?']).filter(|_| self.pattern.as_literal().is_none()) {
            Some(place) => (self.text.get(..place).unwrap_or_default(), true),
            None => (&self.text, false),
        }
    }
}

/// The comparison of an operator, in lower case, without `ForAnyValue:`, `ForAllValues:` and `IfExists`.
fn comparison(operator: &str) -> String {
    let lower = operator.to_ascii_lowercase();
    let bare = lower.split_once(':').map_or(lower.as_str(), |(_, bare)| bare);
    bare.strip_suffix("ifexists").unwrap_or(bare).to_owned()
}

/// Whether an operator is true of the values that it does not name.
#[must_use]
pub fn is_negated(operator: &str) -> bool {
    comparison(operator).contains("not")
}

/// Whether an operator takes `*` and `?` for what they are.
#[must_use]
pub fn is_exact(operator: &str) -> bool {
    matches!(
        comparison(operator).as_str(),
        "stringequals" | "stringnotequals" | "stringequalsignorecase" | "stringnotequalsignorecase"
    )
}

/// Whether a text has a wildcard, policy variables (`${…}`, among them the `${*}` that stands for a star) left aside.
#[must_use]
pub fn is_wildcard(text: &str) -> bool {
    text.contains(['*', '?']) && !text.contains("${")
}

fn compared(condition: &Condition) -> Vec<Compared> {
    let exact = is_exact(&condition.operator);
    let values = OneOrMany::iter(&condition.values).map(iam_policy::Scalar::to_text);
    values
        .map(|text| {
            let pattern = if exact { Pattern::literal(&text) } else { Pattern::new(&text) };
            Compared { text, pattern }
        })
        .collect()
}

/// Each way to meet all conditions on a key: one value of each. Empty if none asks for a value.
#[must_use]
pub fn ways(entrance: &Entrance<'_>, key: &str) -> Vec<Vec<Compared>> {
    let asks = |condition: &&Condition| {
        let comparison = comparison(&condition.operator);
        !is_negated(&condition.operator)
            && (comparison.starts_with("string") || comparison.starts_with("arn"))
    };
    let mut ways: Vec<Vec<Compared>> = Vec::new();
    for condition in entrance.conditions(key).filter(asks) {
        let values = compared(condition);
        if ways.is_empty() {
            ways = values.into_iter().map(|value| vec![value]).collect();
            continue;
        }
        let longer = ways
            .iter()
            .flat_map(|way| values.iter().map(|value| way.iter().cloned().chain([value.clone()]).collect()));
        ways = longer.take(MOST).collect();
    }
    ways
}

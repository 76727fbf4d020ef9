//! One value of a condition, parsed for its operator.
//!
//! Owns the comparison of a policy's value with a request's. Never asks whether the key is there.

use super::{
    arn::{ArnPattern, PARTS},
    binary, date, ip,
    number::Number,
    operator::{Comparison, Order},
    variable::{Expansion, Piece, Template},
};
use crate::{Context, Pattern, Truth, Version};

/// A policy's value.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Text(Text),
    /// A text with variables, which is only known with the request, and the most that it can match.
    Open {
        comparison: Comparison,
        template: Template,
        widest: ArnPattern,
    },
    Bool(bool),
    Number(Order, Number),
    Date(Order, date::Timestamp),
    Ip(ip::Range),
    Binary(Vec<u8>),
    /// A value that does not fit its operator. What IAM makes of it is not documented.
    Malformed,
}

/// A text without variables, as the string and ARN operators compare it.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Exact(String),
    IgnoringCase(String),
    Like(Pattern),
    Arn(ArnPattern),
}

impl Operand {
    pub(crate) fn new(comparison: Comparison, text: &str, version: Version) -> Self {
        let parsed = match comparison {
            Comparison::StringEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringLike
            | Comparison::Arn => return Self::text(comparison, text, version),
            Comparison::Numeric(order) => Number::parse(text).map(|number| Self::Number(order, number)),
            Comparison::Date(order) => date::parse(text).map(|instant| Self::Date(order, instant)),
            Comparison::Bool | Comparison::Null => boolean(text).map(Self::Bool),
            Comparison::Binary => binary::decode(text).map(Self::Binary),
            Comparison::Ip => ip::Range::parse(text).map(Self::Ip),
        };
        parsed.unwrap_or(Self::Malformed)
    }

    fn text(comparison: Comparison, text: &str, version: Version) -> Self {
        let template = Template::new(text, version);
        if let Some(pieces) = template.fixed() {
            return Self::Text(Text::new(comparison, &pieces));
        }
        let has_wildcards = matches!(comparison, Comparison::StringLike | Comparison::Arn);
        let widest = ArnPattern::new(&template.widest(has_wildcards));
        Self::Open { comparison, widest, template }
    }

    /// Whether every text matches.
    pub(crate) fn is_everything(&self) -> bool {
        matches!(self, Self::Text(Text::Like(pattern)) if pattern.is_everything())
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Whether a value of the request matches.
    pub(crate) fn matches(&self, value: &str, context: &Context) -> Truth {
        let answer = match self {
            Self::Text(text) => return text.matches(value),
            Self::Open { comparison, template, widest } => {
                return match template.expand(context) {
                    Expansion::Pieces(pieces) => Text::new(*comparison, &pieces).matches(value),
                    Expansion::Nothing => Truth::False,
                    Expansion::Unknown if can_match(*comparison, widest, value) => Truth::Unknown,
                    Expansion::Unknown => Truth::False,
                };
            }
            Self::Bool(expected) => boolean(value).map(|found| found == *expected),
            Self::Number(order, bound) => Number::parse(value).map(|found| order.admits(found.cmp(bound))),
            Self::Date(order, bound) => date::parse(value).map(|found| order.admits(found.cmp(bound))),
            Self::Ip(range) => return range.contains(value),
            Self::Binary(expected) => binary::decode(value).map(|found| found == *expected),
            Self::Malformed => None,
        };
        answer.map_or(Truth::Unknown, Truth::from)
    }
}

impl Text {
    fn new(comparison: Comparison, pieces: &[Piece<'_>]) -> Self {
        let text = || pieces.iter().map(|piece| piece.text).collect();
        match comparison {
            Comparison::Arn => Self::Arn(ArnPattern::new(pieces)),
            Comparison::StringLike => Self::Like(ArnPattern::new(pieces).into_whole()),
            Comparison::StringEqualsIgnoreCase => Self::IgnoringCase(text()),
            _ => Self::Exact(text()),
        }
    }

    fn matches(&self, value: &str) -> Truth {
        match self {
            Self::Exact(text) => Truth::from(text == value),
            Self::Like(pattern) => pattern.matches(value).into(),
            Self::Arn(pattern) => pattern.matches(value),
            Self::IgnoringCase(text) if text.eq_ignore_ascii_case(value) => Truth::True,
            // Whether IAM levels the case of letters beyond ASCII is not documented.
            Self::IgnoringCase(text) if text.to_lowercase() == value.to_lowercase() => Truth::Unknown,
            Self::IgnoringCase(_) => Truth::False,
        }
    }
}

/// Whether a value can match at all, whatever the variables are.
fn can_match(comparison: Comparison, widest: &ArnPattern, value: &str) -> bool {
    match comparison {
        Comparison::StringEqualsIgnoreCase => {
            widest.whole().matches_ignoring_case(value) || !value.is_ascii()
        }
        Comparison::Arn => widest.parts().len() < PARTS || widest.whole().matches(value),
        _ => widest.whole().matches(value),
    }
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

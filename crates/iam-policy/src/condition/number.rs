//! Numbers as the numeric operators compare them.
//!
//! Owns plain decimal notation, exactly and of any length. Never reads exponents: IAM documents whole numbers and
//! decimals only.

use std::cmp::Ordering;

/// A decimal number. Digits are kept without the zeros that say nothing, so equal numbers are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Number {
    /// Reads digits with an optional sign and an optional fraction.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !is_zero, whole, fraction })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |number: &Self| (number.whole.len(), number.whole.clone(), number.fraction.clone());
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_exactly() {
        let ordered =
            ["-10", "-9.5", "-9", "-0.01", "0", "0.09", "0.1", "2", "10", "10.5", "9007199254740993"];
        for (place, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(
                    Number::parse(a).unwrap().cmp(&Number::parse(b).unwrap()),
                    place.cmp(&other),
                    "{a} {b}"
                );
            }
        }
        for (a, b) in [("007", "7"), ("7.0", "7"), ("-0", "0"), ("+5", "5"), ("1.50", "1.5")] {
            assert_eq!(Number::parse(a), Number::parse(b), "{a} {b}");
        }
        assert_ne!(Number::parse("9007199254740993"), Number::parse("9007199254740992"));
    }

    #[test]
    fn what_is_not_plain_decimal_is_no_number() {
        for text in ["", "-", "x", "1e3", ".5", "5.", "1,000", " 1", "0x10", "inf", "--1", "1.2.3"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}

//! ARN operators: six parts, each compared by itself.
//!
//! Owns the cutting of patterns and ARNs at their colons. Never completes an ARN that lacks parts: only the `Resource`
//! element does that.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", ARN condition operators.

use super::variable::Piece;
use crate::{Pattern, Truth};

/// The number of parts that an ARN has; the last keeps its further colons.
pub(crate) const PARTS: usize = 6;

/// A pattern for ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArnPattern {
    /// The pattern as one text, in which `*` crosses colons.
    whole: Pattern,
    /// The pattern cut at the first five colons; fewer than six if it has fewer colons.
    parts: Vec<Pattern>,
}

impl ArnPattern {
    pub(crate) fn new(pieces: &[Piece<'_>]) -> Self {
        let empty = Pattern::literal("");
        let mut whole = empty.clone();
        let mut parts = vec![empty];
        for piece in pieces {
            whole = whole.then(&piece.pattern());
            let left = (PARTS + 1).saturating_sub(parts.len());
            for (index, text) in piece.text.splitn(left, ':').enumerate() {
                let pattern = Piece { text, ..*piece }.pattern();
                match parts.last_mut() {
                    Some(last) if index == 0 => *last = last.then(&pattern),
                    _ => parts.push(pattern),
                }
            }
        }
        Self { whole, parts }
    }

    pub(crate) fn whole(&self) -> &Pattern {
        &self.whole
    }

    pub(crate) fn into_whole(self) -> Pattern {
        self.whole
    }

    pub(crate) fn parts(&self) -> &[Pattern] {
        &self.parts
    }

    /// Whether `arn` matches as the ARN operators have it. If one side is no whole ARN, it does not where not even the
    /// whole texts match; more is not documented.
    pub(crate) fn matches(&self, arn: &str) -> Truth {
        match matches_by_parts(&self.parts, arn) {
            Some(matches) => matches.into(),
            None if self.whole.matches(arn) || completed(&self.parts, arn) => Truth::Unknown,
            None => Truth::False,
        }
    }
}

/// Whether each part of `arn` matches its pattern; `None` if either has not six parts.
pub(crate) fn matches_by_parts(patterns: &[Pattern], arn: &str) -> Option<bool> {
    let mut parts = arn.splitn(PARTS, ':');
    let mut matches = true;
    for pattern in patterns {
        matches &= pattern.matches(parts.next()?);
    }
    (patterns.len() == PARTS && parts.next().is_none()).then_some(matches)
}

/// Whether an ARN matches if the parts that the pattern lacks may be anything.
pub(crate) fn completed(patterns: &[Pattern], arn: &str) -> bool {
    arn.splitn(PARTS, ':').count() == PARTS
        && patterns.iter().zip(arn.splitn(PARTS, ':')).all(|(pattern, part)| pattern.matches(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, arn: &str) -> Truth {
        ArnPattern::new(&[Piece { text: pattern, wild: true }]).matches(arn)
    }

    #[test]
    fn a_star_stays_in_its_part() {
        let role = "arn:aws:iam::111122223333:role/ci/planner";
        assert_eq!(matches("arn:aws:iam::*:role/ci/*", role), Truth::True);
        assert_eq!(matches("arn:*:role/ci/*", role), Truth::Unknown);
        assert_eq!(matches("arn:aws:iam:*:*:*", role), Truth::True);
        assert_eq!(matches("arn:aws:*:role/*:*:*", role), Truth::False);
        assert_eq!(matches("arn:aws:iam::?11122223333:role/*", role), Truth::True);
        assert_eq!(matches("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b:c"), Truth::True);
        assert_eq!(matches("arn:aws:iam::111122223333:Role/*", role), Truth::False);
    }

    #[test]
    fn the_parts_of_a_value_count_too() {
        let pieces = [
            Piece { text: "arn:aws:sqs:eu-west-1:", wild: true },
            Piece { text: "111122223333:jobs", wild: false },
            Piece { text: "-*", wild: true },
        ];
        let pattern = ArnPattern::new(&pieces);
        assert_eq!(pattern.parts().len(), PARTS);
        assert_eq!(pattern.matches("arn:aws:sqs:eu-west-1:111122223333:jobs-a:b"), Truth::True);
    }

    #[test]
    fn what_is_no_arn_does_not_match_or_cannot_be_told() {
        assert_eq!(matches("arn:aws:iam::111122223333:role/x", "x"), Truth::False);
        assert_eq!(matches("*", "arn:aws:iam::111122223333:role/x"), Truth::Unknown);
        assert_eq!(matches("arn:aws:sns", "arn:aws:sns:eu-west-1:111122223333:t"), Truth::Unknown);
        assert_eq!(matches("arn:aws:sns", "arn:aws:sqs:eu-west-1:111122223333:t"), Truth::False);
    }
}

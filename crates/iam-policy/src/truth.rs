//! Answers that may be unknown.
//!
//! Owns Kleene's three-valued logic. Never decides what is unknown.

/// Whether something holds, where what is needed to tell may be missing.
///
/// The order is that of Kleene's logic: the weaker of two answers is their conjunction, the stronger their disjunction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold, whatever is missing.
    False,
    /// It depends on what is missing.
    Unknown,
    /// It holds, whatever is missing.
    True,
}

impl Truth {
    /// Whether both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Whether at least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether all hold: true of none. Stops at the first that does not.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        strongest(answers, Self::True, Self::and, Self::False)
    }

    /// Whether any holds: false of none. Stops at the first that does.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        strongest(answers, Self::False, Self::or, Self::True)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

fn strongest(
    answers: impl IntoIterator<Item = Truth>,
    of_none: Truth,
    join: fn(Truth, Truth) -> Truth,
    settled: Truth,
) -> Truth {
    let mut joined = of_none;
    for answer in answers {
        joined = join(joined, answer);
        if joined == settled {
            break;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    #[test]
    fn a_false_settles_a_conjunction_and_a_true_a_disjunction() {
        assert_eq!(Unknown.and(False), False);
        assert_eq!(Unknown.and(True), Unknown);
        assert_eq!(Unknown.or(True), True);
        assert_eq!(Unknown.or(False), Unknown);
        assert_eq!(!Unknown, Unknown);
        assert_eq!(Truth::all([True, Unknown, False]), False);
        assert_eq!(Truth::any([False, Unknown, True]), True);
        assert_eq!((Truth::all([]), Truth::any([])), (True, False));
    }
}

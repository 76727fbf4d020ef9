//! What changed between two documents, and whether it allows more or less.
//!
//! Owns the pairing of statements and the verdict on each change. Never weighs a document as a whole against the
//! catalogue of actions, and never calls a change narrower or wider that it cannot prove to be so.

mod condition;
mod element;
mod pair;
mod pattern;
mod print;

use std::ops::Not;

use crate::{Document, Effect, Statement, Version, normalize};

/// Compares two versions of a document, statement by statement.
///
/// Statements are paired by `Sid`, else by likeness. Both documents are read as [`normalize`](crate::normalize())
/// reads them, so spelling is no difference: there is none exactly where [`equal`](crate::equal()) holds.
///
/// The verdicts are about what the documents grant by themselves, in any request. They are proofs: if
/// [`Diff::direction`] is [`Direction::Narrowed`], the later document allows nothing that the earlier one did not.
#[must_use]
pub fn diff(before: &Document, after: &Document) -> Diff {
    let mut changes = top_level(before, after);
    let (before, after) = (read(before), read(after));
    let pairing = pair::pair(&before, &after);
    for (was, is) in &pairing.pairs {
        changes.extend(statement_changes(was, is));
    }
    for gone in &pairing.removed {
        let what = What::StatementRemoved { summary: print::summary(gone.written) };
        changes.push(whole_statement(gone, what, &after));
    }
    for new in &pairing.added {
        let what = What::StatementAdded { summary: print::summary(new.written) };
        changes.push(whole_statement(new, what, &before));
    }
    changes.sort_by_key(|change| change.statement.as_ref().map(|place| place.index));
    Diff { changes }
}

/// The differences between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    /// Whether the documents mean the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes, in the order of the statements. Each prints as one line.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What all changes together do.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.changes.iter().fold(Direction::Same, |sum, change| sum.and(change.direction))
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    statement: Option<Place>,
    effect: Option<Effect>,
    what: What,
    direction: Direction,
}

impl Change {
    /// The statement: where it is in the later document, or was in the earlier one if it was removed. `None` for
    /// what is outside of statements.
    #[must_use]
    pub fn statement(&self) -> Option<&Place> {
        self.statement.as_ref()
    }

    /// What changed.
    #[must_use]
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Whether this change by itself allows more or less. A deny that shrinks allows more.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }
}

/// A statement's place in its document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Counted from 0.
    pub index: usize,
    /// Its `Sid`, unless empty.
    pub sid: Option<String>,
}

/// What a change does to the set of requests that a document allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Nothing.
    Same,
    /// It allows everything that was allowed, and perhaps more.
    Widened,
    /// It allows nothing that was not allowed, and perhaps less.
    Narrowed,
    /// It may allow more here and less there, or cannot be told.
    Unclear,
}

impl Direction {
    /// What this and that do together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, direction) | (direction, Self::Same) => direction,
            (one, other) if one == other => one,
            _ => Self::Unclear,
        }
    }
}

/// The direction of the complement.
impl Not for Direction {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Widened => Self::Narrowed,
            Self::Narrowed => Self::Widened,
            Self::Same | Self::Unclear => self,
        }
    }
}

/// The kinds of difference. Values are as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The language version: whether `${…}` is a variable depends on it.
    Version,
    /// The `Id`, which decides nothing.
    Id,
    /// Top-level elements that IAM gives no meaning.
    Extra,
    /// The statement is new. With [`Direction::Same`], an earlier one said as much already.
    StatementAdded {
        /// What it names, such as `` `s3:GetObject` on `*` ``.
        summary: String,
    },
    /// The statement is gone. With [`Direction::Same`], another one says as much.
    StatementRemoved {
        /// What it named.
        summary: String,
    },
    /// It allows what it denied, or denies what it allowed.
    Effect,
    /// Another `Sid`, which decides nothing.
    Sid {
        /// The earlier one.
        before: Option<String>,
    },
    /// Values were added to a list.
    Gained {
        /// The list.
        element: Element,
        /// What no earlier value covered.
        values: Vec<String>,
        /// The earlier values that the new ones cover and stand for.
        instead_of: Vec<String>,
    },
    /// Values are gone from a list.
    Lost {
        /// The list.
        element: Element,
        /// What no later value covers.
        values: Vec<String>,
        /// The later values that are left of those.
        left: Vec<String>,
    },
    /// The list was written otherwise and covers the same.
    Rewritten {
        /// The list.
        element: Element,
    },
    /// The element went from its plain to its `Not…` form or back, or appeared or disappeared.
    Form {
        /// The earlier form; `None` if the element was not there.
        before: Option<Element>,
        /// The later form.
        after: Option<Element>,
    },
    /// The values of a condition cannot be compared with the earlier ones.
    Incomparable {
        /// The later condition.
        element: Element,
    },
    /// A condition that was not there.
    ConditionAdded {
        /// Operator, key and values, as in `StringEquals aws:PrincipalOrgID [o-acme]`.
        condition: String,
    },
    /// A condition that is gone.
    ConditionDropped {
        /// Operator, key and values.
        condition: String,
    },
    /// A condition on the same key that has another operator of the same kind.
    ConditionOperator {
        /// The earlier operator and the key.
        before: String,
        /// The later operator and the key.
        after: String,
    },
}

/// A list in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// `Principal`; values print as `AWS:111122223333`.
    Principal,
    /// `NotPrincipal`
    NotPrincipal,
    /// `Action`
    Action,
    /// `NotAction`
    NotAction,
    /// `Resource`
    Resource,
    /// `NotResource`
    NotResource,
    /// The values of one condition.
    Condition {
        /// Such as `StringLike`, as written.
        operator: String,
        /// Such as `aws:PrincipalArn`, as written.
        key: String,
    },
}

/// A statement in its canonical form, beside what was written.
struct Reading<'a> {
    place: Place,
    written: &'a Statement,
    canonical: Statement,
    /// Equal texts, equal meaning.
    text: String,
}

fn read(document: &Document) -> Vec<Reading<'_>> {
    let reading = |(index, written): (usize, &'_ Statement)| {
        let canonical = normalize::normalize_statement(written, &|_| None);
        let place = Place { index, sid: canonical.sid.clone() };
        let text = crate::print::statement(&canonical);
        (place, canonical, text)
    };
    let readings = document.statements.iter().enumerate().map(|(index, written)| {
        let (place, canonical, text) = reading((index, written));
        Reading { place, written, canonical, text }
    });
    readings.collect()
}

fn top_level(before: &Document, after: &Document) -> Vec<Change> {
    let version = |document: &Document| document.version.unwrap_or(Version::V2008);
    let sorted = |document: &Document| {
        let mut extra = document.extra.clone();
        extra.sort_keys();
        serde_json::Value::Object(extra).to_string()
    };
    let has_variable = before.to_json().contains("${") || after.to_json().contains("${");
    let of_version = if has_variable { Direction::Unclear } else { Direction::Same };
    let checks = [
        (version(before) != version(after), What::Version, of_version),
        (before.id != after.id, What::Id, Direction::Same),
        (sorted(before) != sorted(after), What::Extra, Direction::Same),
    ];
    let changed = checks.into_iter().filter(|(differs, ..)| *differs);
    changed.map(|(_, what, direction)| Change { statement: None, effect: None, what, direction }).collect()
}

/// A whole statement that came or went. It changes nothing if one of the other document's says at least as much.
fn whole_statement(one: &Reading<'_>, what: What, others: &[Reading<'_>]) -> Change {
    let allows = one.canonical.effect == Effect::Allow;
    let direction = match what {
        _ if others.iter().any(|other| element::statement_covers(other, one)) => Direction::Same,
        What::StatementAdded { .. } if allows => Direction::Widened,
        What::StatementRemoved { .. } if !allows => Direction::Widened,
        _ => Direction::Narrowed,
    };
    Change { statement: Some(one.place.clone()), effect: Some(one.canonical.effect), what, direction }
}

fn statement_changes(was: &Reading<'_>, is: &Reading<'_>) -> Vec<Change> {
    let effect = is.canonical.effect;
    let change =
        |what, direction| Change { statement: Some(is.place.clone()), effect: Some(effect), what, direction };
    let mut changes = Vec::new();
    if was.place.sid != is.place.sid {
        changes.push(change(What::Sid { before: was.place.sid.clone() }, Direction::Same));
    }
    if was.canonical.effect != effect {
        // Pairs of different effect are alike in all else: see `pair`.
        let direction = if effect == Effect::Allow { Direction::Widened } else { Direction::Narrowed };
        changes.push(change(What::Effect, direction));
    }
    let matching = element::changes(was, is).into_iter().chain(condition::changes(was, is));
    changes.extend(
        matching.map(|(what, direction)| {
            change(what, if effect == Effect::Deny { !direction } else { direction })
        }),
    );
    changes
}

#[cfg(test)]
mod tests;

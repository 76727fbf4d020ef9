//! How long a document of some units would be, without printing it.
//!
//! Owns the count of brackets and commas. Packing asks for thousands of such lengths, so what stands around the actions of
//! a statement is printed once.

use std::collections::BTreeMap;

use super::unit::{Unit, bare};
use crate::{Document, Scope, Statement, print, size};

/// The brackets around a list.
const BRACKETS: usize = 2;

/// Of a document that is to be split, what its parts are long, by themselves.
pub(super) struct Lengths {
    /// Without a statement.
    document: usize,
    /// Each statement without an action; as a whole, where it is not split by actions.
    statements: Vec<usize>,
}

impl Lengths {
    /// INVARIANT: `empty` is what the units' documents are without their statements, and has a list of them.
    pub(super) fn new(empty: &Document, statements: &[Statement]) -> Self {
        let around = |statement: &Statement| match &statement.actions {
            Scope::Only(_) => size(&print::statement(&bare(statement))),
            Scope::Except(_) => size(&print::statement(statement)),
        };
        Self { document: size(&empty.to_json()), statements: statements.iter().map(around).collect() }
    }

    /// The characters of the document that has these units and no others, as [`size`](crate::size()) counts them.
    pub(super) fn of(&self, units: &[Unit]) -> usize {
        let mut lists: BTreeMap<usize, Actions> = BTreeMap::new();
        for unit in units {
            lists.entry(unit.statement).or_default().add(unit);
        }
        let around = |place: usize| self.statements.get(place).copied().unwrap_or_default();
        let statements = lists.iter().map(|(place, actions)| around(*place) + actions.characters());
        self.document + statements.sum::<usize>() + lists.len().saturating_sub(1)
    }
}

/// Some actions of one statement.
#[derive(Default)]
struct Actions {
    count: usize,
    characters: usize,
}

impl Actions {
    fn add(&mut self, unit: &Unit) {
        if let Some(characters) = unit.characters() {
            self.count += 1;
            self.characters += characters;
        }
    }

    /// What they add to a statement that has an empty list: one stands there without brackets.
    fn characters(&self) -> usize {
        match self.count {
            0 => 0,
            1 => self.characters.saturating_sub(BRACKETS),
            count => self.characters + count - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OneOrMany, pack::unit};

    #[test]
    fn a_length_is_that_of_the_printed_document() {
        let odd =
            Statement::allow(["s3:GetObject", "s3:\"quoted\" and spaced", "s3:Ünïcode\u{2603}\u{1f600}"])
                .resource("arn:aws:s3:::a/${aws:username} b")
                .condition("StringEquals", "aws:PrincipalTag/té\u{2603}am", ["a", "b"]);
        let mut all_but = Statement::deny([""]).resource("*");
        all_but.actions = Scope::Except(OneOrMany::One("iam:*".to_owned()));
        let statements = [odd, Statement::allow(["sqs:SendMessage"]).sid("One").resource("*"), all_but];
        let mut empty = Document::new([]);
        empty.extra.insert("Extra".to_owned(), "a b \u{2603}".into());
        let units = Unit::of_all(&statements);
        let lengths = Lengths::new(&empty, &statements);
        for chosen in 0..1_usize << units.len() {
            let is_chosen = |(place, _): &(usize, &Unit)| chosen >> place & 1 == 1;
            let units: Vec<Unit> =
                units.iter().enumerate().filter(is_chosen).map(|(_, unit)| unit.clone()).collect();
            let document = Document {
                statements: OneOrMany::Many(unit::statements(&statements, &units)),
                ..empty.clone()
            };
            assert_eq!(lengths.of(&units), size(&document.to_json()), "{}", document.to_json());
        }
    }
}

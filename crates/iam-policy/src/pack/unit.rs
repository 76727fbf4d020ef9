//! What a statement is split into.
//!
//! Owns the smallest part, and how parts become statements again. Never decides which parts go together.

use crate::{Document, OneOrMany, Scope, Statement, normalize, print, size};

/// One action of a statement; or the whole of it, where it has `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// The place of the statement, and of the action in it.
    pub(super) statement: usize,
    action: Option<Part>,
    /// Where the unit belongs: by service, then by the rest of its statement, then by action.
    pub(super) name: [u64; 3],
}

/// An action in its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    place: usize,
    /// How long it is when printed.
    characters: usize,
}

impl Unit {
    /// The units of statements, in their order.
    pub(super) fn of_all(statements: &[Statement]) -> Vec<Self> {
        statements.iter().enumerate().flat_map(|(place, statement)| Self::of(place, statement)).collect()
    }

    /// The characters of its action in a document, quotes among them; nothing where it is a whole statement.
    pub(super) fn characters(&self) -> Option<usize> {
        self.action.map(|action| action.characters)
    }

    fn of(place: usize, statement: &Statement) -> Vec<Self> {
        let Scope::Only(actions) = &statement.actions else {
            let whole = hash(&text(Statement { sid: None, ..statement.clone() }));
            return vec![Self { statement: place, action: None, name: [whole; 3] }];
        };
        let rest = hash(&text(Statement { sid: None, ..bare(statement) }));
        let unit = |(index, action): (usize, &String)| {
            let part = Part { place: index, characters: size(&print::string(action)) };
            let action = action.to_ascii_lowercase();
            let service = action.split(':').next().unwrap_or_default();
            Self { statement: place, action: Some(part), name: [hash(service), rest, hash(&action)] }
        };
        actions.iter().enumerate().map(unit).collect()
    }
}

/// The statements of these units, in the order of those that they are of.
pub(super) fn statements(statements: &[Statement], units: &[Unit]) -> Vec<Statement> {
    let mut units: Vec<&Unit> = units.iter().collect();
    units.sort_by_key(|unit| (unit.statement, unit.action));
    let parts = units.chunk_by(|a, b| a.statement == b.statement);
    let part_of = |part: &[&Unit]| {
        let statement = statements.get(part.first()?.statement)?;
        let Scope::Only(actions) = &statement.actions else { return Some(statement.clone()) };
        let kept = part.iter().filter_map(|unit| actions.as_slice().get(unit.action?.place)).cloned();
        Some(with_actions(statement, Scope::Only(kept.collect())))
    };
    parts.filter_map(part_of).collect()
}

/// The statement with an empty list of actions.
pub(super) fn bare(statement: &Statement) -> Statement {
    with_actions(statement, Scope::Only(OneOrMany::Many(Vec::new())))
}

/// The statement with other actions. Its own may be thousands, and are not copied for that.
fn with_actions(statement: &Statement, actions: Scope<OneOrMany<String>>) -> Statement {
    Statement {
        sid: statement.sid.clone(),
        effect: statement.effect,
        principals: statement.principals.clone(),
        actions,
        resources: statement.resources.clone(),
        conditions: statement.conditions.clone(),
    }
}

fn text(statement: Statement) -> String {
    normalize(&Document::new([statement])).statements.iter().map(print::statement).collect()
}

/// FNV-1a with a final mix, so that its upper bits are as good as its lower ones. Which hash it is does not matter, but
/// that it stays the same does: where parts go depends on it.
fn hash(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

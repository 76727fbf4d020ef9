//! Statements that say one thing together.
//!
//! Owns when two statements may become one. Never looks at what a pattern matches.

use std::collections::{HashMap, HashSet};

use crate::{Document, OneOrMany, Scope, Statement, normalize, print};

/// What a Sid means to folding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// Statements of different Sids stay apart, unless they are equal otherwise.
    Apart,
    /// Sids are left out.
    Alike,
}

/// Joins statements until no two can be joined, each at the place of its first.
///
/// INVARIANT: a statement decides about every pair of one of its actions and one of its resources. Two statements
/// become one only if their pairs are the pairs of the result: where the lists of one element are equal. The effect,
/// the principals and the conditions, each a factor of the same kind, must be equal.
pub(crate) fn fold(mut statements: Vec<Statement>, named: Named) -> Vec<Statement> {
    if named == Named::Alike {
        statements.iter_mut().for_each(|statement| statement.sid = None);
    }
    if statements.len() < 2 {
        return statements;
    }
    statements = distinct(statements);
    loop {
        let before = statements.len();
        statements = join(statements, &ACTIONS);
        statements = join(statements, &RESOURCES);
        if statements.len() == before {
            return statements;
        }
    }
}

/// An element whose lists add up.
struct Element {
    /// The list, if the element has its plain form.
    list: fn(&Statement) -> Option<&OneOrMany<String>>,
    set: fn(&mut Statement, OneOrMany<String>),
    ignores_case: bool,
}

const ACTIONS: Element = Element {
    list: |statement| match &statement.actions {
        Scope::Only(actions) => Some(actions),
        Scope::Except(_) => None,
    },
    set: |statement, actions| statement.actions = Scope::Only(actions),
    ignores_case: true,
};

const RESOURCES: Element = Element {
    list: |statement| match &statement.resources {
        Some(Scope::Only(resources)) => Some(resources),
        Some(Scope::Except(_)) | None => None,
    },
    set: |statement, resources| statement.resources = Some(Scope::Only(resources)),
    ignores_case: false,
};

fn distinct(statements: Vec<Statement>) -> Vec<Statement> {
    let mut seen = HashSet::new();
    let unnamed = |statement: &Statement| Statement { sid: None, ..statement.clone() };
    statements.into_iter().filter(|statement| seen.insert(key(unnamed(statement)))).collect()
}

fn join(statements: Vec<Statement>, element: &Element) -> Vec<Statement> {
    let mut joined: Vec<Statement> = Vec::new();
    let mut homes: HashMap<String, usize> = HashMap::new();
    for statement in statements {
        let Some(list) = (element.list)(&statement).cloned() else {
            joined.push(statement);
            continue;
        };
        let mut rest = statement.clone();
        (element.set)(&mut rest, OneOrMany::Many(Vec::new()));
        let home = homes.entry(key(rest)).or_insert(joined.len());
        match joined.get_mut(*home) {
            Some(first) => {
                let both = (element.list)(first).into_iter().flatten().chain(&list).cloned();
                let both = united(both, element.ignores_case);
                (element.set)(first, both);
            }
            None => joined.push(statement),
        }
    }
    joined
}

/// The values in order of first appearance, each once.
fn united(values: impl Iterator<Item = String>, ignores_case: bool) -> OneOrMany<String> {
    let mut seen = HashSet::new();
    let key = |value: &str| if ignores_case { value.to_ascii_lowercase() } else { value.to_owned() };
    values.filter(|value| seen.insert(key(value))).collect()
}

/// The same text for statements of the same meaning.
fn key(statement: Statement) -> String {
    let normalized = normalize(&Document::new([statement]));
    normalized.statements.iter().map(print::statement).collect()
}

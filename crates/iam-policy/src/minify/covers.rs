//! When one element of a policy holds wherever another does.
//!
//! Owns the inclusion of patterns, elements and whole statements. A yes is certain, a no may be too cautious: never
//! says yes where a variable or the reading of an ARN leaves a doubt.

use std::collections::HashMap;

use crate::{
    Document, OneOrMany, Pattern, Scope, Statement, Version,
    action::{ActionSet, has_wildcard},
    expand::expand_scope,
    normalize,
    pattern::{self, Search},
};

/// How a document's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    variables: bool,
}

/// A statement with what it takes to compare it.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    /// In the normal form, without Sid.
    pub(super) statement: Statement,
    /// The actions of the catalogue that it is about.
    pub(super) actions: ActionSet,
    /// The patterns of `Action` by service, so that a text meets those of its service only; those whose service has
    /// wildcards are behind the empty name.
    by_service: HashMap<String, Vec<Pattern>>,
}

impl Compared {
    pub(super) fn new(statement: &Statement) -> Self {
        let unnamed = Statement { sid: None, ..statement.clone() };
        let normal = normalize(&Document::new([unnamed.clone()])).statements.into_vec().pop();
        let statement = normal.unwrap_or(unnamed);
        let actions = expand_scope(&statement.actions).actions;
        let mut by_service: HashMap<String, Vec<Pattern>> = HashMap::new();
        if let Scope::Only(texts) = &statement.actions {
            for text in texts {
                by_service.entry(service_of(text)).or_default().push(lowercase(text));
            }
        }
        Self { statement, actions, by_service }
    }

    /// The same statement about other resources.
    pub(super) fn on(mut self, resources: Scope<OneOrMany<String>>) -> Self {
        self.statement.resources = Some(resources);
        self
    }

    /// Whether every action of any name that the text matches is one of this statement's.
    pub(super) fn covers_text(&self, text: &str) -> bool {
        if let Scope::Except(actions) = &self.statement.actions {
            return actions.iter().all(|action| are_actions_apart(action, text));
        }
        let pattern = lowercase(text);
        let own = service_of(text);
        let places = [String::new(), own];
        let mut near = places.iter().filter_map(|service| self.by_service.get(service)).flatten();
        near.any(|wide| wide.covers(&pattern))
    }

    /// The same of all that another statement is about.
    pub(super) fn covers_actions(&self, narrow: &Self) -> bool {
        if !narrow.actions.is_subset(&self.actions) {
            return false;
        }
        match (&self.statement.actions, &narrow.statement.actions) {
            (_, Scope::Only(texts)) => texts.iter().all(|text| self.covers_text(text)),
            (wide, narrow) => includes(wide, narrow, &covers_action, &are_actions_apart),
        }
    }
}

/// The service of a pattern in lower case; nothing where it has wildcards or is missing.
fn service_of(text: &str) -> String {
    let service = text.split_once(':').map(|(service, _)| service).filter(|service| !has_wildcard(service));
    service.unwrap_or_default().to_ascii_lowercase()
}

impl Reading {
    pub(super) fn of(document: &Document) -> Self {
        Self { variables: document.version == Some(Version::V2012) }
    }

    /// Whether `wide` holds wherever `narrow` does.
    pub(super) fn covers(self, wide: &Compared, narrow: &Compared) -> bool {
        self.covers_but_actions(wide, narrow) && wide.covers_actions(narrow)
    }

    /// The same, of everything but the actions.
    pub(super) fn covers_but_actions(self, wide: &Compared, narrow: &Compared) -> bool {
        covers_but_action_and_resource(wide, narrow)
            && match (&wide.statement.resources, &narrow.statement.resources) {
                (None, None) => true,
                (Some(wide), Some(narrow)) => self.covers_resources(wide, narrow),
                _ => false,
            }
    }

    /// Whether every resource of `narrow` is one of `wide`.
    pub(super) fn covers_resources(
        self,
        wide: &Scope<OneOrMany<String>>,
        narrow: &Scope<OneOrMany<String>>,
    ) -> bool {
        let covers = |wide: &str, narrow: &str| self.covers_resource(wide, narrow);
        let apart = |a: &str, b: &str| self.are_apart(a, b);
        includes(wide, narrow, &covers, &apart)
    }

    /// Leaves out values of a list that another value of it covers.
    pub(super) fn drop_covered_values(self, statement: &mut Statement) {
        if let Scope::Except(actions) = &mut statement.actions {
            drop_covered(actions, &covers_action);
        }
        if let Some(Scope::Only(resources) | Scope::Except(resources)) = &mut statement.resources {
            drop_covered(resources, &|wide, narrow| self.covers_resource(wide, narrow));
        }
    }

    /// INVARIANT: holds whether wildcards match colons or stop at them, since AWS documents both.
    pub(super) fn covers_resource(self, wide: &str, narrow: &str) -> bool {
        if wide == narrow || wide == "*" {
            return true;
        }
        if !has_wildcard(wide) || (self.has_variable(wide) || self.has_variable(narrow)) && wide.contains('?')
        {
            return false;
        }
        let Some((wide, narrow)) = self.without_variables(wide).zip(self.without_variables(narrow)) else {
            return false;
        };
        Pattern::new(&wide).covers(&Pattern::new(&narrow))
            && Pattern::arn(&wide).covers(&Pattern::arn(&narrow))
    }

    /// Whether no resource matches both.
    fn are_apart(self, a: &str, b: &str) -> bool {
        if self.has_variable(a) || self.has_variable(b) {
            return false;
        }
        let empty = |a: Pattern, b: Pattern| pattern::find(&[&a, &b], &[]) == Search::Empty;
        empty(Pattern::new(a), Pattern::new(b)) && empty(Pattern::arn(a), Pattern::arn(b))
    }

    fn has_variable(self, text: &str) -> bool {
        self.variables && text.contains("${")
    }

    /// The text with every variable spelled in letters of its own, so that a literal part or a wildcard of another
    /// text meets it whole or not at all: the same variable has the same value on both sides of a comparison. A `?` must
    /// not be compared with it, for a value need not be one character long.
    ///
    /// Nothing for a text whose variables cannot be told from what surrounds them.
    fn without_variables(self, text: &str) -> Option<String> {
        let mut plain = String::new();
        let mut rest = text;
        while self.variables
            && let Some((before, after)) = rest.split_once("${")
        {
            let (variable, behind) = after.split_once('}')?;
            let is_plain = |letter: char| letter <= '\u{ff}' && letter != '\'';
            if !variable.chars().all(is_plain) {
                return None;
            }
            plain.push_str(before);
            plain.push(PRIVATE);
            let letters = variable.chars().map(u32::from);
            plain.extend(letters.filter_map(|letter| char::from_u32(u32::from(PRIVATE) + 1 + letter)));
            plain.push(PRIVATE);
            rest = behind;
        }
        plain.push_str(rest);
        Some(plain)
    }
}

/// The first of the letters that spell variables: of a plane that no policy has, for IAM takes U+00FF at most.
const PRIVATE: char = '\u{f0000}';

/// Whether effect, principals and conditions of `wide` hold wherever those of `narrow` do: each condition of the wider
/// one must be among those of the narrower.
fn covers_but_action_and_resource(wide: &Compared, narrow: &Compared) -> bool {
    let (wide, narrow) = (&wide.statement, &narrow.statement);
    wide.effect == narrow.effect
        && wide.principals == narrow.principals
        && wide.conditions.iter().all(|condition| narrow.conditions.contains(condition))
}

pub(super) fn covers_action(wide: &str, narrow: &str) -> bool {
    if wide.eq_ignore_ascii_case(narrow) || wide == "*" {
        return true;
    }
    has_wildcard(wide) && lowercase(wide).covers(&lowercase(narrow))
}

fn are_actions_apart(a: &str, b: &str) -> bool {
    pattern::find(&[&lowercase(a), &lowercase(b)], &[]) == Search::Empty
}

fn lowercase(pattern: &str) -> Pattern {
    Pattern::new(pattern).to_lowercase()
}

/// Whether what `narrow` names, in either form, is among what `wide` names.
fn includes(
    wide: &Scope<OneOrMany<String>>,
    narrow: &Scope<OneOrMany<String>>,
    covers: &dyn Fn(&str, &str) -> bool,
    apart: &dyn Fn(&str, &str) -> bool,
) -> bool {
    match (wide, narrow) {
        (Scope::Only(wide), Scope::Only(narrow)) => {
            narrow.iter().all(|narrow| wide.iter().any(|wide| covers(wide, narrow)))
        }
        (Scope::Except(wide), Scope::Except(narrow)) => {
            wide.iter().all(|wide| narrow.iter().any(|narrow| covers(narrow, wide)))
        }
        (Scope::Except(wide), Scope::Only(narrow)) => {
            wide.iter().all(|wide| narrow.iter().all(|narrow| apart(wide, narrow)))
        }
        (Scope::Only(wide), Scope::Except(_)) => wide.iter().any(|wide| wide == "*"),
    }
}

/// Of two values that cover each other the first stays.
fn drop_covered(values: &mut OneOrMany<String>, covers: &dyn Fn(&str, &str) -> bool) {
    let mut kept: Vec<String> = Vec::new();
    for value in values.iter() {
        if !kept.iter().any(|known| covers(known, value)) {
            kept.retain(|known| !covers(value, known));
            kept.push(value.clone());
        }
    }
    *values = kept.into_iter().collect();
}

//! When one element of a policy holds wherever another does.
//!
//! Owns the inclusion of patterns, elements and whole statements. A yes is certain, a no may be too cautious: never
//! says yes where a variable or the reading of an ARN leaves a doubt.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use crate::{
    Document, OneOrMany, Pattern, Scope, Statement, Version,
    action::{ActionSet, has_wildcard},
    expand::{Expansion, expand_scope},
    normalize::normalize_statement,
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
    /// Those of its actions and patterns that the catalogue has nothing for.
    unknown: HashSet<String>,
    /// Its resources, read once for all comparisons.
    resources: Option<Scope<OneOrMany<Resource>>>,
    reading: Reading,
    /// The patterns of `Action` by service, so that a text meets those of its service only; those whose service has
    /// wildcards are behind the empty name. Read when a text is compared, which plain names seldom are.
    by_service: OnceCell<HashMap<String, Vec<Pattern>>>,
}

impl Compared {
    pub(super) fn new(statement: &Statement, reading: Reading) -> Self {
        let statement = Statement { sid: None, ..normalize_statement(statement, &|_| None) };
        let Expansion { actions, unknown, .. } = expand_scope(&statement.actions);
        let resources = statement.resources.clone().map(|resources| reading.resources(resources));
        let unknown = unknown.into_iter().collect();
        Self { statement, actions, unknown, resources, reading, by_service: OnceCell::new() }
    }

    /// Whether one of its actions, in any case, is a name or a pattern that the catalogue has nothing for.
    pub(super) fn is_unknown(&self, text: &str) -> bool {
        !self.unknown.is_empty() && self.unknown.contains(&text.to_ascii_lowercase())
    }

    fn by_service(&self) -> &HashMap<String, Vec<Pattern>> {
        self.by_service.get_or_init(|| {
            let mut by_service: HashMap<String, Vec<Pattern>> = HashMap::new();
            if let Scope::Only(texts) = &self.statement.actions {
                for text in texts {
                    by_service.entry(service_of(text)).or_default().push(lowercase(text));
                }
            }
            by_service
        })
    }

    /// The same statement about other resources.
    pub(super) fn on(mut self, resources: Scope<OneOrMany<String>>) -> Self {
        self.resources = Some(self.reading.resources(resources.clone()));
        self.statement.resources = Some(resources);
        self
    }

    /// Whether this statement names a resource, in the plain form or the other.
    pub(super) fn covers_resource(&self, text: &str) -> bool {
        let alone = Scope::Only(OneOrMany::One(self.reading.resource(text)));
        self.resources.as_ref().is_some_and(|wide| covers_resources(wide, &alone))
    }

    /// Whether every action of any name that the text matches is one of this statement's.
    pub(super) fn covers_text(&self, text: &str) -> bool {
        if let Scope::Except(actions) = &self.statement.actions {
            return actions.iter().all(|action| are_actions_apart(action, text));
        }
        let pattern = lowercase(text);
        let own = service_of(text);
        let places = [String::new(), own];
        let mut near = places.iter().filter_map(|service| self.by_service().get(service)).flatten();
        near.any(|wide| wide.covers(&pattern))
    }

    /// The same of all that another statement is about.
    pub(super) fn covers_actions(&self, narrow: &Self) -> bool {
        if !narrow.actions.is_subset(&self.actions) {
            return false;
        }
        match (&self.statement.actions, &narrow.statement.actions) {
            (_, Scope::Only(texts)) => texts.iter().all(|text| self.covers_text(text)),
            (wide, narrow) => includes(wide, narrow, &|wide, narrow| covers_action(wide, narrow), &|a, b| {
                are_actions_apart(a, b)
            }),
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
    fn resources(self, texts: Scope<OneOrMany<String>>) -> Scope<OneOrMany<Resource>> {
        texts.map(|texts| texts.iter().map(|text| self.resource(text)).collect())
    }

    /// Leaves out values of a list that another value of it covers.
    pub(super) fn drop_covered_values(self, statement: &mut Statement) {
        if let Scope::Except(actions) = &mut statement.actions {
            *actions = widest(actions.as_slice()).into_iter().collect();
        }
        if let Some(Scope::Only(resources) | Scope::Except(resources)) = &mut statement.resources {
            let read = resources.iter().map(|text| self.resource(text));
            *resources = uncovered(read, &Resource::covers).into_iter().map(|one| one.text).collect();
        }
    }

    fn resource(self, text: &str) -> Resource {
        let has_variable = self.variables && text.contains("${");
        let spelled = self.without_variables(text).map(|text| Readings::new(&text));
        Resource { text: text.to_owned(), has_variable, spelled }
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

/// A value of `Resource` or `NotResource`, ready to be compared.
#[derive(Clone, Debug)]
struct Resource {
    text: String,
    has_variable: bool,
    /// Nothing where its variables cannot be told from what surrounds them.
    spelled: Option<Readings>,
}

impl AsRef<str> for Resource {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Resource {
    /// INVARIANT: holds whether wildcards match colons or stop at them, since AWS documents both. And it holds whether
    /// or not IAM adds the parts that an ARN lacks, which it does in identity policies and boundaries: elsewhere it is
    /// not certain that such a text matches anything, so it covers no whole ARN.
    fn covers(&self, narrow: &Self) -> bool {
        if self.text == narrow.text || self.text == "*" {
            return true;
        }
        let has_variable = self.has_variable || narrow.has_variable;
        if !has_wildcard(&self.text) || has_variable && self.text.contains('?') {
            return false;
        }
        let Some((wide, narrow)) = self.spelled.as_ref().zip(narrow.spelled.as_ref()) else { return false };
        (wide.is_whole || !narrow.is_whole)
            && wide.as_text.covers(&narrow.as_text)
            && wide.by_parts.covers(&narrow.by_parts)
    }

    /// Whether no resource matches both.
    fn is_apart(&self, other: &Self) -> bool {
        if self.has_variable || other.has_variable {
            return false;
        }
        let Some((a, b)) = self.spelled.as_ref().zip(other.spelled.as_ref()) else { return false };
        let empty = |a: &Pattern, b: &Pattern| pattern::find(&[a, b], &[]) == Search::Empty;
        empty(&a.as_text, &b.as_text) && empty(&a.by_parts, &b.by_parts)
    }
}

/// What AWS's documentation says of wildcards in an ARN: that they match any run of characters, and that they stand
/// within one part.
#[derive(Clone, Debug)]
struct Readings {
    as_text: Pattern,
    by_parts: Pattern,
    /// Whether it has all six parts.
    is_whole: bool,
}

impl Readings {
    fn new(text: &str) -> Self {
        let is_whole = text.matches(':').count() >= 5;
        Self { as_text: Pattern::new(text), by_parts: Pattern::arn(text), is_whole }
    }
}

/// Whether `wide` holds wherever `narrow` does.
pub(super) fn covers(wide: &Compared, narrow: &Compared) -> bool {
    covers_but_actions(wide, narrow) && wide.covers_actions(narrow)
}

/// The same, of everything but the actions.
pub(super) fn covers_but_actions(wide: &Compared, narrow: &Compared) -> bool {
    covers_but_action_and_resource(wide, narrow)
        && match (&wide.resources, &narrow.resources) {
            (None, None) => true,
            (Some(wide), Some(narrow)) => covers_resources(wide, narrow),
            _ => false,
        }
}

/// The same, of everything but the resources.
pub(super) fn covers_but_resources(wide: &Compared, narrow: &Compared) -> bool {
    covers_but_action_and_resource(wide, narrow) && wide.covers_actions(narrow)
}

fn covers_resources(wide: &Scope<OneOrMany<Resource>>, narrow: &Scope<OneOrMany<Resource>>) -> bool {
    includes(wide, narrow, &Resource::covers, &Resource::is_apart)
}

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
fn includes<T: AsRef<str>>(
    wide: &Scope<OneOrMany<T>>,
    narrow: &Scope<OneOrMany<T>>,
    covers: &dyn Fn(&T, &T) -> bool,
    apart: &dyn Fn(&T, &T) -> bool,
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
        (Scope::Only(wide), Scope::Except(_)) => wide.iter().any(|wide| wide.as_ref() == "*"),
    }
}

/// The actions that no other covers.
pub(super) fn widest<T: AsRef<str>>(actions: &[T]) -> Vec<String> {
    let read = actions.iter().map(|action| (action.as_ref(), lowercase(action.as_ref())));
    let kept = uncovered(read, &|(_, wide), (_, narrow)| wide.covers(narrow));
    kept.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// The values that no other covers; of two that cover each other the first.
fn uncovered<T>(values: impl Iterator<Item = T>, covers: &dyn Fn(&T, &T) -> bool) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for value in values {
        if !kept.iter().any(|known| covers(known, &value)) {
            kept.retain(|known| !covers(&value, known));
            kept.push(value);
        }
    }
    kept
}

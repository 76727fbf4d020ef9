//! That two documents decide the same.
//!
//! Owns the comparison, which starts from both documents anew and knows nothing of how one became the other. Never says
//! yes on a guess.

use std::borrow::Cow;

use super::{
    MinifyError,
    covers::{Compared, Reading, covers_but_actions},
};
use crate::{
    Document, OneOrMany, Scope,
    action::{ActionSet, has_wildcard},
    print,
};

/// Shows that each statement of one document, resource by resource, is covered by statements of the other, and the
/// other way about: for every action of the catalogue, and for every pattern and unknown name letter by letter. Only
/// the patterns of the shorter document may match more, of names that do not exist.
pub(super) fn decide_the_same(document: &Document, shorter: &Document) -> Result<(), MinifyError> {
    let reading = Reading::of(document);
    let compared = |document: &Document| -> Vec<Compared> {
        document.statements.iter().map(|statement| Compared::new(statement, reading)).collect()
    };
    let [before, after] = [document, shorter].map(compared);
    holds_in(&before, &after, &|part, text| has_wildcard(text) || part.is_unknown(text))?;
    holds_in(&after, &before, &Compared::is_unknown)
}

/// Tells which texts of a statement must be covered as they are written.
type InLetters<'a> = &'a dyn Fn(&Compared, &str) -> bool;

/// Whether `wide` holds wherever `narrow` does.
fn holds_in(narrow: &[Compared], wide: &[Compared], in_letters: InLetters<'_>) -> Result<(), MinifyError> {
    for statement in narrow {
        for part in by_resource(statement) {
            let same: Vec<&Compared> = wide.iter().filter(|wide| covers_but_actions(wide, &part)).collect();
            if let Some(action) = uncovered(&part, &same, in_letters) {
                return Err(MinifyError::Differs { action, statement: print::statement(&part.statement) });
            }
        }
    }
    Ok(())
}

/// The statement for each of its resources by itself.
fn by_resource(statement: &Compared) -> Vec<Cow<'_, Compared>> {
    let resources = match &statement.statement.resources {
        Some(Scope::Only(resources)) if resources.as_slice().len() > 1 => resources,
        _ => return vec![Cow::Borrowed(statement)],
    };
    let bare = statement.clone().on(Scope::Only(OneOrMany::Many(Vec::new())));
    let alone = |resource: &String| bare.clone().on(Scope::Only(OneOrMany::One(resource.clone())));
    resources.iter().map(alone).map(Cow::Owned).collect()
}

/// An action or text of the statement that none of the others has.
fn uncovered(part: &Compared, others: &[&Compared], in_letters: InLetters<'_>) -> Option<String> {
    let covered = others.iter().fold(ActionSet::new(), |all, other| all.union(&other.actions));
    if let Some(action) = part.actions.clone().difference(&covered).iter().next() {
        return Some(action.to_string());
    }
    match &part.statement.actions {
        Scope::Except(_) if others.iter().any(|other| other.covers_actions(part)) => None,
        Scope::Except(actions) => Some(format!("all but {}", actions.as_slice().join(", "))),
        Scope::Only(actions) => {
            let mut texts = actions.iter().filter(|text| in_letters(part, text));
            texts.find(|text| !others.iter().any(|other| other.covers_text(text))).cloned()
        }
    }
}

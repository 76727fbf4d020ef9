//! Several documents as one.
//!
//! Owns what becomes of versions, names and ids when documents meet. Never changes what they decide together, and never
//! shortens patterns: `minify` does.

mod fold;
mod version;

use std::collections::HashSet;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{Document, Statement};

pub(crate) use fold::{Named, fold};

/// One document that decides what these decide together.
///
/// - **Statements.** Equal ones are there once. Statements that differ in their actions only, or in their resources
///   only, become one; both must be of the plain form then (`Action`, `Resource`), and everything else must be equal
///   by the rules of [`normalize`](crate::normalize()). Statements with different Sids stay apart, for a Sid says what
///   its statement is for; equal ones keep the first.
/// - **Sids.** One that occurs twice gets a number behind it from the second time on: `Read`, `Read2`.
/// - **Version.** 2012-10-17 if any document has it, else that of the documents. In a document of the older version
///   `${` is plain text; where it becomes part of a newer one, it is written `${$}{`, which is plain text there (IAM
///   User Guide, "IAM policy elements: Variables and tags").
/// - **Id, unknown elements.** Kept where the documents that have them agree; an id is left out where they do not.
///
/// # Errors
/// There is no document, documents of different kinds, unknown elements that contradict each other, or text of an
/// older document that has no spelling in a newer one.
pub fn merge(documents: &[Document]) -> Result<Document, MergeError> {
    if documents.is_empty() {
        return Err(MergeError::Nothing);
    }
    let version = version::common(documents);
    let mut statements: Vec<Statement> = Vec::new();
    for document in documents {
        statements.extend(version::carried_over(document, version)?);
    }
    let with_principals = statements.iter().filter(|statement| statement.principals.is_some()).count();
    if with_principals != 0 && with_principals != statements.len() {
        return Err(MergeError::Kinds);
    }
    let mut statements = fold(statements, Named::Apart);
    make_sids_unique(&mut statements);
    Ok(Document {
        version,
        id: common_id(documents),
        statements: statements.into_iter().collect(),
        extra: extra(documents)?,
    })
}

/// Why documents cannot become one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MergeError {
    /// No document was given.
    #[error("there is no document to merge, and a policy without statements is none: give at least one")]
    Nothing,
    /// Some statements have principals and others have none.
    #[error(
        "some statements name principals and others do not, no policy takes both: merge trust policies with trust \
         policies and identity policies with identity policies"
    )]
    Kinds,
    /// Two documents have the same unknown element with different values.
    #[error(
        "the documents have different values for `{element}`, and one document has room for one: make them equal"
    )]
    Contradiction {
        /// The name of the element.
        element: String,
    },
    /// A `${` where the newer version would read it in a way that cannot be told.
    #[error(
        "`{text}` is plain text in version 2008-10-17 and perhaps a variable in 2012-10-17, which another document has: \
         rewrite it for 2012-10-17 first"
    )]
    Variable {
        /// The key or value of a condition.
        text: String,
    },
}

fn common_id(documents: &[Document]) -> Option<String> {
    let mut ids = documents.iter().filter_map(|document| document.id.as_ref());
    let first = ids.next()?;
    ids.all(|id| id == first).then(|| first.clone())
}

fn extra(documents: &[Document]) -> Result<Map<String, Value>, MergeError> {
    let mut all = Map::new();
    for (element, value) in documents.iter().flat_map(|document| &document.extra) {
        if all.get(element).is_some_and(|known| known != value) {
            return Err(MergeError::Contradiction { element: element.clone() });
        }
        all.insert(element.clone(), value.clone());
    }
    Ok(all)
}

/// INVARIANT: a Sid that occurs once stays, so a made name is never one of those that were there before.
fn make_sids_unique(statements: &mut [Statement]) {
    let mut taken: HashSet<String> = HashSet::new();
    let written: HashSet<String> = statements.iter().filter_map(|statement| statement.sid.clone()).collect();
    for sid in statements.iter_mut().filter_map(|statement| statement.sid.as_mut()) {
        if sid.is_empty() || taken.insert(sid.clone()) {
            continue;
        }
        let numbered = (2..).map(|number: u32| format!("{sid}{number}"));
        let mut free = numbered.filter(|name| !written.contains(name) && !taken.contains(name));
        if let Some(name) = free.next() {
            taken.insert(name.clone());
            *sid = name;
        }
    }
}

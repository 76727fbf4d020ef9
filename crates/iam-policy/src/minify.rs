//! The shortest document that decides the same.
//!
//! Owns the steps that make a document shorter, and the order of them. Never returns a document that `proof` could not
//! show to decide the same.

mod covers;
mod proof;
mod shorten;

use thiserror::Error;

use crate::{
    Document, Wildcards,
    merge::{Named, fold},
};

/// A shorter document that decides the same for every action of the catalogue, every resource and every context.
///
/// - Statements that differ in their actions only, or in their resources only, become one, as
///   [`merge`](crate::merge()) has it, whatever their Sids.
/// - What something else covers goes: `s3:GetObject` beside `s3:Get*`, a resource beside a wider one, a statement
///   beside one with the same effect that holds for at least its actions, resources and principals, under no further
///   condition.
/// - The actions of each statement become the shortest patterns, as [`minimize`](crate::minimize()) finds them; what
///   another statement grants anyway may be among what they match. A pattern of the document that has wildcards, or
///   that the catalogue does not know, stays covered letter by letter, so that an allow never loses what it would come
///   to grant, and a deny never what it would come to deny.
/// - `NotAction` and `NotResource` only lose members that another member covers.
/// - Sids and the Id go, for they decide nothing and count; the version and unknown elements stay.
///
/// New wildcards stand for whole words of names ([`Wildcards::Words`]). Actions that AWS adds later may come under one:
/// see [`minify_with`].
///
/// # Errors
/// The result could not be shown to decide the same, which would be a fault of this crate.
pub fn minify(document: &Document) -> Result<Document, MinifyError> {
    minify_with(document, Wildcards::default())
}

/// Like [`minify()`], with a say in how far new wildcards go. [`Wildcards::None`] adds no pattern to those that the
/// document has.
///
/// # Errors
/// The same.
pub fn minify_with(document: &Document, wildcards: Wildcards) -> Result<Document, MinifyError> {
    let reading = covers::Reading::of(document);
    let mut statements = fold(document.statements.clone().into_vec(), Named::Alike);
    for statement in &mut statements {
        reading.drop_covered_values(statement);
    }
    loop {
        let before = statements.clone();
        let compared = shorten::drop_covered(&mut statements, reading);
        shorten::minimize_actions(&mut statements, compared, reading, wildcards);
        statements = fold(statements, Named::Alike);
        if statements == before || statements.len() == before.len() {
            break;
        }
    }
    let shorter = Document {
        version: document.version,
        id: None,
        statements: statements.into_iter().collect(),
        extra: document.extra.clone(),
    };
    proof::decide_the_same(document, &shorter)?;
    Ok(shorter)
}

/// Why a document has no shorter form.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MinifyError {
    /// The documents decide differently, or could not be shown to decide the same; a fault of this crate.
    #[error(
        "the shorter document could not be shown to decide the same about `{action}` in `{statement}`: keep the document \
         as it is"
    )]
    Differs {
        /// An action or pattern.
        action: String,
        /// The statement, as JSON, that has no match in the other document.
        statement: String,
    },
}

#[cfg(test)]
mod tests;

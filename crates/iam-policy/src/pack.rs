//! Statements into documents that fit.
//!
//! Owns how statements are spread over documents, and when one is split. Never shortens anything: `minify` does.

mod length;
mod spread;
mod unit;

use thiserror::Error;

use crate::{Document, Statement, fits, quota};
use length::Lengths;
use unit::Unit;

/// What documents may measure, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters of one document, as [`size`](crate::size()) counts them.
    pub characters: usize,
    /// Number of documents.
    pub documents: usize,
}

impl Limits {
    /// All inline policies of a role together: one document, since any further one only takes from the same total.
    pub const INLINE: Self = Self { characters: quota::INLINE_POLICIES_PER_ROLE, documents: 1 };

    /// The managed policies of a role, in an account with the default quota.
    pub const MANAGED: Self =
        Self { characters: quota::MANAGED_POLICY, documents: quota::MANAGED_POLICIES_PER_ROLE };

    /// The trust policy of a role, in an account with the default quota.
    pub const TRUST: Self = Self { characters: quota::TRUST_POLICY, documents: 1 };
}

/// Spreads a document's statements over documents that decide together what it does.
///
/// Each has the document's version, for `${…}` is a variable in one version and plain text in the other, and its unknown
/// elements; the Id goes. What comes from several documents is [`merge`](crate::merge())d first.
///
/// Statements that fit into one document stay as they are. Otherwise they are split by the services of their actions:
/// each service's part goes where its name sends it, and a document that is too large is divided in two by names
/// again. Where a part goes depends on nothing but itself and on what is full, so that a change of one action changes
/// the document that it is in; and two, where that one is divided or no longer is. Only where this takes more documents
/// than there may be, they are filled one after the other instead, and a change may move everything behind it.
///
/// A statement that has been split keeps its Sid in each document. The documents' order is stable; no statements give no
/// document.
///
/// # Errors
/// Something does not fit: how much is in the error.
pub fn pack(document: &Document, limits: Limits) -> Result<Vec<Document>, PackError> {
    let statements = document.statements.as_slice();
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let of = |statements: Vec<Statement>| Document {
        version: document.version,
        extra: document.extra.clone(),
        ..Document::new(statements)
    };
    let whole = of(statements.to_vec());
    if limits.documents > 0 && fits(&whole, limits.characters) {
        return Ok(vec![whole]);
    }
    let units = Unit::of_all(statements);
    let lengths = Lengths::new(&of(Vec::new()), statements);
    for unit in &units {
        let characters = lengths.of(std::slice::from_ref(unit));
        if let Some(over) = characters.checked_sub(limits.characters + 1) {
            let statement = unit.statement + 1;
            return Err(PackError::Indivisible { statement, over: over + 1, limit: limits.characters });
        }
    }
    // Parts are no shorter together than the whole.
    let most = limits.documents.saturating_mul(limits.characters);
    if let Some(over) = lengths.of(&units).checked_sub(most + 1) {
        return Err(PackError::TooMuch { over: over + 1, limits });
    }
    let is_small = |units: &[Unit]| lengths.of(units) <= limits.characters;
    let mut parts = spread::by_name(units.clone(), &is_small);
    if parts.len() > limits.documents {
        parts = spread::in_order(units, &is_small);
    }
    let beyond = parts.iter().skip(limits.documents).map(|part| lengths.of(part)).sum();
    if beyond > 0 {
        return Err(PackError::TooMuch { over: beyond, limits });
    }
    Ok(parts.iter().map(|part| of(unit::statements(statements, part))).collect())
}

/// Why statements do not fit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PackError {
    /// One action, or one `NotAction`, with its resources and conditions is too long for any document.
    #[error(
        "statement {statement} alone exceeds a policy's {limit} characters by {over}, even with a single action: shorten \
         its resources or conditions"
    )]
    Indivisible {
        /// Which statement, counted from 1.
        statement: usize,
        /// How many characters are too many.
        over: usize,
        /// How many characters a document may have.
        limit: usize,
    },
    /// There would be more documents than there may be.
    #[error(
        "there are {over} characters more than fit into {} of at most {} characters: allow less, or say it in fewer words",
        if limits.documents == 1 { "one policy".to_owned() } else { format!("{} policies", limits.documents) },
        limits.characters
    )]
    TooMuch {
        /// How many characters the documents have that are too many.
        over: usize,
        /// What was to be kept.
        limits: Limits,
    },
}

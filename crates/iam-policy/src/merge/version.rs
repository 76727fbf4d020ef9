//! What becomes of a document's text in another version of the policy language.
//!
//! Owns the one difference: `${…}` is a variable in 2012-10-17 and plain text in 2008-10-17. Never lets text become a
//! variable, or a variable text.

use super::MergeError;
use crate::{Condition, Document, OneOrMany, Scalar, Statement, Version};

const OPENING: &str = "${";

/// A dollar sign as 2012-10-17 writes it, and the brace behind it.
const TEXT: &str = "${$}{";

/// The version in which all of the documents can be said.
pub(super) fn common(documents: &[Document]) -> Option<Version> {
    let mut versions = documents.iter().filter_map(|document| document.version);
    let first = versions.next()?;
    Some(if versions.any(|version| version == Version::V2012) { Version::V2012 } else { first })
}

/// The document's statements, to stand in a document of `version`.
pub(super) fn carried_over(
    document: &Document,
    version: Option<Version>,
) -> Result<Vec<Statement>, MergeError> {
    let statements = document.statements.iter().cloned();
    if version != Some(Version::V2012) || document.version == version {
        return Ok(statements.collect());
    }
    statements.map(as_text).collect()
}

fn as_text(mut statement: Statement) -> Result<Statement, MergeError> {
    let escape = |text: String| text.replace(OPENING, TEXT);
    statement.resources = statement
        .resources
        .map(|scope| scope.map(|resources| resources.into_vec().into_iter().map(escape).collect()));
    statement.conditions =
        statement.conditions.into_iter().map(condition_as_text).collect::<Result<_, _>>()?;
    Ok(statement)
}

/// Variables are for values of string and ARN operators; what they would be elsewhere, AWS does not say.
fn condition_as_text(condition: Condition) -> Result<Condition, MergeError> {
    let operator = condition.operator.to_ascii_lowercase();
    let operator = operator.rsplit(':').next().unwrap_or_default();
    let takes_variables = operator.starts_with("string") || operator.starts_with("arn");
    let has_opening = |value: &&Scalar| value.to_text().contains(OPENING);
    let beyond = condition.values.iter().find(has_opening).filter(|_| !takes_variables).map(Scalar::to_text);
    let key = condition.key.contains(OPENING).then(|| condition.key.clone());
    if let Some(text) = key.or(beyond) {
        return Err(MergeError::Variable { text });
    }
    let escape = |value: Scalar| match value {
        Scalar::String(text) => Scalar::String(text.replace(OPENING, TEXT)),
        other => other,
    };
    let values = match condition.values {
        OneOrMany::One(value) => OneOrMany::One(escape(value)),
        OneOrMany::Many(values) => OneOrMany::Many(values.into_iter().map(escape).collect()),
    };
    Ok(Condition { values, ..condition })
}

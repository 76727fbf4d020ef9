//! JSON text to a document, refusing what IAM refuses.
//!
//! Owns the grammar of the policy language, read strictly. Never judges whether a policy is wise, and never knows
//! which actions, services or condition keys exist.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy element reference".

mod condition;
mod error;
mod json;
mod nearest;
mod place;
mod principal;
mod statement;

use std::collections::HashSet;

use serde_json::Map;

use crate::{Document, Version};

pub use error::{ParseError, PrincipalFault, Reason};
pub(crate) use nearest::nearest;

use error::Fault;
use json::Node;

/// What a document is attached to, and so which elements it must and may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An inline or managed policy: resources, and no principals, since whoever holds it is the principal.
    Identity,
    /// A role's trust policy: principals, and no resources, since the role is the resource.
    Trust,
    /// A policy of any other resource, such as a bucket or a key: principals, and resources where the service has them.
    Resource,
}

impl Kind {
    /// The kind that a document seems to be: with a principal in any statement it is [`Resource`](Self::Resource) if
    /// one also has a resource, and [`Trust`](Self::Trust) if none does. Anything else, such as text that is not JSON,
    /// is [`Identity`](Self::Identity).
    #[must_use]
    pub fn of(text: &str) -> Self {
        let root = json::read(text).ok();
        let statements =
            root.as_ref().and_then(|root| root.get("Statement")).map(Node::items).unwrap_or_default();
        let any_has = |elements: [&str; 2]| {
            statements.iter().any(|statement| elements.iter().any(|element| statement.get(element).is_some()))
        };
        match (any_has(["Principal", "NotPrincipal"]), any_has(["Resource", "NotResource"])) {
            (true, true) => Self::Resource,
            (true, false) => Self::Trust,
            (false, _) => Self::Identity,
        }
    }
}

/// Reads a policy document in any form that IAM accepts.
///
/// The result keeps what was written: scalars and lists, order, case, unknown top-level elements. Only the order of
/// elements within an object, empty `Condition` blocks and the white space between tokens are lost.
///
/// # Errors
/// The first fault found that makes IAM refuse the document, with its place and what IAM wants there. Never panics,
/// whatever the text.
pub fn parse(text: &str, kind: Kind) -> Result<Document, ParseError> {
    let root = json::read(text).map_err(|fault| fault.at(text, None))?;
    json::check_characters(text)
        .and_then(|()| json::check_keys(&root))
        .and_then(|()| document(&root, kind))
        .map_err(|fault| fault.at(text, Some(&root)))
}

const ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];

fn document(root: &Node, kind: Kind) -> Result<Document, Fault> {
    let mut extra = Map::new();
    for field in root.object()?.iter().filter(|field| !ELEMENTS.contains(&field.name.as_str())) {
        if let Some(nearest) = nearest(&field.name, ELEMENTS) {
            let found = field.name.clone();
            return Err(field.fault(Reason::UnknownElement { found, nearest: Some(nearest) }));
        }
        extra.insert(field.name.clone(), field.value.to_value());
    }
    let Some(statements) = root.get("Statement") else {
        return Err(root.fault(Reason::Missing { element: "`Statement`", owner: "every document" }));
    };
    if statements.items().is_empty() {
        return Err(statements.fault(Reason::EmptyList));
    }
    check_sids(statements)?;
    Ok(Document {
        version: root.get("Version").map(version).transpose()?,
        id: root.get("Id").map(Node::text).transpose()?,
        statements: statements.one_or_many(|node| statement::statement(node, kind))?,
        extra,
    })
}

fn version(node: &Node) -> Result<Version, Fault> {
    match node.string()? {
        "2012-10-17" => Ok(Version::V2012),
        "2008-10-17" => Ok(Version::V2008),
        other => Err(node.fault(Reason::UnknownVersion { found: other.to_owned() })),
    }
}

/// A `Sid` must be unique in its document. An empty one is none.
fn check_sids(statements: &Node) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for node in statements.items().iter().filter_map(|statement| statement.get("Sid")) {
        let sid = node.string()?;
        if !sid.is_empty() && !seen.insert(sid) {
            return Err(node.fault(Reason::DuplicateSid { found: sid.to_owned() }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_document_that_names_principals_is_a_trust_policy_or_a_resources() {
        for (text, kind) in [
            (r#"{"Statement": [{"Effect": "Allow"}, {"Principal": "*"}]}"#, Kind::Trust),
            (r#"{"Statement": {"NotPrincipal": {"AWS": "111122223333"}}}"#, Kind::Trust),
            (r#"{"Statement": [{"Principal": "*"}, {"NotResource": "*"}]}"#, Kind::Resource),
            (r#"{"Statement": {"Effect": "Allow", "Action": "s3:*"}}"#, Kind::Identity),
            (r#"{"Principal": "*"}"#, Kind::Identity),
            ("Principal", Kind::Identity),
        ] {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }
}

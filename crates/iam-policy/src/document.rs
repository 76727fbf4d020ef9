//! The policy document: version, id, statements.
//!
//! Owns the outermost nouns, as written. Never judges whether IAM accepts them: `parse` does.

use serde_json::{Map, Value};

use crate::{Kind, ParseError, Statement, parse};

/// A policy document as its writer spelled it.
///
/// `==` compares spelling (a list of one is not a scalar); [`equal`](crate::equal()) compares meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The version of the policy language; absent means [`Version::V2008`] to IAM.
    pub version: Option<Version>,
    /// The `Id` element. IAM keeps it and gives it no meaning.
    pub id: Option<String>,
    /// What is allowed and denied.
    pub statements: OneOrMany<Statement>,
    /// Top-level elements that this crate does not know, kept as they were.
    pub extra: Map<String, Value>,
}

impl Document {
    /// A document of the current language version (2012-10-17) with these statements.
    ///
    /// Nothing is validated here; see [`check`](Self::check).
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self {
            version: Some(Version::V2012),
            id: None,
            statements: OneOrMany::Many(statements.into_iter().collect()),
            extra: Map::new(),
        }
    }

    /// Asks whether IAM's grammar accepts this document, by parsing what [`to_json`](Self::to_json) prints.
    ///
    /// For documents built in code from a user's input.
    ///
    /// # Errors
    /// What [`parse`](crate::parse()) says of the printed text; line and column refer to that text.
    pub fn check(&self, kind: Kind) -> Result<(), ParseError> {
        parse(&self.to_json(), kind).map(drop)
    }

    /// The AWS principals that are unique ids (`AROA…`, `AIDA…`) instead of ARNs, each once, in order.
    ///
    /// IAM replaces a user's or role's ARN by its unique id when it stores a trust policy and shows the ARN again
    /// only while that user or role lives. An id that stays in a document that IAM returned is therefore a principal
    /// that was deleted; one of the same name made later is not trusted. (IAM User Guide, "AWS JSON policy elements:
    /// Principal".)
    #[must_use]
    pub fn orphaned_principals(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for principals in self.statements.iter().filter_map(|statement| statement.principals.as_ref()) {
            for id in principals.inner().unique_ids() {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found
    }
}

/// A version of the policy language. It decides whether `${…}` is a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`: the default of a document that names none; `${…}` is plain text.
    V2008,
    /// `2012-10-17`: the current one.
    V2012,
}

impl Version {
    /// The version as documents write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

/// A value that IAM takes alone or in a list, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// `"a"`
    One(T),
    /// `["a", "b"]`; also `["a"]` and `[]`.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values, however they were written.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    /// Iterates over [`as_slice`](Self::as_slice).
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// The values, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }

    /// The same values and one more.
    #[must_use]
    pub(crate) fn and(self, value: T) -> Self {
        self.into_vec().into_iter().chain([value]).collect()
    }
}

/// Collects one value to a scalar, IAM's shorter form, and any other number to a list.
impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values: Vec<T> = values.into_iter().collect();
        match values.pop() {
            Some(only) if values.is_empty() => Self::One(only),
            last => {
                values.extend(last);
                Self::Many(values)
            }
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PrincipalKind, Reason};

    #[test]
    fn orphans_are_unique_ids_among_aws_principals() {
        let id = "AROAEXAMPLEEXAMPLE123";
        let document = Document::new([
            Statement::allow(["sts:AssumeRole"])
                .principal(PrincipalKind::Aws, "111122223333")
                .principal(PrincipalKind::Aws, id)
                .condition("StringEquals", "aws:userid", ["AIDAEXAMPLEEXAMPLE123"]),
            Statement::deny(["sts:TagSession"]).principal(PrincipalKind::Aws, id),
            Statement::allow(["sts:AssumeRole"])
                .principal(PrincipalKind::CanonicalUser, "AIDAEXAMPLEEXAMPLE123"),
        ]);
        assert_eq!(document.orphaned_principals(), [id]);
    }

    #[test]
    fn a_built_trust_policy_prints_compactly() {
        let document = Document::new([Statement::allow(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])
            .sid("Gitlab")
            .principal(PrincipalKind::Federated, "arn:aws:iam::111122223333:oidc-provider/gitlab.com")
            .condition("StringEquals", "gitlab.com:aud", ["https://gitlab.com"])
            .condition("StringLike", "gitlab.com:sub", ["project_path:a/*", "project_path:b/*"])
            .condition("StringEquals", "gitlab.com:tier", ["free"])]);
        assert_eq!(
            document.to_json(),
            concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Sid":"Gitlab","Effect":"Allow","#,
                r#""Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"},"#,
                r#""Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"],"Condition":{"#,
                r#""StringEquals":{"gitlab.com:aud":"https://gitlab.com","gitlab.com:tier":"free"},"#,
                r#""StringLike":{"gitlab.com:sub":["project_path:a/*","project_path:b/*"]}}}]}"#,
            )
        );
        assert_eq!(document.check(Kind::Trust), Ok(()));
    }

    #[test]
    fn resources_add_up_in_a_built_policy() {
        let statement = Statement::deny(["s3:*"]).resource("arn:aws:s3:::a").resource("arn:aws:s3:::b");
        let document = Document::new([statement]);
        assert_eq!(document.check(Kind::Identity), Ok(()));
        assert!(document.to_json().contains(r#""Resource":["arn:aws:s3:::a","arn:aws:s3:::b"]"#));
    }

    #[test]
    fn two_conditions_of_one_operator_and_key_are_refused_and_never_joined() {
        let document = Document::new([Statement::allow(["s3:*"])
            .resource("*")
            .condition("StringLike", "aws:PrincipalTag/team", ["a"])
            .condition("StringLike", "aws:PrincipalTag/team", ["*"])]);
        let error = document.check(Kind::Identity).unwrap_err();
        assert!(matches!(error.reason(), Reason::DuplicateKey { .. }), "{error}");
    }

    #[test]
    fn an_empty_document_is_refused() {
        assert_eq!(Document::new([]).check(Kind::Identity).unwrap_err().reason(), &Reason::EmptyList);
    }
}

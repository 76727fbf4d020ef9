//! Trust in whoever holds a token from one issuer: the statement, its claims as conditions, and claims read back.
//! Never knows which claims an issuer makes: the kinds of trust do.
//!
//! Source: IAM user guide, "Create a role for OpenID Connect federation", "Available keys for AWS web identity
//! federation"; "IAM JSON policy elements: Condition operators".

use crate::home::Home;
use iam_policy::{PrincipalKind, Statement};
use std::collections::BTreeMap;
use tfplug::schema::Attr;

/// The claim for whom the token was made.
pub(super) const AUDIENCE: &str = "aud";

/// The claim of what the token was given to.
pub(super) const SUBJECT: &str = "sub";

/// Those who hold a token from the issuer in which each claim has one of its values.
pub(super) struct Holders<'a> {
    /// Host and path, without the scheme.
    pub(super) issuer: &'a str,
    /// Claim and allowed patterns, in the order of the policy.
    pub(super) claims: Vec<(&'a str, Vec<String>)>,
}

impl Holders<'_> {
    pub(super) fn statement(self, home: Home<'_>) -> Statement {
        let Self { issuer, claims } = self;
        let provider = format!("arn:{}:iam::{}:oidc-provider/{issuer}", home.partition, home.account_id);
        let statement =
            Statement::allow(["sts:AssumeRoleWithWebIdentity"]).principal(PrincipalKind::Federated, provider);
        claims.into_iter().fold(statement, |statement, (name, mut values)| {
            let mut seen = Vec::new();
            values.retain(|value| {
                !seen.contains(value) && {
                    seen.push(value.clone());
                    true
                }
            });
            // Exact texts are compared exactly: `StringLike` where nothing is a pattern would only invite one. Beside a
            // pattern they mean the same under it, for they have no wildcards.
            let operator =
                if values.iter().any(|value| is_pattern(value)) { "StringLike" } else { "StringEquals" };
            statement.condition(operator, format!("{issuer}:{name}"), values)
        })
    }
}

/// Whether `StringLike` would read a text as more than itself.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// An audience, which is compared as it stands.
///
/// # Errors
/// It is empty, or has wildcards or a policy variable.
pub(super) fn audience(text: &str) -> Result<(), String> {
    no_variable("An audience", text)?;
    match text.is_empty() || is_pattern(text) {
        true => Err(format!("An audience is compared as it stands, without wildcards; found {text:?}.")),
        false => Ok(()),
    }
}

/// Refuses what IAM would replace by something of the request.
///
/// # Errors
/// The text has `${` (IAM user guide, "IAM policy elements: Variables and tags").
pub(super) fn no_variable(what: &str, text: &str) -> Result<(), String> {
    match text.contains("${") {
        true => Err(format!(
            "{what} cannot have `${{`, which begins a policy variable: IAM would compare with something of the request \
             instead. Found {text:?}."
        )),
        false => Ok(()),
    }
}

/// The claims that a statement asks for, for the kinds of trust to recognize as theirs.
pub(super) struct Claims {
    /// Host and path, without the scheme.
    pub(super) issuer: String,
    by_name: BTreeMap<String, Vec<String>>,
}

impl Claims {
    pub(super) fn new(issuer: &str, by_name: BTreeMap<String, Vec<String>>) -> Self {
        Self { issuer: issuer.to_owned(), by_name }
    }

    /// The values of a claim; none if it is not asked for.
    pub(super) fn values(&self, name: &str) -> &[String] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// All claims but the audience.
    pub(super) fn others(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.by_name.iter().filter(|(name, _)| *name != AUDIENCE)
    }

    /// Whether no other claim is asked for.
    pub(super) fn are_among(&self, names: &[&str]) -> bool {
        self.by_name.keys().all(|name| names.contains(&name.as_str()))
    }

    /// The only value of a claim, null without the claim; nothing if it has several.
    pub(super) fn at_most_one(&self, name: &str) -> Option<Attr<String>> {
        match self.values(name) {
            [] => Some(Attr::Null),
            [value] => Some(Attr::Known(value.clone())),
            _ => None,
        }
    }

    /// The audience as an entry writes it: left out if it is the default.
    pub(super) fn audience(&self, default: &str) -> Option<Attr<String>> {
        match self.values(AUDIENCE) {
            [audience] if audience == default => Some(Attr::Null),
            [audience] => Some(Attr::Known(audience.clone())),
            _ => None,
        }
    }
}

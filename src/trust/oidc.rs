//! Trust in the holders of tokens from an OpenID Connect issuer.
//!
//! Source: IAM user guide, "Create a role for OpenID Connect federation", "Available keys for AWS web identity
//! federation".

use super::issuer;
use super::token::{AUDIENCE, Holders, audience, no_variable};
use crate::home::Home;
use iam_policy::Statement;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Map, Set, required};

object! {
    /// Holders of a token from one issuer, under one set of claims.
    pub struct OidcTrust {
        /// URL of the issuer, such as `https://agent.buildkite.com`. The account needs an IAM identity provider for it.
        pub issuer: String = required().check(issuer::check),
        /// Audiences of which the token must have one: the `aud` claim.
        pub audiences: Set<String> = required().check_each(audience),
        /// What the token must claim: claim name to allowed patterns, of which one must match; `*` and `?` are wildcards. Must bind the subject, `sub`. AWS passes on only some claims of some issuers; a condition on any other never matches.
        pub claims: Map<Set<String>> = required().check_keys(claim_name),
    }
}

fn claim_name(name: &str) -> Result<(), String> {
    if name.eq_ignore_ascii_case("aud") {
        return Err("The audience has an argument of its own: write it as `audiences`.".to_owned());
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || "_-./:".contains(character);
    match !name.is_empty() && name.chars().all(allowed) {
        true => Ok(()),
        false => Err(format!("A claim name consists of letters, digits and `_-./:`; found {name:?}.")),
    }
}

fn patterns(claim: &Attr<Set<String>>) -> Vec<&str> {
    claim.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known).map(String::as_str).collect()
}

/// A pattern that says nothing, since it has no letter of its own.
fn says_nothing(pattern: &str) -> bool {
    pattern.chars().all(|character| matches!(character, '*' | '?'))
}

pub(super) fn validate(entry: &OidcTrust, path: &Path, found: &mut Diagnostics) {
    if entry.audiences.known().is_some_and(|audiences| audiences.0.is_empty()) {
        let detail = "Without an audience, a token that was made for another service could be used here. Name the \
                      audience that the CI system asks for, such as `sts.amazonaws.com`.";
        found.push(Diagnostic::error("No audience", detail).at(path.join("audiences")));
    }
    let Attr::Known(claims) = &entry.claims else { return };
    if !claims.keys().any(|name| name.eq_ignore_ascii_case("sub")) {
        let detail = "Without the subject, every tenant of the issuer could assume the role; AWS refuses such roles \
                      for the issuers that it knows. Add `sub` with the pattern of your own organization, \
                      repository or pipeline.";
        found.push(Diagnostic::error("The subject is not bound", detail).at(path.join("claims")));
    }
    for (name, claim) in claims {
        let at = path.join("claims").key(name);
        if claim.known().is_some_and(|patterns| patterns.0.is_empty()) {
            let detail =
                format!("The claim `{name}` has no pattern, so no token could match. Add one, or remove it.");
            found.push(Diagnostic::error("A claim without patterns", detail).at(at.clone()));
        }
        for reason in patterns(claim).into_iter().filter_map(|pattern| no_variable("A claim", pattern).err())
        {
            found.push(Diagnostic::error("A policy variable in a claim", reason).at(at.clone()));
        }
        for pattern in patterns(claim).into_iter().filter(|pattern| says_nothing(pattern)) {
            let detail = format!(
                "The pattern {pattern:?} matches every value of `{name}`, and since one match is enough it makes the \
                 others void. Bind at least your own organization."
            );
            found.push(Diagnostic::error("A claim that says nothing", detail).at(at.clone()));
        }
    }
}

pub(super) fn statement(entry: &OidcTrust, home: Home<'_>) -> Statement {
    let issuer = issuer::name(entry.issuer.known().map(String::as_str).unwrap_or_default());
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let mut claims = vec![(AUDIENCE, owned(patterns(&entry.audiences)))];
    let others = entry.claims.known().into_iter().flatten();
    claims.extend(others.map(|(name, claim)| (name.as_str(), owned(patterns(claim)))));
    Holders { issuer, claims }.statement(home)
}

pub(super) fn summary(entry: &OidcTrust) -> String {
    let issuer = issuer::name(entry.issuer.known().map(String::as_str).unwrap_or_default());
    let subject = entry.claims.known().and_then(|claims| claims.get("sub")).map(patterns).unwrap_or_default();
    format!("{issuer}: tokens with subject {}", subject.join(" or "))
}

//! Conditions that nobody can meet: a wildcard where none is read, and keys that AWS does not send for this caller.
//!
//! Owns which keys come with which kind of caller. Never guesses: a key of which AWS's documentation does not say so may be
//! sent.
//!
//! Sources: IAM user guide, "AWS global condition context keys", "Available keys for AWS OIDC federation" and "IAM JSON
//! policy elements: Condition operators".

use crate::trust::acts_without_source;
use crate::trust::entrance::{Entrance, Who, is_exact, is_negated, is_wildcard};
use crate::trust::issuers;
use iam_policy::{Condition, Scalar};

/// Why a condition is never met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::guard) enum Unmet {
    /// Every value has a wildcard, and the operator reads none.
    Wildcard,
    /// The key does not come with this caller; why, as a clause.
    Key(&'static str),
}

/// The first condition that nobody who comes this way can meet.
pub(in crate::guard) fn first<'a>(entrance: &Entrance<'a>) -> Option<(&'a Condition, Unmet)> {
    entrance.statement.conditions.iter().find_map(|condition| Some((condition, of(entrance, condition)?)))
}

/// Why nobody who comes this way can meet a condition.
pub(in crate::guard) fn of(entrance: &Entrance<'_>, condition: &Condition) -> Option<Unmet> {
    if entrance.holds_without_key(condition) {
        return None;
    }
    if let Some(why) = never_sent(entrance.who, &condition.key) {
        return Some(Unmet::Key(why));
    }
    let all_wild = condition.values.iter().map(Scalar::to_text).all(|text| is_wildcard(&text));
    (all_wild && is_exact(&condition.operator) && !is_negated(&condition.operator)).then_some(Unmet::Wildcard)
}

/// Why a key is never sent for this caller, if it is not.
pub(in crate::guard) fn never_sent(who: Who<'_>, key: &str) -> Option<&'static str> {
    let key = key.to_ascii_lowercase();
    let (of_source, of_claim) = (is_of_source(&key), is_of_claim(&key));
    match who {
        Who::Anyone => None,
        Who::Issuer(issuer) => of_token(issuer, &key),
        _ if of_claim => Some("is a claim of a token, which this principal does not come with"),
        Who::Service(service) if of_source && acts_without_source(service) => {
            Some("is not sent by this service, which does not say for whom it acts")
        }
        Who::Service(_) if is_of_principal(&key) => Some("is not sent for AWS services"),
        Who::Aws(_) | Who::Saml(_) if of_source => {
            Some("is only sent when an AWS service acts for a resource")
        }
        _ => None,
    }
}

fn of_token(issuer: &str, key: &str) -> Option<&'static str> {
    if let Some(claim) = key.strip_prefix(&format!("{}:", issuer.to_ascii_lowercase())) {
        let known = issuers::passes_on(issuer, claim);
        return (!known).then_some("is a claim that AWS does not make a condition key of");
    }
    if is_of_claim(key) {
        return Some("is a claim of another issuer; the key begins with the whole issuer, path included");
    }
    let unsigned = key == "sts:externalid" || is_of_principal(key);
    match () {
        () if unsigned => {
            Some("is not sent where a token is exchanged, since nobody has signed in to AWS yet")
        }
        () if is_of_source(key) => Some("is only sent when an AWS service acts for a resource"),
        () => None,
    }
}

fn is_of_source(key: &str) -> bool {
    matches!(key, "aws:sourcearn" | "aws:sourceaccount" | "aws:sourceorgid" | "aws:sourceorgpaths")
}

fn is_of_principal(key: &str) -> bool {
    matches!(
        key,
        "aws:principalarn"
            | "aws:principalaccount"
            | "aws:principalorgid"
            | "aws:principalorgpaths"
            | "aws:multifactorauthpresent"
            | "aws:multifactorauthage"
            | "aws:username"
    ) || key.starts_with("aws:principaltag/")
}

/// Claims are named by their issuer, which is a host.
fn is_of_claim(key: &str) -> bool {
    key.split_once(':').is_some_and(|(issuer, _)| issuer.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: Who<'_> = Who::Issuer("token.actions.githubusercontent.com");

    #[test]
    fn sources_are_sent_for_services_only_and_not_by_all() {
        let role = Who::Aws("arn:aws:iam::111122223333:role/ci");
        for key in ["aws:SourceArn", "AWS:SOURCEACCOUNT", "aws:SourceOrgID", "aws:SourceOrgPaths"] {
            assert_eq!(never_sent(Who::Service("codebuild.amazonaws.com"), key), None, "{key}");
            for who in [role, GITHUB, Who::Service("ec2.amazonaws.com")] {
                assert!(never_sent(who, key).is_some(), "{key} {who:?}");
            }
        }
    }

    #[test]
    fn claims_are_sent_with_tokens_of_their_issuer_and_nobody_else() {
        assert_eq!(never_sent(GITHUB, "token.actions.githubusercontent.com:sub"), None);
        assert_eq!(never_sent(GITHUB, "Token.Actions.githubusercontent.com:Repository_ID"), None);
        for key in
            ["gitlab.com:sub", "token.actions.githubusercontent.com:event_name", "oidc.circleci.com:sub"]
        {
            assert!(never_sent(GITHUB, key).is_some(), "{key}");
        }
        assert!(never_sent(Who::Aws("111122223333"), "gitlab.com:sub").is_some());
    }

    #[test]
    fn a_token_comes_from_nobody_who_has_signed_in_to_aws() {
        for key in ["aws:PrincipalOrgID", "aws:PrincipalArn", "aws:PrincipalTag/team", "sts:ExternalId"] {
            assert!(never_sent(GITHUB, key).is_some(), "{key}");
            assert_eq!(never_sent(Who::Aws("111122223333"), key), None, "{key}");
        }
        for key in ["aws:RequestTag/team", "aws:TagKeys", "aws:SourceIp", "sts:RoleSessionName"] {
            assert_eq!(never_sent(GITHUB, key), None, "{key}");
        }
    }
}

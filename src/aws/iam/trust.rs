//! "Invalid principal in policy": AWS's one answer for a principal that is not known everywhere yet and for one that
//! does not exist.

use crate::aws::principals::named_principals;
use crate::aws::{Error, Kind};

/// Whether sending the same trust policy again can help.
pub(super) fn is_not_yet(error: &Error) -> bool {
    matches!(error.kind(), Kind::InvalidPrincipal | Kind::Conflict)
}

/// AWS names at most one principal, and sometimes none; so the error lists all that may be missing.
pub(super) fn missing_principal(error: Error, document: &str) -> Error {
    if error.kind() != Kind::InvalidPrincipal {
        return error;
    }
    let parsed = iam_policy::parse(document, iam_policy::Kind::Trust).ok();
    let principals = parsed.as_ref().map(named_principals).unwrap_or_default();
    let named = if principals.is_empty() { String::new() } else { format!(" ({})", principals.join(", ")) };
    error.advise(format!(
        "A role, user or session that the trust policy names as a principal{named} does not exist, was deleted, or \
         is not known everywhere yet. Check each ARN: case counts, and so does the path. For one that does not exist \
         yet, trust its account under a condition on aws:PrincipalArn."
    ))
}

//! Policy documents as this module needs them: the same or not, denying or not.

use iam_policy::{Effect, Kind, equal, parse};

/// Whether two identity policies mean the same. What cannot be parsed is the same only if it is spelt the same.
#[must_use]
pub fn same_policy(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (parse(a, Kind::Identity), parse(b, Kind::Identity)) {
        (Ok(a), Ok(b)) => equal(&a, &b),
        _ => false,
    }
}

/// Whether a policy takes something away, as far as can be told: one that cannot be parsed may.
pub(super) fn denies(document: &str) -> bool {
    parse(document, Kind::Identity)
        .map_or(true, |document| document.statements.iter().any(|statement| statement.effect == Effect::Deny))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}]}"#;
    const SAME: &str =
        r#"{"Statement":{"Resource":["*"],"Action":"s3:GetObject","Effect":"Allow"},"Version":"2012-10-17"}"#;
    const DENY: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;

    #[test]
    fn meaning_counts_and_not_spelling() {
        assert!(same_policy(ALLOW, SAME));
        assert!(!same_policy(ALLOW, DENY));
        assert!(same_policy("?", "?") && !same_policy("?", "!"));
    }

    #[test]
    fn a_deny_is_seen_and_the_unreadable_is_suspected() {
        assert!(denies(DENY) && denies("?") && !denies(ALLOW));
    }
}

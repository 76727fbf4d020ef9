//! Policy documents as this module needs them: the same or not, denying or not, denying less or not.

use iam_policy::{Document, Effect, Kind, Statement, equal, parse};

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

/// Whether `old` has a deny that `new` lacks, as far as can be told: what cannot be parsed may have any, or none.
pub(super) fn drops_deny(old: &str, new: &str) -> bool {
    let Ok(old) = parse(old, Kind::Identity) else { return !same_policy(old, new) };
    let Ok(new) = parse(new, Kind::Identity) else { return old.statements.iter().any(is_deny) };
    old.statements.iter().any(|statement| is_deny(statement) && !has(&new, statement))
}

/// `new`, and every deny of `old` that it lacks; `None` where one of the two cannot be parsed.
pub(super) fn with_denies_of(old: &str, new: &str) -> Option<String> {
    let (old, new) = (parse(old, Kind::Identity).ok()?, parse(new, Kind::Identity).ok()?);
    let kept = old.statements.iter().filter(|statement| is_deny(statement) && !has(&new, statement));
    // Names must differ in a document, so those that are kept have none.
    let statements: Vec<Statement> = new.statements.iter().cloned().chain(kept.map(nameless)).collect();
    Some(Document { version: new.version, ..Document::new(statements) }.to_json())
}

fn is_deny(statement: &Statement) -> bool {
    statement.effect == Effect::Deny
}

fn nameless(statement: &Statement) -> Statement {
    Statement { sid: None, ..statement.clone() }
}

fn has(document: &Document, statement: &Statement) -> bool {
    let alone = |statement: &Statement| Document::new([nameless(statement)]);
    document.statements.iter().any(|other| equal(&alone(other), &alone(statement)))
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

    #[test]
    fn a_deny_is_dropped_when_the_new_document_has_none_of_its_meaning() {
        let again = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
            {"Sid":"Named","Effect":"Deny","Action":["s3:*"],"Resource":["*"]}]}"#;
        let other = DENY.replace("s3:*", "sqs:*");
        assert!(!drops_deny(DENY, again) && !drops_deny(ALLOW, DENY));
        assert!(drops_deny(DENY, ALLOW) && drops_deny(DENY, &other) && drops_deny(DENY, "?"));
        assert!(drops_deny("?", DENY), "there may have been any deny");
        let both = with_denies_of(DENY, &other).unwrap();
        assert!(!drops_deny(DENY, &both) && !drops_deny(&other, &both), "{both}");
        assert!(same_policy(&with_denies_of(DENY, again).unwrap(), again));
    }
}

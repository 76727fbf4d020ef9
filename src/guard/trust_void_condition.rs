//! `trust-void-condition`: a condition that keeps nobody out, or that nobody can meet.

use super::finding::Finding;
use super::judged::Judged;
use super::trusting::unmet::{self, Unmet};
use super::{Level, Rule, trusting};
use crate::trust::entrance::{Entrance, Hold, Who, is_exact, is_negated, is_wildcard};
use iam_policy::{Condition, Scalar};

pub(super) const RULE: Rule = Rule {
    name: "trust-void-condition",
    level: Level::Deny,
    summary: "A condition of a trust policy keeps nobody out, or can be met by nobody",
    title: "Void condition",
    prose: "\
A condition of the trust policy does not do what it looks like. Either it keeps nobody out:

- `…IfExists`, `ForAllValues:` and `Null` = `true` hold when the key is missing. As the only condition on a claim, on \
`sts:ExternalId`, `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, a tag of the principal or \
`aws:MultiFactorAuthPresent` they let in whoever does not send it. Beside `Null` = `false` they are sound.
- `Null` = `false` alone only asks that there is some value. `*` asks for nothing at all.

Or nobody can meet it, and the role cannot be assumed this way:

- `StringEquals` takes `*` and `?` for letters. A pattern needs `StringLike`.
- The key does not come with that principal: `aws:SourceArn` and `aws:SourceAccount` are sent when an AWS service acts for \
a resource, not for roles and users, and not by every service (`ec2.amazonaws.com` does not); `aws:PrincipalOrgID` and \
`sts:ExternalId` are not sent with a token.
- The key is a claim of another issuer than the statement's. The whole issuer belongs to the key, with its path.
- AWS does not make a condition key of the claim. Of most issuers it passes on `sub`, `aud`, `amr` and `email`; of GitHub's \
claims also `actor`, `actor_id`, `enterprise_id`, `environment`, `job_workflow_ref`, `ref`, `repository`, `repository_id`, \
`repository_owner_id` and `workflow`, but not `event_name`, `repository_owner` or `runner_environment` (IAM User Guide, \
\"Available keys for AWS OIDC federation\"). What is wanted of the others has to be put into the subject at the issuer.

Failing closed is not harmless: it is usually mended in a hurry, by a wider pattern.

## What to write instead

`StringEquals` for exact values, `StringLike` for patterns, without `IfExists` and `ForAllValues:`, on keys that the caller \
sends. The typed entries of `trust` are written that way.
",
    yields: false,
    find,
};

/// Keys by which a trust policy tells callers apart, beside the claims of tokens.
const GUARDS: &[&str] = &[
    "sts:externalid",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:multifactorauthpresent",
    "aws:principalarn",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let mut named: Vec<&Condition> = Vec::new();
    for entrance in trusting::all(judged) {
        for condition in &entrance.statement.conditions {
            let Some(fault) = fault(&entrance, condition) else { continue };
            if !named.iter().any(|other| std::ptr::eq(*other, condition)) {
                named.push(condition);
                found.push(told(judged, &entrance, condition, &fault));
            }
        }
    }
}

/// What is wrong with a condition.
enum Fault {
    Unmet(&'static str),
    Wildcard(String),
    /// It holds without its key, which is always there: a claim that every token has.
    Careless,
    WithoutKey,
    Anything,
}

fn fault(entrance: &Entrance<'_>, condition: &Condition) -> Option<Fault> {
    if let Some(Unmet::Key(why)) = unmet::of(entrance, condition) {
        return Some(Fault::Unmet(why));
    }
    if is_exact(&condition.operator) {
        let mut texts = condition.values.iter().map(Scalar::to_text);
        if let Some(text) = texts.find(|text| is_wildcard(text)) {
            return Some(Fault::Wildcard(text));
        }
    }
    let key = condition.key.to_ascii_lowercase();
    if !is_guard(entrance.who, &key) || is_negated(&condition.operator) {
        return None;
    }
    match entrance.hold(&key, stranger(&key)) {
        Hold::Skippable if !entrance.holds_without_key(condition) => None,
        Hold::Skippable if is_subject_or_audience(entrance, &key) => Some(Fault::Careless),
        Hold::Skippable => Some(Fault::WithoutKey),
        // Wide patterns of subjects and audiences have rules of their own.
        Hold::Open if is_subject_or_audience(entrance, &key) => is_null(condition).then_some(Fault::Anything),
        Hold::Open => Some(Fault::Anything),
        Hold::None | Hold::Bound => None,
    }
}

fn is_guard(who: Who<'_>, key: &str) -> bool {
    let of_token = matches!(who, Who::Issuer(issuer) if key.strip_prefix(&issuer.to_ascii_lowercase()).is_some_and(|rest| rest.starts_with(':')));
    of_token || GUARDS.contains(&key) || key.starts_with("aws:principaltag/")
}

fn is_subject_or_audience(entrance: &Entrance<'_>, key: &str) -> bool {
    ["sub", "aud"].iter().any(|claim| entrance.claim(claim).eq_ignore_ascii_case(key))
}

fn is_null(condition: &Condition) -> bool {
    condition.operator.to_ascii_lowercase().ends_with("null")
}

/// A value of the key that nobody has in mind.
fn stranger(key: &str) -> &'static str {
    match key {
        "aws:multifactorauthpresent" => "false",
        "aws:principalarn" => "arn:aws:iam::999999999999:role/anybody",
        _ => "somebody-else",
    }
}

fn told(judged: &Judged<'_>, entrance: &Entrance<'_>, condition: &Condition, fault: &Fault) -> Finding {
    let Condition { operator, key, .. } = condition;
    let who = trusting::spoken(entrance.who);
    let sound = format!(
        "Write the operator without `IfExists` and `ForAllValues:`, or add `Null` = `false` on `{key}`."
    );
    let has = |what: String| format!("has the condition `{operator}` on `{key}`, {what}");
    let (says, witness, why, instead) = match fault {
        Fault::Unmet(why) => (
            has(format!("which {who} can never meet: the key {why}")),
            None,
            CLOSED,
            format!("Remove the condition on `{key}`, or ask for a key that is sent for {who}."),
        ),
        Fault::Wildcard(text) => (
            has(format!("which takes `{text}` letter by letter, its wildcards too")),
            None,
            CLOSED,
            "Write `StringLike` for a pattern, and the whole value for `StringEquals`.".to_owned(),
        ),
        Fault::Careless => (
            has("which also holds when the key is missing".to_owned()),
            None,
            "It does not insist on the claim that the trust hangs on, and AWS advises against that where something is allowed.",
            sound,
        ),
        Fault::WithoutKey => (
            has("which also holds when the key is missing".to_owned()),
            Some(format!("a caller who does not send `{key}`")),
            "It looks like a guard and is none: whoever leaves the key out gets in.",
            sound,
        ),
        Fault::Anything => (
            has("which holds for every value".to_owned()),
            witness_of_any(key),
            "It looks like a guard and is none: any value will do.",
            format!("Name the values of `{key}` that may come in."),
        ),
    };
    trusting::finding(judged, entrance, (says, witness), (why, instead))
}

/// A caller whom a condition that holds for every value keeps in; the principal's own ARN is bound by the principal.
fn witness_of_any(key: &str) -> Option<String> {
    let lower = key.to_ascii_lowercase();
    (lower != "aws:principalarn").then(|| format!("a caller whose `{key}` is `{}`", stranger(&lower)))
}

const CLOSED: &str =
    "The role cannot be assumed this way, and what fails closed is usually mended by opening it too far.";

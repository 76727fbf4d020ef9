//! `state-role-too-wide`: a state role that does more than reading and writing Terraform's state.

use super::finding::Finding;
use super::judged::{Judged, place_of};
use super::tags::letters;
use super::{Level, Rule, power, takeover, writes};
use crate::permissions::state::Access;
use crate::task::Task;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::{Condition, Scalar, Scope};

pub(super) const RULE: Rule = Rule {
    name: "state-role-too-wide",
    level: Level::Deny,
    summary: "A state role can do more than read and write Terraform's state",
    title: "State role is too wide",
    prose: "\
A role for `terraform-state` may do something else than reading and writing states, or read and write more than the \
states that it is for: every bucket, every table, every key, or what `permissions.state` does not name.

A state role is separate so that a backend's credentials are good for the backend alone. Every job that touches a state \
has them.

Accepted are reading, writing and deleting objects, items of the lock table, and using the key, all of them named, the key \
also by its alias (`kms:ResourceAliases`); and \
reading what a bucket or table is set to. Where `permissions.state` says which state that is, its key and its lock table \
are accepted under the conditions that it comes to, or narrower ones. Creating the bucket is not among them: that is done once, by somebody else.

## What to write instead

`permissions.state` has what it takes. In a policy written by hand, name the bucket, the table and the key.
",
    yields: true,
    find,
};

const ADVICE: [&str; 2] = [
    "Every job that touches a state has this role, so it should be good for the state alone.",
    "Declare `permissions.state`, which has what it takes, or name the bucket, the table and the key.",
];

/// What reading and writing states takes, and releasing locks.
const STATE: &[&str] = &[
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectTagging",
];

/// The services that keep a state.
const SERVICES: &[&str] = &["dynamodb", "kms", "s3"];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformState]) {
        return;
    }
    let is_declared = judged.state().is_some();
    let (subject, under_conditions) = judged.with_state(Access::Write);
    let counts = |grant: &Grant| {
        let is_state = STATE.contains(&grant.action.as_str());
        if is_state && !is_declared {
            !is_named(grant) && !is_of_alias(judged, grant)
        } else {
            power::counts(grant) && !judged.is_granted_as(grant, &under_conditions)
        }
    };
    let allowed = judged.allowed_if(&subject, is_more, counts);
    found.extend(allowed.iter().map(|one| Finding::allows(judged, one, ADVICE)));
    takeover::find(judged, found, ADVICE);
}

/// Whether an action may be more than a state takes.
fn is_more(action: &Action) -> bool {
    let tells = !writes::is_write(action) && !writes::is_secret(action);
    !tells || !(SERVICES.contains(&action.service()) || ["iam", "sts"].contains(&action.service()))
}

/// The condition keys of a key's aliases: those that it has, and the one that a request names it by.
const ALIASES: [&str; 2] = ["kms:ResourceAliases", "kms:RequestAlias"];

/// Whether a grant is of keys that the statement names by an alias: of those that have it, or where the request names
/// it. (AWS KMS Developer Guide, "Use aliases to control access to KMS keys".)
fn is_of_alias(judged: &Judged<'_>, grant: &Grant) -> bool {
    let place = place_of(grant).filter(|_| grant.action.starts_with("kms:"));
    let granting = judged.allows().iter().find(|allow| Some(allow.place) == place);
    let names_alias = |condition: &Condition| {
        let key = ALIASES.iter().any(|key| condition.key.eq_ignore_ascii_case(key));
        let operator = condition.operator.to_ascii_lowercase();
        let asks = ["stringequals", "stringlike"].contains(&operator.trim_start_matches("foranyvalue:"));
        let is_name = |value: String| {
            let name = value.strip_prefix("alias/").unwrap_or_default();
            !name.starts_with(['*', '?', '$']) && letters(name) > 1
        };
        key && asks && condition.values.iter().map(Scalar::to_text).all(is_name)
    };
    granting.is_some_and(|allow| allow.statement.conditions.iter().any(names_alias))
}

/// Whether a grant is of things that are named.
pub(super) fn is_named(grant: &Grant) -> bool {
    grant.unlisted == 0
        && matches!(&grant.resources, Scope::Only(all) if all.iter().all(|one| writes::is_named(one)))
}

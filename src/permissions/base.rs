//! What a planner reads when nobody says what its stacks contain: AWS's `ReadOnlyAccess`, less secrets and stored content.
//!
//! Owns the deny, and what is excepted from it.

use super::Permissions;
use super::api_gateway;
use super::select::is_secret;
use iam_policy::catalog::{self, Action, managed_policy, secrets};
use iam_policy::{ActionSet, Effect, Kind, Scope, Statement, expand_document, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tfplug::schema::Attr;

/// AWS's policy, which reads nearly everything, among it secrets, objects and rows. (AWS Managed Policy Reference,
/// "ReadOnlyAccess".)
const READ_ONLY: &str = "ReadOnlyAccess";

/// Whether a planner has the base: said so, or nothing else said what it reads.
pub(super) fn is_read_only(permissions: &Permissions) -> bool {
    match &permissions.base {
        Attr::Known(base) => base == "read-only",
        _ => permissions.services.is_null() && permissions.resource_types.is_null(),
    }
}

/// The ARN of the policy to attach.
pub(super) fn read_only_arn(partition: &str) -> String {
    format!("arn:{partition}:iam::aws:policy/{READ_ONLY}")
}

/// The secrets that AWS counts as writes and has in `ReadOnlyAccess` all the same, such as sessions of directory buckets.
static WRITTEN: LazyLock<ActionSet> = LazyLock::new(|| {
    let policy =
        managed_policy(READ_ONLY).ok().and_then(|policy| parse(policy.document(), Kind::Identity).ok());
    let allowed = policy.map(|document| expand_document(&document).allowed.actions).unwrap_or_default();
    allowed.iter().filter(|action| !action.level().is_read_only() && is_secret(action)).collect()
});

/// Whether the base may give an action's secrets away.
fn is_read(action: &Action) -> bool {
    is_secret(action) && (action.level().is_read_only() || WRITTEN.contains(action))
}

/// Denies what a policy that lists and reads may give away: every secret and all stored content that the catalogue
/// knows at these levels, also those that `ReadOnlyAccess` does not have today; and what AWS counts as a write and has
/// there. Excepted for an action is what `allowed`
/// names for that very action, AWS's own public parameters, such as the IDs of its machine images, and of API Gateway what
/// holds no keys.
///
/// What an action without resources gives away, such as `secretsmanager:BatchGetSecretValue`, is only excepted as a whole,
/// where `allowed` has that action: its requests are about `*`. (IAM User Guide, "IAM JSON policy elements: NotResource".)
pub(super) fn denied(allowed: &[Statement], partition: &str) -> Vec<Statement> {
    let public = format!("arn:{partition}:ssm:*::parameter/aws/service/*");
    let names = secrets::all().iter().map(|secret| secret.action);
    let secrets = names.filter_map(|name| catalog::action(name).ok());
    let mut groups: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for action in secrets.filter(|action| is_read(action)) {
        let name = action.to_string();
        let mut giving = allowed.iter().filter(|statement| gives(statement, &name));
        if !action.takes_resource() && giving.any(|statement| statement.conditions.is_empty()) {
            continue;
        }
        let mut excepted: BTreeSet<String> = giving.flat_map(resources).cloned().collect();
        if action.service() == "ssm" && action.takes_resource() {
            excepted.insert(public.clone());
        }
        if name == api_gateway::GET {
            excepted.extend(api_gateway::without_keys(partition));
        }
        groups.entry(excepted.into_iter().collect()).or_default().push(name);
    }
    let statement = |(excepted, names): (Vec<String>, Vec<String>)| {
        let mut statement = Statement::deny(names);
        if excepted.is_empty() {
            return statement.sid("NoSecrets").resource("*");
        }
        statement.resources = Some(Scope::Except(excepted.into_iter().collect()));
        statement
    };
    groups.into_iter().map(statement).collect()
}

fn gives(statement: &Statement, action: &str) -> bool {
    let names = statement.actions.inner().as_slice();
    statement.effect == Effect::Allow && names.iter().any(|name| name.eq_ignore_ascii_case(action))
}

fn resources(statement: &Statement) -> impl Iterator<Item = &String> {
    let listed = match &statement.resources {
        Some(Scope::Only(listed)) => listed.as_slice(),
        _ => &[],
    };
    listed.iter().filter(|resource| *resource != "*")
}

//! What a planner reads when nobody says what its stacks contain: AWS's `ReadOnlyAccess`, less secrets and stored content.
//!
//! Owns the deny, and what is excepted from it.

use super::Permissions;
use super::select::is_secret;
use iam_policy::catalog::{self, secrets};
use iam_policy::{Effect, Scope, Statement};
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

/// Denies what a policy that lists and reads may give away: every secret and all stored content that the catalogue
/// knows at these levels, also those that `ReadOnlyAccess` does not have today. Excepted is what `allowed` names for
/// such an action, and AWS's own public parameters, such as the IDs of its machine images.
///
/// What an action without resources gives away, such as `secretsmanager:BatchGetSecretValue`, is never excepted: its
/// requests are about `*`. (IAM User Guide, "IAM JSON policy elements: NotResource".)
pub(super) fn denied(allowed: &[Statement], partition: &str) -> Statement {
    let names = secrets::all().iter().map(|secret| secret.action);
    let denied = names.filter_map(|name| catalog::action(name).ok());
    let denied = denied.filter(|action| action.level().is_read_only() && is_secret(action));
    let mut statement = Statement::deny(denied.map(ToString::to_string)).sid("NoSecrets");
    let mut excepted = vec![format!("arn:{partition}:ssm:*::parameter/aws/service/*")];
    for resource in allowed.iter().filter(|statement| gives_secrets(statement)).flat_map(resources) {
        if !excepted.contains(resource) {
            excepted.push(resource.clone());
        }
    }
    statement.resources = Some(Scope::Except(excepted.into_iter().collect()));
    statement
}

fn gives_secrets(statement: &Statement) -> bool {
    let names = statement.actions.inner().as_slice().iter();
    statement.effect == Effect::Allow && names.filter_map(|name| catalog::action(name).ok()).any(is_secret)
}

fn resources(statement: &Statement) -> impl Iterator<Item = &String> {
    let listed = match &statement.resources {
        Some(Scope::Only(listed)) => listed.as_slice(),
        _ => &[],
    };
    listed.iter().filter(|resource| *resource != "*")
}

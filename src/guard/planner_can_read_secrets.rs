//! `planner-can-read-secrets`: a planner that reads secrets or stored content which nobody named.

use super::finding::Finding;
use super::judged::{Judged, accepting};
use super::planner_can_write::LOCK_FILES;
use super::{Level, Rule, writes};
use crate::permissions::api_gateway;
use crate::permissions::ecr_push::LOGIN;
use crate::permissions::is_repository;
use crate::permissions::state::Access;
use crate::task::Task;
use iam_policy::{Statement, Subject};
use tfplug::schema::Attr;

pub(super) const RULE: Rule = Rule {
    name: "planner-can-read-secrets",
    level: Level::Deny,
    summary: "A planner can read secrets or stored content that was not named",
    title: "Planner can read secrets",
    prose: "\
A planner may read credentials, values of secrets and parameters, decrypt, or read what buckets, tables, queues and logs \
hold, other than its own state and what `permissions.read_secrets` names.

A plan runs code that nobody has reviewed, and what it reads can leave with it. AWS counts all of this as reading: \
`ReadOnlyAccess` alone reads every object of every bucket, all states among them, every parameter and every table.

Configuration in which people keep secrets, such as environment variables of functions and user data of instances, is \
not found: no plan can do without. Keep secrets out of it.

## What to write instead

Use the provider's own base (`permissions = {}` on a planner is `ReadOnlyAccess` under a deny of all this), or put such \
a deny beside the policy that you have. Where a plan has to read a secret, name it:

```terraform
permissions = {
  state        = { bucket = \"acme-tfstate\", key_prefixes = [\"prod/\"] }
  read_secrets = [\"arn:aws:ssm:eu-west-1:111122223333:parameter/prod/public/*\"]
}
```
",
    yields: true,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformPlanner]) {
        return;
    }
    let (subject, under_conditions) = subject(judged);
    let allowed = judged.allowed_if(&subject, writes::is_secret, |grant| {
        match grant.action.as_str() {
            // Who takes the lock reads who has it.
            "s3:GetObject" => !writes::is_within(grant, &[LOCK_FILES]),
            _ => !judged.is_granted_as(grant, &under_conditions),
        }
    });
    found.extend(allowed.iter().map(|one| {
        let why = "A plan runs code that nobody has reviewed, and what it reads can leave with it.";
        let instead = "Name what a plan has to read in `permissions.read_secrets`, its state in `permissions.state`, and \
                       leave the rest out or deny it.";
        Finding::allows(judged, one, [why, instead])
    }));
}

/// The planner, with its state and the named secrets accepted; and what its state takes under conditions.
fn subject(judged: &Judged<'_>) -> (Subject, Vec<Statement>) {
    let (subject, under_conditions) = judged.with_state(Access::Read);
    // What a lock tells is no secret, and a deny cannot leave out some of a table's items.
    let is_lock =
        |statement: &Statement| statement.actions.inner().iter().any(|one| one == "dynamodb:GetItem");
    let (locks, under_conditions): (Vec<Statement>, Vec<Statement>) =
        under_conditions.into_iter().partition(is_lock);
    let subject = accepting(subject, &locks);
    let named = judged.role.permissions.and_then(|permissions| permissions.read_secrets.known());
    // The parameters that AWS publishes are nobody's secrets, and nobody else may have names that begin with `aws`. (AWS
    // Systems Manager User Guide, "Requirements and constraints for parameter names".)
    let public = format!("arn:{}:ssm:*:*:parameter/aws/service/*", judged.role.home.partition);
    let subject = subject.accept("ssm:*", public);
    let without_keys = api_gateway::without_keys(judged.role.home.partition).into_iter();
    let subject = without_keys.fold(subject, |subject, arn| subject.accept(api_gateway::GET, arn));
    let named = named.into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known));
    let subject = named.fold(subject, |subject, arn| match is_repository(arn) {
        true => subject.accept("*", arn).accept(LOGIN, "*"),
        false => subject.accept("*", arn),
    });
    (subject, under_conditions)
}

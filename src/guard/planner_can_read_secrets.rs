//! `planner-can-read-secrets`: a planner that reads secrets or stored content which nobody named.

use super::finding::Finding;
use super::judged::{Judged, accepting};
use super::planner_can_write::LOCK_FILES;
use super::{Level, Rule, writes};
use crate::permissions::state::{self, Access};
use crate::permissions::{PULL_TOKEN, is_repository};
use crate::task::Task;
use iam_policy::Subject;
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

/// Of API Gateway, what holds no API keys.
const WITHOUT_KEYS: &[&str] = &[
    "arn:*:apigateway:*::/account",
    "arn:*:apigateway:*::/apis*",
    "arn:*:apigateway:*::/domainnames*",
    "arn:*:apigateway:*::/restapis*",
    "arn:*:apigateway:*::/tags*",
    "arn:*:apigateway:*::/vpclinks*",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformPlanner]) {
        return;
    }
    let allowed = judged.allowed_if(&subject(judged), writes::is_secret, |grant| {
        match grant.action.as_str() {
            "apigateway:GET" => !writes::is_within(grant, WITHOUT_KEYS),
            // Who takes the lock reads who has it.
            "s3:GetObject" => !writes::is_within(grant, &[LOCK_FILES]),
            _ => true,
        }
    });
    found.extend(allowed.iter().map(|one| {
        let why = "A plan runs code that nobody has reviewed, and what it reads can leave with it.";
        let instead = "Name what a plan has to read in `permissions.read_secrets`, its state in `permissions.state`, and \
                       leave the rest out or deny it.";
        Finding::allows(judged, one, [why, instead])
    }));
}

/// The planner, with its state and the named secrets accepted.
fn subject(judged: &Judged<'_>) -> Subject {
    let subject = match judged.state() {
        Some(section) => {
            accepting(judged.subject(), &state::statements(section, Access::Read, judged.role.home))
        }
        None => judged.subject(),
    };
    let named = judged.role.permissions.and_then(|permissions| permissions.read_secrets.known());
    // The parameters that AWS publishes are nobody's secrets.
    let public = format!("arn:{}:ssm:*::parameter/aws/service/*", judged.role.home.partition);
    let subject = subject.accept("ssm:*", public);
    let named = named.into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known));
    named.fold(subject, |subject, arn| match is_repository(arn) {
        true => subject.accept("*", arn).accept(PULL_TOKEN, "*"),
        false => subject.accept("*", arn),
    })
}

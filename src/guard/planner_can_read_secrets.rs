//! `planner-can-read-secrets`: a planner that reads secrets or stored content which nobody named.

use super::finding::Finding;
use super::judged::{Judged, accepting};
use super::{Level, Rule, writes};
use crate::permissions::state::{self, Access};
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

/// What holds no secrets of anybody's: the parameters that AWS publishes, and of API Gateway everything but API keys.
const PUBLIC: &[(&str, &str)] = &[
    ("ssm:*", "arn:*:ssm:*::parameter/aws/service/*"),
    ("apigateway:GET", "arn:*:apigateway:*::/account"),
    ("apigateway:GET", "arn:*:apigateway:*::/apis*"),
    ("apigateway:GET", "arn:*:apigateway:*::/domainnames*"),
    ("apigateway:GET", "arn:*:apigateway:*::/restapis*"),
    ("apigateway:GET", "arn:*:apigateway:*::/tags*"),
    ("apigateway:GET", "arn:*:apigateway:*::/vpclinks*"),
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if judged.policies_of(&[Task::TerraformPlanner]).is_none() {
        return;
    }
    let allowed = judged.allowed(&subject(judged), writes::is_secret);
    found.extend(allowed.iter().map(|one| {
        let why = "A plan runs code that nobody has reviewed, and what it reads can leave with it.";
        let instead = "Name what a plan has to read in `permissions.read_secrets`, its state in `permissions.state`, and \
                       leave the rest out or deny it.";
        Finding::allows(judged, one, [why, instead])
    }));
}

/// The planner, with its state and the named secrets accepted.
fn subject(judged: &Judged<'_>) -> Subject {
    let public = PUBLIC.iter();
    let subject =
        public.fold(judged.subject(), |subject, (action, resource)| subject.accept(*action, *resource));
    let subject = match judged.state() {
        Some(section) => accepting(subject, &state::statements(section, Access::Read, judged.role.home)),
        None => subject,
    };
    let named = judged.role.permissions.and_then(|permissions| permissions.read_secrets.known());
    let named = named.into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known));
    named.fold(subject, |subject, arn| subject.accept("*", arn))
}

//! `pass-role-unscoped`: a role that can hand any role to any service.

use super::finding::{Finding, allows};
use super::judged::Judged;
use super::power::PASS_ROLE;
use super::{Level, Rule, writes};
use crate::task::Task;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::{Context, Pattern, Scope};

pub(super) const RULE: Rule = Rule {
    name: "pass-role-unscoped",
    level: Level::Deny,
    summary: "A role can hand any role to any service",
    title: "Any role can be handed over",
    prose: "\
`iam:PassRole` is allowed on every role, without a condition on the service that gets it.

Whoever hands a role to a service can use what the role may do: start an instance or a function with it, and take its \
credentials there. With `iam:PassRole` on `*`, that is the strongest role of the account.

A statement is accepted when it names roles, by name or path, or when `iam:PassedToService` limits it to certain \
services. A pattern that begins with a wildcard names a role by three letters or digits at least. Name both where you can. A condition on a tag of the role counts as naming it.

## What to write instead

```terraform
permissions = {
  pass_roles = [{
    role_arns = [\"arn:aws:iam::111122223333:role/app/*\"]
    services  = [\"lambda.amazonaws.com\"]
  }]
}
```
",
    yields: true,
    find,
};

/// A service that nobody names, and a role that nobody names.
const SERVICE: &str = "any-other.amazonaws.com";
const ROLE: &str = "role/any-other-51c0ffee";

/// How many letters and digits of a name a pattern has at least that begins with a wildcard.
const SHORTEST_NAME: usize = 3;

/// Whether a pattern of ARNs holds so much of a name that it is one: `role/*p*` is nearly every role.
fn says_a_name(arn: &str) -> bool {
    let Some((_, name)) = arn.split_once(":role/") else { return false };
    let letters = name.chars().filter(|character| character.is_alphanumeric()).count();
    writes::is_named(arn) || letters >= SHORTEST_NAME
}

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let tasks = [Task::TerraformApplier, Task::AmiBuilder, Task::Custom];
    if !judged.is_known_for(&tasks) {
        return;
    }
    let home = judged.role.home;
    let role = format!("arn:{}:iam::{}:{ROLE}", home.partition, home.account_id);
    let is_any = |grant: &Grant| {
        let reaches = |all: &[String]| all.iter().any(|one| Pattern::new(one).matches(&role));
        match &grant.resources {
            Scope::Only(all) => reaches(all) || !all.iter().all(|one| says_a_name(one)),
            Scope::Except(all) => !reaches(all),
        }
    };
    let conditions = judged.allows().iter().flat_map(|allow| &allow.statement.conditions);
    let tags = conditions.filter(|condition| condition.key.to_ascii_lowercase().contains(":resourcetag/"));
    let context = Context::partial().with("iam:PassedToService", [SERVICE]);
    let context = tags.fold(context, |context, condition| context.without(&condition.key));
    let wanted = |action: &Action| action.to_string() == PASS_ROLE;
    let allowed = judged.allowed_if(&judged.subject().context(context), wanted, is_any);
    found.extend(allowed.into_iter().map(|one| {
        let why = "Whoever hands a role to a service can use what the role may do, and this is any role.";
        let instead = "Name roles and services in `permissions.pass_roles`, or limit the statement's `Resource` and add a \
                       condition on `iam:PassedToService`.";
        let allows = allows(one.witness.as_ref());
        let says = format!("{allows} `{PASS_ROLE}` on every role, to every service");
        Finding::about(judged, one.place, &says, [why, instead])
    }));
}

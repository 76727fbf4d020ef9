//! `pass-role-unscoped`: a role that can hand any role to any service.

use super::finding::{Finding, allows};
use super::judged::{ANY_OTHER, Judged};
use super::power::PASS_ROLE;
use super::{Level, Rule, writes};
use crate::task::Task;
use crate::trust::entrance::{is_exact, is_wildcard};
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::pattern::{Search, find as search};
use iam_policy::{Context, Pattern, Scalar, Scope};

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
services. A pattern of roles that begins with a wildcard, and any pattern of services, needs three letters or digits of a \
name at least, variables aside. Name both where you can. A condition on the value of a role's tag counts as naming it.

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

/// The condition key of the service that gets the role.
const SERVICE: &str = "iam:PassedToService";

/// A service that nobody names.
const ANY_SERVICE: &str = "any-other.amazonaws.com";

/// How many letters and digits of a name a pattern has at least.
const SHORTEST_NAME: usize = 3;

/// Whether a pattern of ARNs holds so much of a name that it is one: `role/*p*` is nearly every role.
fn says_a_name(arn: &str) -> bool {
    let Some((_, name)) = arn.split_once(":role/") else { return false };
    writes::is_named(arn) || letters(name) >= SHORTEST_NAME
}

/// How many letters and digits stand there, variables aside, which may be anything.
fn letters(text: &str) -> usize {
    let mut pieces = text.split("${");
    let first = pieces.next().unwrap_or_default();
    let behind = pieces.map(|piece| piece.split_once('}').map_or("", |(_, behind)| behind));
    let all = std::iter::once(first).chain(behind).flat_map(str::chars);
    all.filter(|character| character.is_alphanumeric()).count()
}

/// Services that nobody names: any other, and those that conditions let in without saying a name, as `e*` does.
fn services(judged: &Judged<'_>) -> Vec<String> {
    let conditions = judged.allows().iter().flat_map(|allow| &allow.statement.conditions);
    let about_services =
        conditions.filter(|one| one.key.eq_ignore_ascii_case(SERVICE) && !is_exact(&one.operator));
    let values = about_services.flat_map(|one| one.values.iter().map(Scalar::to_text));
    let says_no_name = |pattern: &String| {
        let name = pattern.split('.').next().unwrap_or_default();
        is_wildcard(name) && letters(name) < SHORTEST_NAME
    };
    let of_pattern = |pattern: String| match search(&[&Pattern::new(&pattern)], &[]) {
        Search::Found(service) => Some(service),
        Search::Empty | Search::TooHard => None,
    };
    let open = values.filter(says_no_name).filter_map(of_pattern);
    std::iter::once(ANY_SERVICE.to_owned()).chain(open).collect()
}

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let tasks = [Task::TerraformApplier, Task::AmiBuilder, Task::Custom];
    if !judged.is_known_for(&tasks) {
        return;
    }
    let home = judged.role.home;
    let role = home.role_arn("/", ANY_OTHER);
    let is_any = |grant: &Grant| {
        let reaches = |all: &[String]| all.iter().any(|one| Pattern::new(one).matches(&role));
        match &grant.resources {
            Scope::Only(all) => reaches(all) || !all.iter().all(|one| says_a_name(one)),
            Scope::Except(all) => !reaches(all),
        }
    };
    let services = services(judged);
    let cases = services
        .iter()
        .flat_map(|service| judged.on_anything(&Context::partial().with(SERVICE, [service.as_str()])));
    let cases = cases.map(|context| judged.subject().context(context));
    let wanted = |action: &Action| action.to_string() == PASS_ROLE;
    let allowed = judged.allowed_in_any(cases, wanted, is_any);
    found.extend(allowed.into_iter().map(|one| {
        let why = "Whoever hands a role to a service can use what the role may do, and this is any role.";
        let instead = "Name roles and services in `permissions.pass_roles`, or limit the statement's `Resource` and add a \
                       condition on `iam:PassedToService`.";
        let allows = allows(one.witness.as_ref());
        let says = format!("{allows} `{PASS_ROLE}` on every role, to every service");
        Finding::about(judged, one.place, &says, [why, instead])
    }));
}

//! `pass-role-unscoped`: a role that can hand any role to any service.

use super::finding::{Finding, allows};
use super::judged::{ANY_OTHER, Judged, joined};
use super::power::PASS_ROLE;
use super::role::Content;
use super::tags::letters;
use super::{Level, Rule, writes};
use crate::task::Task;
use crate::trust::entrance::is_exact;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::pattern::{self, Search};
use iam_policy::{Context, Pattern, Scalar, Scope};
use std::collections::BTreeSet;

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
services. A pattern of roles that begins with a wildcard needs three letters or digits of a name at least, and one of \
services two, the common end and variables aside. Name both where you can. A condition on the value of a role's tag counts \
as naming it.

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

/// How the names of services end.
const DOMAIN: &str = ".amazonaws.com";

/// How many letters and digits of a name a pattern has at least, of a role that it names and of a service: `s3*`.
const SHORTEST_NAME: usize = 3;
const SHORTEST_SERVICE: usize = 2;

/// Whether a pattern of ARNs holds so much of a name that it is one: `role/*p*` is nearly every role.
fn says_a_name(arn: &str) -> bool {
    let Some((_, name)) = arn.split_once(":role/") else { return false };
    writes::is_named(arn) || letters(name) >= SHORTEST_NAME
}

/// Whether a pattern of services holds so much of a name that it is one; their common end is none.
fn says_a_service(pattern: &str) -> bool {
    let mut pieces = pattern.trim_end_matches(".cn").split(['*', '?']);
    let first = pieces.next().unwrap_or_default();
    let first = first.strip_suffix(DOMAIN).unwrap_or(first);
    let of_name = |piece: &&str| !DOMAIN.contains(*piece);
    let rest = pieces.map(|piece| piece.strip_suffix(DOMAIN).unwrap_or(piece)).filter(of_name);
    letters(first) + rest.map(letters).sum::<usize>() >= SHORTEST_SERVICE
}

/// Services that nobody names: one that no condition has in mind, and those that conditions have that say no name, as
/// `e*` does.
fn services(judged: &Judged<'_>) -> BTreeSet<String> {
    let documents =
        judged.role.policies.iter().chain(&judged.role.boundary).filter_map(|policy| match &policy.content {
            Content::Known(document) => Some(document),
            _ => None,
        });
    let conditions =
        documents.flat_map(|document| document.statements.iter()).flat_map(|one| &one.conditions);
    let about_services = conditions.filter(|one| one.key.eq_ignore_ascii_case(SERVICE));
    let values = about_services.flat_map(|one| {
        let pattern = |text: String| match is_exact(&one.operator) {
            true => (true, Pattern::literal(&text)),
            false => (says_a_service(&text), Pattern::new(&text)),
        };
        one.values.iter().map(Scalar::to_text).map(pattern)
    });
    let domains = [DOMAIN, ".amazonaws.com.cn", ""].map(|end| Pattern::new(&format!("?*{end}")));
    let (named, open): (Vec<_>, Vec<_>) = values.partition(|(is_named, _)| *is_named);
    let search = |all: &[&Pattern], none: &[&Pattern]| {
        domains.iter().find_map(|domain| match pattern::find(&[all, &[domain]].concat(), none) {
            Search::Found(service) => Some(service),
            Search::Empty | Search::TooHard => None,
        })
    };
    let all: Vec<&Pattern> = named.iter().chain(&open).map(|(_, pattern)| pattern).collect();
    let named: Vec<&Pattern> = named.iter().map(|(_, pattern)| pattern).collect();
    let of_pattern = open.iter().filter_map(|(_, pattern)| search(&[pattern], &named));
    of_pattern.chain(search(&[], &all)).collect()
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
    let anything = judged.towards_anything();
    let cases = services(judged).into_iter().map(|service| {
        let context = Context::partial().with(SERVICE, [service.as_str()]);
        judged.subject().context(anything.untagged(context))
    });
    let wanted = |action: &Action| action.to_string() == PASS_ROLE;
    let allowed = cases.flat_map(|subject| anything.allowed_if(&subject, wanted, is_any));
    found.extend(joined(allowed).into_iter().map(|one| {
        let why = "Whoever hands a role to a service can use what the role may do, and this may be any role.";
        let instead = "Name roles and services in `permissions.pass_roles`, or limit the statement's `Resource` and add a \
                       condition on `iam:PassedToService`.";
        let allows = allows(one.witness.as_ref());
        let says = format!("{allows} `{PASS_ROLE}` on roles and to services that it does not name");
        Finding::about(judged, one.place, &says, [why, instead])
    }));
}

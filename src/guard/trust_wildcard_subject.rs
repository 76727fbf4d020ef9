//! `trust-wildcard-subject`: a pattern of subjects that other tenants match.

use super::finding::Finding;
use super::judged::Judged;
use super::trusting::subject::{self, Subject};
use super::{Level, Rule, trusting};
use crate::trust::entrance::Who;

pub(super) const RULE: Rule = Rule {
    name: "trust-wildcard-subject",
    level: Level::Deny,
    summary: "A pattern of subjects in a trust policy also matches those of other tenants",
    title: "Subject too wide",
    prose: "\
A statement asks for the subject of a token by a pattern whose wildcard comes before the name of the tenant has ended: \
`*`, `repo:*`, `repo:acme*`, `repo:acme*/infra:*`, `project_path:*`, `organization:*`.

`repo:acme*` is meant to be everything of `acme`, and is also `repo:acme-evil/anything`, an organization that anybody can \
make within a minute. The name has to stand there whole, with what ends it: `repo:acme/*`. The same goes for the \
identifiers in GitHub's newer subjects: `repo:acme@*/…` trusts whoever takes the name `acme` after it was given up.

A pattern is judged together with the other conditions: `repo:*` beside `repository_owner_id` of your organization is not \
open to others. `job_workflow_ref` is no such condition, since others can call a public workflow.

For an issuer of one tenant (CircleCI, Bitbucket, Spacelift, hosts of your own) the rule only names patterns that say \
nothing, such as `*` and `repo:*`, or begin with a wildcard.

## What to write instead

The whole name of the organization or group at least: `repo:acme/*`, `project_path:acme/*`, `organization:acme:*`. An \
applier needs more than that: see `applier-trusts-unreviewed-code`.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for entrance in trusting::passable(judged) {
        let Who::Issuer(issuer) = entrance.who else { continue };
        let Subject::Wide(pattern, witness) = subject::of(&entrance) else { continue };
        let sub = entrance.claim("sub");
        let (why, instead) = if subject::is_shared(&entrance, issuer) {
            (
                "The issuer signs for all of its customers, and a name that begins like yours is free to take.",
                "Write the whole name of your organization, up to the `/` or `:` that ends it, before the first wildcard.",
            )
        } else {
            (
                "The pattern says no more than the issuer does: any project, repository or workload of it gets in.",
                "Name the project, repository or namespace before the first wildcard.",
            )
        };
        found.push(trusting::finding(
            judged,
            &entrance,
            (
                format!("takes tokens from `{issuer}` whose `{sub}` is like `{pattern}`"),
                Some(format!("a token with `sub` = `{witness}`")),
            ),
            (why, instead.to_owned()),
        ));
    }
}

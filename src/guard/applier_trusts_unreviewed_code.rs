//! `applier-trusts-unreviewed-code`: a role that changes things, in the hands of whoever can push a branch.

use super::finding::Finding;
use super::judged::Judged;
use super::trusting::subject::{self, Subject};
use super::{Level, Rule, trusting};
use crate::task::Task;
use crate::trust::entrance::{Compared, Entrance, Who, ways};
use crate::trust::unreviewed::{Unreviewed, through};
use iam_policy::Pattern;
use iam_policy::pattern::{Search, find as search};

pub(super) const RULE: Rule = Rule {
    name: "applier-trusts-unreviewed-code",
    level: Level::Deny,
    summary: "An applier or a state role can be assumed by code that nobody has reviewed",
    title: "Unreviewed code",
    prose: "\
The trust policy of an applier, a provisioner or a state role lets in pull requests, any branch or tag, the planning \
phase of a run, or whatever repository somebody makes next.

Whoever can open a pull request then applies what they like: the review comes after the fact. A state role counts because \
the state decides what the next apply destroys, and holds secrets. Builders and invokers build and start what was pushed, \
so they are not judged here.

What counts as unreviewed:

| issuer | subjects |
| --- | --- |
| GitHub | `…:pull_request`; `…:ref:refs/heads/*` and any pattern of branches, for whoever pushes chooses the name; the same of \
tags; `…:environment:*` and any pattern of environments; subjects put together by the organization that name neither branch \
nor environment. Old and new form (`repo:acme@1/infra@2:…`) alike |
| GitLab | `…:ref_type:branch:ref:*`, `…:ref_type:tag:ref:*` and patterns of them; `…:ref_type:*:ref:main`, which is also a tag \
of that name; merge requests run on branches |
| HCP Terraform | `…:run_phase:plan` |
| Buildkite | `…:ref:refs/heads/*` |
| CircleCI | subjects that name no `vcs-ref`, and patterns of it |
| Bitbucket | subjects without a deployment environment: no branch is in them |
| Spacelift | `…:scope:read`, and external IDs that end in `@read` |

Besides, patterns of repositories, projects, pipelines and workspaces: `repo:acme/*:ref:refs/heads/main` is also the \
`main` of a repository that any member of the organization makes next, with nobody to review it; the same goes for \
`project_path:acme/*:…`, `…:project:*:workspace:*:run_phase:apply` and stacks of any space. Every workspace of a project \
that is named, and every stack of such a space, is accepted: who may create one there is decided there. So is a \
repository that a condition on `repository` or `repository_id` names.

A subject of an environment that is named counts as reviewed, because its protection rules say which branches may use it: \
they have to be set. A pattern of environments does not: a job that names a new environment makes it, without rules. A \
branch or tag that is named counts: it has to be protected. `ref` and `environment` of GitHub's tokens, named as well, keep \
unreviewed code out beside a wide subject. `actor` does not: one actor runs many branches. Neither does `job_workflow_ref`: a reusable \
workflow can be called from any branch, and checks out the code of that branch. A workflow that runs on `pull_request_target` has the subject of the branch that the pull request \
is for, and passes; it must not check out the pull request's code.

AWS principals other than Spacelift's are not judged: what they run is not in the policy. An applier that trusts the runner's \
planner is `planner-can-escalate`'s business.

## What to write instead

The branch or the environment that is reviewed, for example

```hcl
trust = {
  github = [{ repository = \"acme/infra-live\", environments = [\"production\"] }]
}
```

In an account runner, `trust` holds the reviewed refs, and the planner's wider trust is derived from it.
",
    yields: false,
    find,
};

const WHY: &str =
    "Whoever can push a branch or open a pull request changes production, before anybody has looked.";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_for(&[Task::TerraformApplier, Task::TerraformState]) {
        return;
    }
    for entrance in trusting::passable(judged) {
        match entrance.who {
            Who::Issuer(issuer) => {
                // What is open to strangers has rules of its own, which say more.
                if subject::of(&entrance) == Subject::Bound
                    && let Some(way_in) = through(&entrance)
                {
                    found.push(by_token(judged, &entrance, issuer, &way_in));
                }
            }
            Who::Aws(name) => found.extend(by_principal(judged, &entrance, name)),
            _ => {}
        }
    }
}

fn by_token(judged: &Judged<'_>, entrance: &Entrance<'_>, issuer: &str, way_in: &Unreviewed) -> Finding {
    let Unreviewed { pattern, subject, holder, .. } = way_in;
    let sub = entrance.claim("sub");
    let says = match pattern.as_str() {
        "*" => format!("takes tokens from `{issuer}` with any `{sub}`, also that of {holder}"),
        pattern => {
            format!("takes tokens from `{issuer}` whose `{sub}` is like `{pattern}`, also that of {holder}")
        }
    };
    let instead = "Name the repository or workspace, and the branch, tag or environment that is reviewed or the run phase \
                   `apply`; leave the rest to the planner.";
    let token = format!("a token with `sub` = `{subject}`");
    trusting::finding(judged, entrance, (says, Some(token)), (WHY, instead.to_owned()))
}

fn by_principal(judged: &Judged<'_>, entrance: &Entrance<'_>, name: &str) -> Option<Finding> {
    let asked = ways(entrance, "sts:ExternalId");
    let id = asked.iter().find_map(|way| read_only_run(way))?;
    let says = format!("trusts `{name}` with external IDs of proposed runs");
    let witness = format!("a run whose external ID is `{id}`");
    let instead =
        "End the external ID with `@write`, which Spacelift sends for runs that change something.".to_owned();
    Some(trusting::finding(judged, entrance, (says, Some(witness)), (WHY, instead)))
}

/// The external ID that Spacelift's AWS integration sends for a run that only reads, `account@integration@stack@read`
/// (Spacelift documentation, "AWS integration"), if the patterns are of that form and take it.
fn read_only_run(way: &[Compared]) -> Option<String> {
    if !way.iter().all(|value| value.text.contains('@')) {
        return None;
    }
    let form = Pattern::new("?*@?*@?*@read");
    let all: Vec<&Pattern> = way.iter().map(|value| &value.pattern).chain([&form]).collect();
    match search(&all, &[&Pattern::new("*@*@*@*@*")]) {
        Search::Found(id) => Some(id),
        Search::Empty | Search::TooHard => None,
    }
}

//! `planner-can-escalate`: a planner that can give itself, or become, more than a planner.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule, power, takeover};
use crate::task::Task;

pub(super) const RULE: Rule = Rule {
    name: "planner-can-escalate",
    level: Level::Deny,
    summary: "A planner can write permissions or trust, hand over or assume stronger roles",
    title: "Planner can escalate",
    prose: "\
A planner may change permissions or trust in IAM, make credentials, hand a role to a service (`iam:PassRole`), or assume \
a role that is stronger than a planner. The runner's other roles are looked at as well: a planner must neither change \
them nor be trusted by them.

A plan runs code that nobody has reviewed. If that code can turn into the applier, or write itself a policy, the review \
protects nothing. `iam:PassRole` stands in many published policies for plans; no plan needs it.

`sts:AssumeRole` is accepted where it names roles, so that one planner can look into other accounts: roles that are named \
whole and whose names do not say that they change things (`…-applier`, `…-admin`, `OrganizationAccountAccessRole`), or \
patterns whose names end in `planner`, `-plan`, `readonly`, `read-only` or `-ro`.

## What to write instead

Take these actions out of the planner's policies; the applier is there for them. For plans in other accounts, give each \
account a planner and name these: `arn:aws:iam::*:role/acme-terraform-planner`.
",
    yields: true,
    find,
};

const ADVICE: [&str; 2] = [
    "A plan runs code that nobody has reviewed, and with this it makes itself as strong as it likes.",
    "Leave these actions to the applier, and let no stronger role trust the planner. In other accounts, let it assume \
     their planners by name.",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformPlanner]) {
        return;
    }
    let allowed = judged.allowed_if(&judged.subject(), power::is_power, power::counts);
    found.extend(allowed.iter().map(|one| Finding::allows(judged, one, ADVICE)));
    takeover::find(judged, found, ADVICE);
}

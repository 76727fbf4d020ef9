//! `builder-can-escalate`: a builder that can give itself, or become, more than a builder.

use super::finding::Finding;
use super::judged::Judged;
use super::power::{PASS_ROLE, counts_for_builder, is_power};
use super::{Level, Rule, building, takeover, writes};
use crate::task::Task;
use iam_policy::catalog::{AccessLevel, Action};

pub(super) const RULE: Rule = Rule {
    name: "builder-can-escalate",
    level: Level::Deny,
    summary: "A builder can write permissions or trust, hand over or assume stronger roles",
    title: "Builder can escalate",
    prose: "\
A builder may change permissions, in IAM or in the policy of a bucket, key or repository, make credentials, or assume a \
role that is stronger than a builder. A builder of container images may not hand over roles at all; one of machine images \
may hand the instance that it starts a role that is named. The runner's other roles are looked at as well.

A build runs whatever the code and its dependencies bring along: installers, package hooks, base images. It must not be \
able to become more than a build.

`sts:AssumeRole` is accepted where it names roles whose names do not say that they are stronger, so that one builder can \
push to several accounts.

## What to write instead

Use `permissions.ecr_push` or `permissions.ami_build`, which allow what a build takes and nothing else, and take these \
actions out of policies written by hand.
",
    yields: true,
    find,
};

const ADVICE: [&str; 2] = [
    "A build runs what its dependencies bring along, and with this they make themselves as strong as they like.",
    "Take these actions out; `permissions.ecr_push` and `permissions.ami_build` have what a build takes.",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(building::BUILDERS) {
        return;
    }
    let passes = judged.role.task == Task::AmiBuilder;
    let wanted = |action: &Action| match action.to_string().as_str() {
        // Which roles may be handed over, `pass-role-unscoped` asks.
        PASS_ROLE => !passes,
        name => {
            let opens = action.level() == AccessLevel::PermissionsManagement && writes::is_write(action);
            is_power(action) || (opens && !building::is_sharing(name))
        }
    };
    let allowed = building::allowed(judged, |_| true, wanted, counts_for_builder);
    found.extend(allowed.iter().map(|one| Finding::allows(judged, one, ADVICE)));
    takeover::find(judged, found, ADVICE);
}

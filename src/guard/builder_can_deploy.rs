//! `builder-can-deploy`: a builder that changes what runs.

use super::finding::{Finding, allows, listed};
use super::judged::{Judged, answer, state_of};
use super::role::Role;
use super::{Level, Rule, building, writes};
use crate::permissions::state::{self, Access};
use crate::task::Task;
use iam_policy::catalog::Action;
use iam_policy::{Effect, Pattern, Scope};

pub(super) const RULE: Rule = Rule {
    name: "builder-can-deploy",
    level: Level::Deny,
    summary: "A builder can change something other than images, packages and its own build",
    title: "Builder can deploy",
    prose: "\
A builder may change something that is no part of a build: services, functions, instances that it did not start, \
databases, any bucket, or the state of the runner's Terraform.

A build runs whatever the code and its dependencies bring along. It makes what others deploy later, after a review. A \
builder that can deploy skips it.

Accepted are images and packages (Amazon ECR, CodeArtifact, Signer), the build's own log, report and network interface, \
use of keys, objects of a bucket and parameters that are named; for machine images also what starts the build's \
instance, and EC2 Image Builder. Stopping, terminating and changing instances, volumes and security groups, and commands on \
instances, are accepted there under a condition on the value of a tag (`aws:ResourceTag/…`) that the builder can only set \
on what it creates. That there is a tag, whatever its value, is true of nearly everything.

## What to write instead

`permissions.ecr_push` and `permissions.ami_build` have what a build takes. In a policy written by hand, name the bucket, \
limit instances by a tag, and leave deployments to another role.
",
    yields: true,
    find,
};

const ADVICE: [&str; 2] = [
    "A build runs what its dependencies bring along, and with this they change what runs, without a review.",
    "Leave deployments to another role; `permissions.ecr_push` and `permissions.ami_build` have what a build takes.",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(building::BUILDERS) {
        return;
    }
    let wanted = |action: &Action| writes::is_write(action) && !building::is_build(action, judged.role.task);
    let counts =
        |grant: &_| !building::is_granted_for_build(grant) && super::power::counts_for_builder(grant);
    let wanted = |action: &Action| wanted(action) && action.to_string() != super::power::PASS_ROLE;
    let by_tag = |action: &Action| judged.is_for(&[Task::AmiBuilder]) && building::is_on_instances(action);
    let allowed = building::allowed(judged, by_tag, wanted, counts);
    found.extend(allowed.iter().map(|one| Finding::allows(judged, one, ADVICE)));
    writes_state(judged, found);
}

/// Whoever writes the state, or takes it away, decides what the next apply does.
fn writes_state(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for other in judged.siblings() {
        let Some(section) = state_of(other) else { continue };
        let statements = state::statements(section, Access::Write, other.home);
        let puts = statements.iter().filter(|one| {
            one.effect == Effect::Allow && one.actions.inner().iter().any(|action| action == PUT)
        });
        let resources = puts.filter_map(|one| one.resources.as_ref()).flat_map(Scope::inner);
        for resource in resources {
            for action in [PUT, DELETE] {
                found.extend(touches(judged, found, (action, resource), other));
            }
        }
    }
}

const PUT: &str = "s3:PutObject";
const DELETE: &str = "s3:DeleteObject";

/// A finding if the builder can do this to a state of another role's, and no finding names the statement yet.
fn touches(
    judged: &Judged<'_>,
    found: &[Finding],
    (action, resource): (&str, &str),
    other: &Role<'_>,
) -> Option<Finding> {
    let question = judged.question(action).within(Pattern::new(resource));
    let witness = answer(&judged.set_of(action)?, question)?;
    let place = judged.granting(action, witness.as_ref().map_or(resource, |one| one.resource()))?;
    if found.iter().any(|one| one.statement == Some(place)) {
        return None;
    }
    let says = format!(
        "{} {} on the state of the {} `{}`",
        allows(witness.as_ref()),
        listed([action]),
        other.task.name(),
        other.name
    );
    Some(Finding::about(judged, place, &says, ADVICE).witness(witness.as_ref()))
}

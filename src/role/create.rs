//! Creating a role with the fewest calls, so that nothing that AWS has created is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Goal};
use super::rules::Rules;
use super::step::{run, unless_stopped};
use super::{Failure, LiveRole, RoleSpec};
use crate::aws::{Account, CreatedRole, Error, Iam, Kind, NewRole, Stop};

/// Creates the role: one call that carries trust, description, duration, boundary and tags, then one for each policy
/// that it owns, and one for each inline policy and each attachment. Nothing is read back: the answers say all that was not sent.
///
/// Policies with a deny are there before those that only allow, so that the role is never wider than wanted.
///
/// # Errors
/// [`Failure::reached`] holds the role as soon as it exists. [`Kind::AlreadyExists`] leaves the other's role alone.
pub async fn create(account: &Account, spec: &RoleSpec, stop: &Stop) -> Result<LiveRole, Failure> {
    unless_stopped(stop)?;
    let iam = account.iam(stop).await?;
    let (created, tagged) = create_role(&iam, spec).await?;
    let iam = iam.for_new_role();
    let mut live = begun(account, spec, created, tagged);
    match complete(&iam, &mut live, spec, stop).await {
        Ok(()) => Ok(live),
        Err(error) => Err(Failure { error, reached: Some(Box::new(live)) }),
    }
}

/// The role, and whether it got its tags at once: some partitions refuse tags in CreateRole.
async fn create_role(iam: &Iam<'_>, spec: &RoleSpec) -> Result<(CreatedRole, bool), Error> {
    let role = NewRole {
        name: &spec.name,
        path: &spec.path,
        assume_role_policy: &spec.assume_role_policy,
        description: spec.description.as_deref().filter(|text| !text.is_empty()),
        max_session_duration: spec.max_session_duration,
        permissions_boundary: spec.permissions_boundary.as_deref(),
        tags: &spec.tags,
    };
    match iam.create_role(&role).await {
        Err(error) if !spec.tags.is_empty() && may_refuse_tags(iam.account().partition(), &error) => {
            let untagged = iam.create_role(&NewRole { tags: &BTreeMap::new(), ..role }).await;
            Ok((untagged.map_err(|_| error)?, false))
        }
        created => Ok((created?, true)),
    }
}

/// Outside the commercial partition, what a service does not know comes as one of these.
pub(super) fn may_refuse_tags(partition: &str, error: &Error) -> bool {
    let unknown = matches!(error.code(), Some("UnsupportedOperation" | "InvalidAction" | "UnknownOperation"));
    partition != "aws" && (unknown || matches!(error.kind(), Kind::Invalid | Kind::Denied))
}

/// The role as CreateRole leaves it.
fn begun(account: &Account, spec: &RoleSpec, created: CreatedRole, tagged: bool) -> LiveRole {
    LiveRole {
        arn: created.arn,
        unique_id: created.unique_id,
        create_date: created.create_date,
        account_id: account.id().to_owned(),
        partition: account.partition().to_owned(),
        spec: RoleSpec {
            description: spec.description.clone().filter(|text| !text.is_empty()),
            tags: if tagged { spec.tags.clone() } else { BTreeMap::new() },
            inline_policies: BTreeMap::new(),
            managed_policy_arns: BTreeSet::new(),
            owned_policies: BTreeMap::new(),
            ..spec.clone()
        },
        detached_policies: BTreeMap::new(),
    }
}

async fn complete(iam: &Iam<'_>, live: &mut LiveRole, spec: &RoleSpec, stop: &Stop) -> Result<(), Error> {
    let goal = Goal { wanted: spec, prior: None, rules: &Rules::default() };
    let Difference { preparations, additions, labels, .. } = Difference::between(live, goal);
    for wave in [labels, preparations].into_iter().chain(additions) {
        if !wave.is_empty() {
            unless_stopped(stop)?;
            run(iam, live, wave).await?;
        }
    }
    Ok(())
}

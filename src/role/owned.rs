//! Customer-managed policies that belong to one role: made, changed, found again and deleted.
//!
//! Owns which policy counts as the role's, and that nothing of another is touched. Attaching is a [`Step`] like any
//! other.
//!
//! [`Step`]: super::step::Step

use std::collections::BTreeMap;

use super::create::may_refuse_tags;
use super::documents::same_policy;
use super::step::gone_is_done;
use crate::aws::{Error, Iam, Kind, NewPolicy, PolicyDetail};
use iam_policy::quota;

/// The ARN of a policy that a role owns: of the role's path, in the role's account.
#[must_use]
pub fn owned_arn((partition, account_id): (&str, &str), path: &str, name: &str) -> String {
    format!("arn:{partition}:iam::{account_id}:policy{path}{name}")
}

/// What follows the last slash.
pub(super) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// From the first slash to the last.
fn path_of(arn: &str) -> &str {
    let path_and_name = arn.find('/').and_then(|slash| arn.get(slash..)).unwrap_or("/");
    path_and_name.strip_suffix(name_of(arn)).unwrap_or("/")
}

/// What tells people what the policy is, and us that it is ours: AWS lets nobody change a policy's description.
fn description(role: &str) -> String {
    format!("Belongs to the role {role}: it changes and goes with the role.")
}

/// A policy that a role is to own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewOwned {
    pub(super) arn: String,
    pub(super) document: String,
    pub(super) tags: BTreeMap<String, String>,
}

/// Creates the policy. One of its name that was created for a role of this name, by an attempt without an answer or
/// in an earlier life of the role, is taken over.
///
/// # Errors
/// [`Kind::AlreadyExists`] when the name is taken by anything else, which stays as it is.
pub(super) async fn create(iam: &Iam<'_>, role: &str, new: &NewOwned) -> Result<(), Error> {
    let description = description(role);
    let policy = NewPolicy {
        name: name_of(&new.arn),
        path: path_of(&new.arn),
        document: &new.document,
        description: &description,
        tags: &new.tags,
    };
    match iam.create_policy(&policy).await {
        Err(error) if !new.tags.is_empty() && may_refuse_tags(iam.account().partition(), &error) => {
            let untagged = iam.create_policy(&NewPolicy { tags: &BTreeMap::new(), ..policy }).await;
            untagged.map_err(|_| error)?;
            iam.tag_policy(&new.arn, &new.tags).await
        }
        Err(error) if error.kind() == Kind::AlreadyExists => match iam.get_policy(&new.arn).await {
            Ok(found) if found.description.as_ref() == Some(&description) => take_over(iam, new, found).await,
            Ok(found) => Err(taken(error, &new.arn, found.description.as_deref())),
            Err(_) => Err(taken(error, &new.arn, None)),
        },
        created => created,
    }
}

async fn take_over(iam: &Iam<'_>, new: &NewOwned, found: PolicyDetail) -> Result<(), Error> {
    let current = iam.get_policy_version(&new.arn, &found.default_version).await?;
    if !same_policy(&current, &new.document) {
        change(iam, &new.arn, &new.document).await?;
    }
    if found.tags != new.tags && !new.tags.is_empty() {
        iam.tag_policy(&new.arn, &new.tags).await?;
    }
    Ok(())
}

fn taken(error: Error, arn: &str, description: Option<&str>) -> Error {
    let found = description.map_or_else(
        || "IAM takes names for the same whatever their case and path".to_owned(),
        |text| format!("its description is {text:?}"),
    );
    error.advise(format!(
        "The role would own a policy {arn}, and somebody else's has that name ({found}). It was left as it is. Delete \
         or rename it if nothing needs it, or give the role another name, after which its policies are named."
    ))
}

/// Gives the policy another document. When it has as many versions as it may, the oldest that is not in force goes.
///
/// # Errors
/// AWS's refusal.
pub(super) async fn change(iam: &Iam<'_>, arn: &str, document: &str) -> Result<(), Error> {
    match iam.create_policy_version(arn, document).await {
        Err(error) if error.kind() == Kind::LimitExceeded => {
            // The document may also be too long, which no deletion helps.
            if !drop_oldest_version(iam, arn).await? {
                return Err(error);
            }
            iam.create_policy_version(arn, document).await
        }
        done => done,
    }
}

/// Whether there was no room for another version, and is now.
async fn drop_oldest_version(iam: &Iam<'_>, arn: &str) -> Result<bool, Error> {
    let mut versions = iam.list_policy_versions(arn).await?;
    if versions.len() < quota::MANAGED_POLICY_VERSIONS {
        return Ok(false);
    }
    versions.retain(|version| !version.is_default);
    let number = |id: &str| id.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX);
    let Some(oldest) = versions.iter().min_by_key(|version| number(&version.id)) else { return Ok(false) };
    gone_is_done(iam.delete_policy_version(arn, &oldest.id).await)?;
    Ok(true)
}

/// Deletes the policy with all its versions, once it is detached from `role`. No such policy is success.
///
/// # Errors
/// [`Kind::DeleteConflict`] when others use it too: then it stays, and the error says who.
pub(super) async fn delete(iam: &Iam<'_>, role: &str, arn: &str) -> Result<(), Error> {
    // That nobody holds it may take AWS a moment to see.
    let again = |error: &Error| error.kind() == Kind::DeleteConflict;
    let deleted = iam.persist(again, || delete_once(iam, role, arn)).await;
    gone_is_done(deleted.and_then(|done| done))
}

/// The outer error is worth another attempt, the inner one is not.
async fn delete_once(iam: &Iam<'_>, role: &str, arn: &str) -> Result<Result<(), Error>, Error> {
    let conflict = match iam.delete_policy(arn).await {
        Err(error) if error.kind() == Kind::DeleteConflict => error,
        done => return Ok(done),
    };
    let mut conflict = conflict;
    let versions = iam.list_policy_versions(arn).await?;
    let surplus: Vec<_> = versions.iter().filter(|version| !version.is_default).collect();
    for version in &surplus {
        gone_is_done(iam.delete_policy_version(arn, &version.id).await)?;
    }
    if !surplus.is_empty() {
        match iam.delete_policy(arn).await {
            Err(error) if error.kind() == Kind::DeleteConflict => conflict = error,
            done => return Ok(done),
        }
    }
    let mut holders = iam.list_entities_for_policy(arn).await?;
    holders.retain(|holder| *holder != format!("role {role}"));
    if holders.is_empty() {
        return Err(conflict);
    }
    Ok(Err(conflict.advise(format!(
        "The policy belongs to the role {role} and was detached from it, but others use it too, so it stays: {}. \
         Detach it there (or take it away as their permissions boundary), then try again.",
        holders.join(", ")
    ))))
}

//! Reading a role.

use std::collections::BTreeSet;

use super::owned::name_of;
use super::{LiveRole, RoleSpec};
use crate::aws::{Account, Error, Kind, RoleDetail, Stop};

/// The role as AWS has it; `None` only when AWS says that there is no such role. Overlapping reads share calls.
///
/// The policies `owned` (ARNs) are read with their documents, attached or not; all others are only named.
///
/// # Errors
/// Whatever AWS answered instead: a refused or throttled read never means "gone".
pub async fn read(
    account: &Account,
    name: &str,
    owned: &BTreeSet<String>,
) -> Result<Option<LiveRole>, Error> {
    let detail = account.read_role(name, owned, &Stop::never()).await?;
    Ok(detail.map(|detail| live(account, detail)))
}

/// Those of the policies `owned` (ARNs) that are still there though their role is gone: IAM deletes none with it.
///
/// # Errors
/// Whatever AWS answered instead.
pub async fn orphans(account: &Account, owned: &BTreeSet<String>) -> Result<Vec<String>, Error> {
    let stop = Stop::never();
    let iam = account.iam(&stop).await?;
    let mut left = Vec::new();
    for arn in owned {
        match iam.get_policy(arn).await {
            Err(error) if error.kind() == Kind::NotFound => {}
            found => {
                found?;
                left.push(arn.clone());
            }
        }
    }
    Ok(left)
}

/// What the managed policy of this ARN says, JSON; `None` when there is no such policy.
///
/// # Errors
/// Whatever AWS answered instead.
pub async fn policy_document(account: &Account, arn: &str) -> Result<Option<String>, Error> {
    let stop = Stop::never();
    let iam = account.iam(&stop).await?;
    let policy = match iam.get_policy(arn).await {
        Err(error) if error.kind() == Kind::NotFound => return Ok(None),
        found => found?,
    };
    iam.get_policy_version(arn, &policy.default_version).await.map(Some)
}

fn live(account: &Account, detail: RoleDetail) -> LiveRole {
    let RoleDetail { documents, managed_policy_arns: attached, .. } = detail;
    let by_name = |(arn, document): (String, String)| (name_of(&arn).to_owned(), document);
    let managed_policy_arns = attached.iter().filter(|arn| !documents.contains_key(*arn)).cloned().collect();
    let (owned, detached): (Vec<_>, Vec<_>) =
        documents.into_iter().partition(|(arn, _)| attached.contains(arn));
    LiveRole {
        account_id: account.id().to_owned(),
        partition: account.partition().to_owned(),
        arn: detail.arn,
        unique_id: detail.unique_id,
        create_date: detail.create_date,
        detached_policies: detached.into_iter().map(by_name).collect(),
        spec: RoleSpec {
            name: detail.name,
            path: detail.path,
            description: detail.description.filter(|text| !text.is_empty()),
            assume_role_policy: detail.assume_role_policy,
            max_session_duration: detail.max_session_duration,
            permissions_boundary: detail.permissions_boundary,
            tags: detail.tags,
            inline_policies: detail.inline_policies,
            managed_policy_arns,
            owned_policies: owned.into_iter().map(by_name).collect(),
        },
    }
}

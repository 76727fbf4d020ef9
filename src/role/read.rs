//! Reading a role.

use super::{LiveRole, RoleSpec};
use crate::aws::{Account, Error, RoleDetail, Stop};

/// The role as AWS has it; `None` only when AWS says that there is no such role. Overlapping reads share calls.
///
/// # Errors
/// Whatever AWS answered instead: a refused or throttled read never means "gone".
pub async fn read(account: &Account, name: &str) -> Result<Option<LiveRole>, Error> {
    let detail = account.read_role(name, &Stop::never()).await?;
    Ok(detail.map(|detail| live(account, detail)))
}

fn live(account: &Account, detail: RoleDetail) -> LiveRole {
    LiveRole {
        account_id: account.id().to_owned(),
        partition: account.partition().to_owned(),
        arn: detail.arn,
        unique_id: detail.unique_id,
        create_date: detail.create_date,
        spec: RoleSpec {
            name: detail.name,
            path: detail.path,
            description: detail.description.filter(|text| !text.is_empty()),
            assume_role_policy: detail.assume_role_policy,
            max_session_duration: detail.max_session_duration,
            permissions_boundary: detail.permissions_boundary,
            tags: detail.tags,
            inline_policies: detail.inline_policies,
            managed_policy_arns: detail.managed_policy_arns,
        },
    }
}

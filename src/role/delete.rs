//! Deleting a role with everything it holds.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::rules::REVOKE_POLICY;
use super::step::{gone_is_done, unless_stopped};
use crate::aws::{Account, Error, Iam, Kind, Stop};

/// Calls on the role at the same time.
const AT_ONCE: usize = 4;

/// What a role holds that must go before it can.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Names of inline policies.
    pub inline_policies: BTreeSet<String>,
    /// ARNs of attached policies.
    pub managed_policy_arns: BTreeSet<String>,
    /// Names of the instance profiles that it is in.
    pub instance_profiles: BTreeSet<String>,
}

/// Deletes the role. What it is known to hold goes first, without asking; when AWS says that something is still
/// there, since others may have added to it, the rest is listed and goes too. No such role is success.
///
/// The boundary and the tags go with the role: AWS does not ask for their removal, and taking the boundary away
/// first would free the role for a moment.
///
/// # Errors
/// [`Kind::Configuration`] when the session runs as this role, before anything is removed: the second call would be
/// refused, and nobody could enter again. Else what AWS answered.
pub async fn delete(account: &Account, name: &str, known: Contents, stop: &Stop) -> Result<(), Error> {
    unless_stopped(stop)?;
    refuse_own_role(account, name)?;
    let iam = account.iam(stop).await?;
    remove(&iam, name, known).await?;
    let deleted = match iam.delete_role(name).await {
        Err(error) if error.kind() == Kind::DeleteConflict => delete_with_the_rest(&iam, name).await,
        done => done,
    };
    gone_is_done(deleted)
}

/// Lists and removes until AWS finds nothing left on the role, which may take it a moment to see.
async fn delete_with_the_rest(iam: &Iam<'_>, name: &str) -> Result<(), Error> {
    iam.persist(
        |error| error.kind() == Kind::DeleteConflict,
        || async {
            remove(iam, name, list(iam, name).await?).await?;
            iam.delete_role(name).await
        },
    )
    .await
}

fn refuse_own_role(account: &Account, name: &str) -> Result<(), Error> {
    if !account.stands_on(name) {
        return Ok(());
    }
    let message = format!(
        "the provider works through this very role (as {}), and would cut itself off half-way. Nothing was removed",
        account.identity().arn
    );
    let error = Error::new(Kind::Configuration, "iam:DeleteRole", message).in_account(account.id());
    Err(error.advise("Delete it with other credentials: another `assume_role`, `account_role` or profile."))
}

async fn list(iam: &Iam<'_>, name: &str) -> Result<Contents, Error> {
    let (managed_policy_arns, inline, profiles) = tokio::try_join!(
        iam.list_attached_role_policies(name),
        iam.list_role_policies(name),
        iam.list_instance_profiles_for_role(name),
    )?;
    Ok(Contents {
        managed_policy_arns,
        inline_policies: inline.into_iter().collect(),
        instance_profiles: profiles.into_iter().collect(),
    })
}

/// Takes everything named off the role. Attachments go before inline policies, and the revocation of old sessions
/// last: so what denies is there as long as what allows.
async fn remove(iam: &Iam<'_>, name: &str, contents: Contents) -> Result<(), Error> {
    let Contents { mut inline_policies, managed_policy_arns, instance_profiles } = contents;
    let revocation = inline_policies.take(REVOKE_POLICY);
    let each = |done: Result<(), Error>| async { gone_is_done(done) };
    stream::iter(instance_profiles)
        .map(|profile| async move { iam.remove_role_from_instance_profile(name, &profile).await })
        .buffer_unordered(AT_ONCE)
        .then(each)
        .try_collect::<()>()
        .await?;
    stream::iter(managed_policy_arns)
        .map(|arn| async move { iam.detach_role_policy(name, &arn).await })
        .buffer_unordered(AT_ONCE)
        .then(each)
        .try_collect::<()>()
        .await?;
    stream::iter(inline_policies)
        .map(|policy| async move { iam.delete_role_policy(name, &policy).await })
        .buffer_unordered(AT_ONCE)
        .then(each)
        .try_collect::<()>()
        .await?;
    match revocation {
        Some(policy) => gone_is_done(iam.delete_role_policy(name, &policy).await),
        None => Ok(()),
    }
}

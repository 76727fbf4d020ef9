//! Deleting a role with everything it holds.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::rules::REVOKE_POLICY;
use super::step::{gone_is_done, unless_stopped};
use crate::aws::{Account, Error, Iam, Kind, Stop};

/// Calls on the role at the same time.
const AT_ONCE: usize = 4;

/// Deletes the role. What it holds is listed first, since others may have added to it, and again when AWS says that
/// something is still there. No such role is success.
///
/// The boundary and the tags go with the role: AWS does not ask for their removal, and taking the boundary away
/// first would free the role for a moment.
///
/// # Errors
/// [`Kind::Configuration`] when the session runs as this role, before anything is removed: the second call would be
/// refused, and nobody could enter again. Else what AWS answered.
pub async fn delete(account: &Account, name: &str, stop: &Stop) -> Result<(), Error> {
    unless_stopped(stop)?;
    refuse_own_role(account, name)?;
    let iam = account.iam(stop).await?;
    let deleted = iam.persist(
        |error| error.kind() == Kind::DeleteConflict,
        || async {
            empty(&iam, name).await?;
            iam.delete_role(name).await
        },
    );
    gone_is_done(deleted.await)
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

/// Takes everything off the role. Attachments go before inline policies, and the revocation of old sessions last:
/// so what denies is there as long as what allows.
async fn empty(iam: &Iam<'_>, name: &str) -> Result<(), Error> {
    let (attached, mut inline, profiles) = tokio::try_join!(
        iam.list_attached_role_policies(name),
        iam.list_role_policies(name),
        iam.list_instance_profiles_for_role(name),
    )?;
    let revocation =
        inline.iter().position(|policy| policy == REVOKE_POLICY).map(|at| inline.swap_remove(at));
    let each = |done: Result<(), Error>| async { gone_is_done(done) };
    stream::iter(profiles)
        .map(|profile| async move { iam.remove_role_from_instance_profile(name, &profile).await })
        .buffer_unordered(AT_ONCE)
        .then(each)
        .try_collect::<()>()
        .await?;
    stream::iter(attached)
        .map(|arn| async move { iam.detach_role_policy(name, &arn).await })
        .buffer_unordered(AT_ONCE)
        .then(each)
        .try_collect::<()>()
        .await?;
    stream::iter(inline)
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

//! Deleting a role with everything it holds.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::documents::denies;
use super::owned;
use super::rules::REVOKE_POLICY;
use super::step::{gone_is_done, unless_stopped};
use crate::aws::{Account, Error, Iam, Kind, Stop};

/// Calls on the role at the same time.
const AT_ONCE: usize = 4;

/// What a role holds that must go before it can.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Inline policies by name: JSON, or nothing when only the name is known.
    pub inline_policies: BTreeMap<String, String>,
    /// ARNs of attached policies that are not the role's own.
    pub managed_policy_arns: BTreeSet<String>,
    /// Policies that the role owns, attached or not, by ARN: JSON. They are deleted.
    pub owned_policies: BTreeMap<String, String>,
    /// Names of the instance profiles that it is in.
    pub instance_profiles: BTreeSet<String>,
}

/// Deletes the role and the policies that it owns. What it is known to hold goes first, without asking; when AWS says
/// that something is still there, since others may have added to it, the rest is listed and goes too. No such role is
/// success.
///
/// The boundary and the tags go with the role: AWS does not ask for their removal, and taking the boundary away
/// first would free the role for a moment. Owned policies go before the role, so that one that cannot be deleted is
/// not forgotten with it.
///
/// # Errors
/// [`Kind::Configuration`] when the session runs as this role, before anything is removed: the second call would be
/// refused, and nobody could enter again. [`Kind::DeleteConflict`] when others use a policy that the role owns. Else
/// what AWS answered.
pub async fn delete(account: &Account, name: &str, known: Contents, stop: &Stop) -> Result<(), Error> {
    unless_stopped(stop)?;
    refuse_own_role(account, name)?;
    let iam = account.iam(stop).await?;
    let owned: Vec<String> = known.owned_policies.keys().cloned().collect();
    remove(&iam, name, known).await?;
    for arn in owned {
        unless_stopped(stop)?;
        owned::delete(&iam, name, &arn).await?;
    }
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
        inline_policies: inline.into_iter().map(|policy| (policy, String::new())).collect(),
        instance_profiles: profiles.into_iter().collect(),
        ..Contents::default()
    })
}

/// What is taken off the role.
enum Held {
    Inline(String),
    Attached(String),
}

/// Takes everything named off the role, what denies after what only allows, and the revocation of old sessions last:
/// so no moment allows what the whole denied.
async fn remove(iam: &Iam<'_>, name: &str, contents: Contents) -> Result<(), Error> {
    let Contents { mut inline_policies, managed_policy_arns, owned_policies, instance_profiles } = contents;
    stream::iter(instance_profiles)
        .map(|profile| async move { iam.remove_role_from_instance_profile(name, &profile).await })
        .buffer_unordered(AT_ONCE)
        .then(|done| async { gone_is_done(done) })
        .try_collect::<()>()
        .await?;
    let revocation = inline_policies.remove_entry(REVOKE_POLICY).map(|(policy, _)| Held::Inline(policy));
    let inline = inline_policies.into_iter().map(|(name, document)| (Held::Inline(name), denies(&document)));
    let owned = owned_policies.into_iter().map(|(arn, document)| (Held::Attached(arn), denies(&document)));
    let (denying, allowing): (Vec<_>, Vec<_>) = inline.chain(owned).partition(|(_, denies)| *denies);
    let attached = managed_policy_arns.into_iter().map(Held::Attached);
    let waves: [Vec<Held>; 3] = [
        attached.chain(allowing.into_iter().map(|(held, _)| held)).collect(),
        denying.into_iter().map(|(held, _)| held).collect(),
        revocation.into_iter().collect(),
    ];
    for wave in waves {
        take_off(iam, name, wave).await?;
    }
    Ok(())
}

async fn take_off(iam: &Iam<'_>, name: &str, wave: Vec<Held>) -> Result<(), Error> {
    stream::iter(wave)
        .map(|held| async move {
            gone_is_done(match held {
                Held::Inline(policy) => iam.delete_role_policy(name, &policy).await,
                Held::Attached(arn) => iam.detach_role_policy(name, &arn).await,
            })
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

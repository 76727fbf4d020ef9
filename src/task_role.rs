//! A role for one task as Terraform sees it: its attributes, what becomes of them in a plan, what AWS made of them.
//! Shared by the resources that have such roles: one, or those of a runner.
//!
//! Owns the role whole: trust, policies, attachments, boundary, tags. Never decides what a task may do.

mod elevated;
mod guarded;
mod import;
mod observe;
mod plan;
mod state;
mod validate;

use crate::aws::{self, Kind, Stop};
use crate::permissions;
use crate::provider::{Client, entered, failure};
use crate::role::{self, Change};
use observe::Observation;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Failed, Update};
use tfplug::schema::Attr;

pub(crate) use elevated::refuse_opening;
pub(crate) use guarded::{Guarded, guard, managed_policy};
pub(crate) use import::target;
pub(crate) use plan::plan;
pub(crate) use state::{Identity, State, UNMANAGED};
pub(crate) use validate::validate;

/// What an operation on a role has at hand beside the role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    /// AWS, and what the provider block says of every resource.
    pub(crate) client: &'a Client,
    /// The host's wish to stop.
    pub(crate) stop: &'a Stop,
    /// ARNs of the runner's other roles, or patterns of them.
    pub(crate) siblings: &'a [String],
    /// The import ID of the runner that the role belongs to, if it is not a resource of its own.
    pub(crate) runner: Option<&'a str>,
    /// Whether the role was imported and not changed since: then nothing on it is known to be ours.
    pub(crate) is_first_change: bool,
}

/// Makes the role. What was made is told also when not all of it could be.
///
/// # Errors
/// AWS refused, or the run was stopped.
pub(crate) async fn create(around: Surroundings<'_>, mut planned: State) -> Result<State, Failed<State>> {
    let Surroundings { client, stop, siblings, .. } = around;
    let account = entered(client.aws()?, &planned.account_id).await?;
    planned.name_it(&account);
    let wanted = planned.spec(siblings)?;
    match role::create(&account, &wanted, stop).await {
        Ok(live) => Ok(observe::created(planned, &live)),
        Err(failed) => {
            let rules = planned.rules(client);
            // A role that was only half made is replaced by the next apply, which protection would forbid for ever.
            let planned = State { deletion_protection: Attr::Known(false), ..planned };
            // A policy's name may be taken too, but then there is a role.
            let is_taken = failed.reached.is_none() && failed.error.kind() == Kind::AlreadyExists;
            let reached = failed.reached.map(|live| {
                observe::observed(
                    planned,
                    Observation { live: &live, rules: &rules, same_trust: true, siblings },
                )
            });
            let diagnostic = match is_taken {
                true => exists(&account, &wanted, (around.runner, &failed.error)),
                false => failure(format!("Cannot create the role {}", wanted.name), &failed.error),
            };
            Err(Failed { diagnostics: diagnostic.into(), reached })
        }
    }
}

/// The role as it is now; `None` when it is gone.
///
/// # Errors
/// AWS did not say.
pub(crate) async fn read(
    around: Surroundings<'_>,
    state: State,
    warnings: &mut Diagnostics,
) -> Result<Option<State>, Diagnostics> {
    let Surroundings { client, siblings, .. } = around;
    let account = entered(client.aws()?, &state.account_id).await?;
    let name = state.name()?;
    let tried = |error: &aws::Error| failure(format!("Cannot read the role {name}"), error);
    let owned = state.managed().owned.into_keys().collect();
    let Some(live) = role::read(&account, &name, &owned).await.map_err(|error| tried(&error))? else {
        let left = role::orphans(&account, &owned).await.map_err(|error| tried(&error))?;
        if !left.is_empty() {
            warnings.push(orphaned(&name, &left));
        }
        return Ok(None);
    };
    if state.is_imported() {
        import::same_role(&state, &live)?;
        return Ok(Some(import::observed(&state, &live, client)));
    }
    let rules = state.rules(client);
    let same_trust = match state.assume_role_policy.known() {
        Some(trust) => role::same_trust(&account, &live.spec.assume_role_policy, trust)
            .await
            .map_err(|error| tried(&error))?,
        None => false,
    };
    Ok(Some(observe::observed(state, Observation { live: &live, rules: &rules, same_trust, siblings })))
}

/// Changes the role to what is planned. How far it came is told also when that failed.
///
/// # Errors
/// AWS refused, or the run was stopped.
pub(crate) async fn update(around: Surroundings<'_>, req: Update<State>) -> Result<State, Failed<State>> {
    let Surroundings { client, stop, siblings, is_first_change, .. } = around;
    let Update { prior, planned, .. } = req;
    let account = entered(client.aws()?, &planned.account_id).await?;
    let (current, before) = (prior.live(&account)?, prior.spec_before(siblings)?);
    let wanted = planned.spec(siblings)?;
    let rules = planned.rules(client);
    let owned = Some(&before).filter(|_| !is_first_change);
    let change = Change { current: &current, prior: owned, wanted: &wanted, rules: &rules };
    match role::update(&account, change, stop).await {
        Ok(live) => Ok(observe::created(planned, &live)),
        Err(failed) => {
            // What was asked for goes into state only as far as AWS has it, so that the next plan shows the rest.
            let reached = failed.reached.map(|live| {
                let same_trust = live.spec.assume_role_policy == before.assume_role_policy;
                let held = (&live.spec.inline_policies, &live.spec.managed_policy_arns);
                let confirmed = permissions::confirmed(&prior.permissions, &planned.permissions, held);
                let seen = Observation { live: &live, rules: &rules, same_trust, siblings };
                observe::observed(State { permissions: confirmed, ..prior }, seen)
            });
            let diagnostic = failure(format!("Cannot update the role {}", wanted.name), &failed.error);
            Err(Failed { diagnostics: diagnostic.into(), reached })
        }
    }
}

/// Removes the role and what it holds.
///
/// # Errors
/// It is protected, AWS refused, or the run was stopped.
pub(crate) async fn delete(around: Surroundings<'_>, prior: &State) -> Result<(), Diagnostics> {
    unprotected(prior)?;
    let account = entered(around.client.aws()?, &prior.account_id).await?;
    let name = prior.name()?;
    let deleted = role::delete(&account, &name, prior.contents(), around.stop).await;
    deleted.map_err(|error| failure(format!("Cannot delete the role {name}"), &error).into())
}

/// Somebody deleted the role, which deletes none of its policies.
fn orphaned(name: &str, policies: &[String]) -> Diagnostic {
    let detail = format!(
        "The role {name} was deleted outside of Terraform. Policies that it owned are still there, attached to nobody \
         by this resource: {}. They are taken over when the role is made again. If it is not to be, delete them.",
        policies.join(", ")
    );
    Diagnostic::warning("A deleted role left policies behind", detail)
}

/// Refuses to destroy a protected role.
///
/// # Errors
/// It is protected.
pub(crate) fn unprotected(prior: &State) -> Result<(), Diagnostics> {
    if prior.deletion_protection != Attr::Known(true) {
        return Ok(());
    }
    let name = prior.name.known().map(String::as_str).unwrap_or_default();
    let detail = format!(
        "The role {name} has `deletion_protection`. To destroy or replace it, set `deletion_protection = false`, \
         apply, and try again. If the role is only to be \
         replaced because it is tainted, `terraform untaint` keeps it instead."
    );
    let path = Path::attribute("deletion_protection");
    Err(Diagnostic::error("The role is protected from deletion", detail).at(path).into())
}

/// The name is taken: by a role that may be adopted, or by somebody else's.
fn exists(
    account: &aws::Account,
    wanted: &role::RoleSpec,
    (runner, error): (Option<&str>, &aws::Error),
) -> Diagnostic {
    let arn = aws::role_arn(account.partition(), account.id(), &wanted.path, &wanted.name);
    let (resource, id, first) = match runner {
        // A runner that is half made is in the state, where an import would not be looked at.
        Some(runner) => (
            "deployrunner_account_runner",
            runner,
            " (after `terraform state rm` of the runner, if it is there)",
        ),
        None => ("deployrunner_task_role", arn.as_str(), ""),
    };
    let detail = format!(
        "A role of this name exists already, and was left as it is. Role names are unique in an account whatever \
         their path and case. If this configuration should own it, import it{first}:\n\n  import {{\n    to = \
         {resource}.<name>\n    id = \"{id}\"\n  }}\n\nElse choose another `name`. AWS answered: {error}"
    );
    Diagnostic::error(format!("The role {} exists already", wanted.name), detail).at(Path::attribute("name"))
}

//! `deployrunner_task_role`: the role that a runner assumes for one task.
//!
//! Owns the role whole: trust, policies, attachments, boundary, tags. Never decides what a task may do.

mod import;
mod observe;
mod plan;
mod state;
mod validate;

use crate::aws::{self, Kind, Stop};
use crate::permissions;
use crate::provider::{Client, entered, failure};
use crate::role::{self, Change};
use state::{Identity, State};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Create, Failed, Import, Plan, Planned, Read, Resource, Update};
use tfplug::schema::Attr;

/// The resource.
#[derive(Debug)]
pub(super) struct TaskRole;

impl Resource for TaskRole {
    const NAME: &'static str = "task_role";
    type State = State;
    type Identity = Identity;
    type Client = Client;

    fn identity(state: &State) -> Option<Identity> {
        state.identity()
    }

    fn validate(config: &State, found: &mut Diagnostics) {
        validate::validate(config, found);
    }

    async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
        plan::plan(ctx, req).await
    }

    async fn plan_destroy(_: &Context<Client>, prior: State) -> Result<(), Diagnostics> {
        unprotected(&prior)
    }

    async fn create(ctx: &Context<Client>, req: Create<State>) -> Result<State, Failed<State>> {
        let client = ctx.client()?;
        let stop = stop(ctx);
        let mut planned = req.planned;
        let account = entered(client.aws()?, &planned.account_id).await?;
        planned.name_it(&account);
        let wanted = planned.spec()?;
        match role::create(&account, &wanted, &stop).await {
            Ok(live) => Ok(observe::created(planned, &live)),
            Err(failed) => {
                let rules = planned.rules(client);
                // A role that was only half made is replaced by the next apply, which protection would forbid for ever.
                let planned = State { deletion_protection: Attr::Known(false), ..planned };
                // A policy's name may be taken too, but then there is a role.
                let is_taken = failed.reached.is_none() && failed.error.kind() == Kind::AlreadyExists;
                let reached = failed.reached.map(|live| observe::observed(planned, &live, &rules, true));
                let diagnostic = match is_taken {
                    true => exists(&account, &wanted, &failed.error),
                    false => failure(format!("Cannot create the role {}", wanted.name), &failed.error),
                };
                Err(Failed { diagnostics: diagnostic.into(), reached })
            }
        }
    }

    async fn read(ctx: &Context<Client>, req: Read<State>) -> Result<Option<State>, Diagnostics> {
        let client = ctx.client()?;
        let state = req.state;
        let account = entered(client.aws()?, &state.account_id).await?;
        let name = state.name()?;
        let tried = |error: &aws::Error| failure(format!("Cannot read the role {name}"), error);
        let owned = state.managed().owned.into_keys().collect();
        let Some(live) = role::read(&account, &name, &owned).await.map_err(|error| tried(&error))? else {
            let left = role::orphans(&account, &owned).await.map_err(|error| tried(&error))?;
            if !left.is_empty() {
                ctx.warn(orphaned(&name, &left));
            }
            return Ok(None);
        };
        if state.is_imported() {
            import::same_role(&state, &live)?;
            import::remember(ctx);
            return Ok(Some(import::observed(&state, &live, client)));
        }
        let rules = state.rules(client);
        let trust = state.assume_role_policy.known();
        let same_trust = match trust {
            Some(trust) => role::same_trust(&account, &live.spec.assume_role_policy, trust)
                .await
                .map_err(|error| tried(&error))?,
            None => false,
        };
        Ok(Some(observe::observed(state, &live, &rules, same_trust)))
    }

    async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
        let client = ctx.client()?;
        let Update { prior, planned, .. } = req;
        let account = entered(client.aws()?, &planned.account_id).await?;
        let (current, before, wanted) = (prior.live(&account)?, prior.spec_before()?, planned.spec()?);
        let rules = planned.rules(client);
        let owned = Some(&before).filter(|_| !import::is_first_change(ctx));
        let change = Change { current: &current, prior: owned, wanted: &wanted, rules: &rules };
        match role::update(&account, change, &stop(ctx)).await {
            Ok(live) => {
                import::forget(ctx);
                Ok(observe::created(planned, &live))
            }
            Err(failed) => {
                // What was asked for goes into state only as far as AWS has it, so that the next plan shows the rest.
                let reached = failed.reached.map(|live| {
                    let same_trust = live.spec.assume_role_policy == before.assume_role_policy;
                    let held = (&live.spec.inline_policies, &live.spec.managed_policy_arns);
                    let confirmed = permissions::confirmed(&prior.permissions, &planned.permissions, held);
                    observe::observed(State { permissions: confirmed, ..prior }, &live, &rules, same_trust)
                });
                let diagnostic = failure(format!("Cannot update the role {}", wanted.name), &failed.error);
                Err(Failed { diagnostics: diagnostic.into(), reached })
            }
        }
    }

    async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
        unprotected(&prior)?;
        let account = entered(ctx.client()?.aws()?, &prior.account_id).await?;
        let name = prior.name()?;
        let deleted = role::delete(&account, &name, prior.contents(), &stop(ctx)).await;
        deleted.map_err(|error| failure(format!("Cannot delete the role {name}"), &error).into())
    }

    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
        import::target(ctx, target).await
    }
}

fn stop(ctx: &Context<Client>) -> Stop {
    Stop::from(ctx.stop().receiver())
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
fn unprotected(prior: &State) -> Result<(), Diagnostics> {
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
fn exists(account: &aws::Account, wanted: &role::RoleSpec, error: &aws::Error) -> Diagnostic {
    let arn = format!("arn:{}:iam::{}:role{}{}", account.partition(), account.id(), wanted.path, wanted.name);
    let detail = format!(
        "A role of this name exists already, and was left as it is. Role names are unique in an account whatever \
         their path and case. If this configuration should own it, import it:\n\n  import {{\n    to = \
         deployrunner_task_role.<name>\n    id = \"{arn}\"\n  }}\n\nElse choose another `name`. AWS answered: {error}"
    );
    Diagnostic::error(format!("The role {} exists already", wanted.name), detail).at(Path::attribute("name"))
}

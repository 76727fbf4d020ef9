//! `deployrunner_elevation`: more permissions for a role, for a while.
//!
//! Owns one inline policy on a role that belongs to somebody else. Never touches anything else of the role.

mod expiry;
mod grant;
mod plan;
mod state;

use crate::aws::{self, Account, Kind, Stop};
use crate::checks;
use crate::permissions;
use crate::provider::{Client, entered, failure};
use crate::task::Task;
use expiry::Expiry;
use state::State;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Create, Failed, NoIdentity, Plan, Planned, Read, Resource, Update};
use tfplug::schema::Attr;

/// The resource.
#[derive(Debug)]
pub(super) struct Elevation;

impl Resource for Elevation {
    const NAME: &'static str = "elevation";
    type State = State;
    type Identity = NoIdentity;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        let path = Path::attribute("permissions");
        permissions::validate(&config.permissions, Some(Task::TerraformApplier), &path, found);
        found.extend(permissions::applier_without(&config.permissions, &path));
        if config.permissions.known().is_some_and(|permissions| !permissions.managed_policy_arns.is_null()) {
            let detail = "An attachment cannot end by itself, since nothing in it tells the time. Write what is needed as \
                          `inline_policies`, `services` or `resource_types`.";
            let path = path.join("managed_policy_arns");
            found.push(Diagnostic::error("A managed policy has no end", detail).at(path));
        }
        match (&config.expires_at, &config.valid_for) {
            (Attr::Null, Attr::Null) => {
                let detail = "Set `expires_at` (`2026-12-24T18:00:00+01:00`) or `valid_for` (`2h`).";
                found.push(
                    Diagnostic::error("An elevation without an end", detail)
                        .at(Path::attribute("expires_at")),
                );
            }
            (Attr::Known(_), Attr::Known(_)) => {
                let detail = "`expires_at` and `valid_for` cannot both be set. Keep one.";
                found.push(
                    Diagnostic::error("An elevation with two ends", detail).at(Path::attribute("valid_for")),
                );
            }
            _ => {}
        }
    }

    async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
        plan::plan(ctx, req).await
    }

    async fn create(ctx: &Context<Client>, req: Create<State>) -> Result<State, Failed<State>> {
        let account = entered(ctx.client()?.aws()?, &req.planned.account_id).await?;
        let planned = State { policy_name: Attr::Known(state::new_policy_name()), ..req.planned };
        let decided = decided(ctx, &account, planned, None).await?;
        granted(&account, &decided, &stop(ctx)).await.map_err(|error| {
            // Where AWS may have done it before its answer was lost, the state must know the policy's name.
            let reached = (!is_refusal(&error)).then(|| decided.clone());
            Failed { diagnostics: not_granted(&decided, &error), reached }
        })?;
        Ok(decided)
    }

    async fn read(ctx: &Context<Client>, req: Read<State>) -> Result<Option<State>, Diagnostics> {
        let state = req.state;
        let account = entered(ctx.client()?.aws()?, &state.account_id).await?;
        let tried = || format!("Cannot read the elevation of the role {}", state.role());
        let found = state.grant().read(&account).await.map_err(|error| failure(tried(), &error))?;
        // What counts is the end in the grant, which somebody may have changed or an answer that was lost brought.
        let end = match &found {
            Some(found) => grant::end(found),
            None => state.expiry(),
        };
        let expired = end.is_some_and(|end| end.is_over(account.now()));
        let policy = match found {
            Some(found) => state.spelled(&found),
            // What is over and gone needs nobody to make it again.
            None if expired => state.policy.clone(),
            None => return Ok(None),
        };
        Ok(Some(State { policy, expired: Attr::Known(expired), ..state }))
    }

    async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
        let account = entered(ctx.client()?.aws()?, &req.planned.account_id).await?;
        let Update { prior, planned, .. } = req;
        // A policy is replaced whole or not at all.
        let unchanged = |diagnostics| Failed { diagnostics, reached: Some(prior.clone()) };
        let decided = decided(ctx, &account, planned, Some(&prior)).await.map_err(unchanged)?;
        let put = granted(&account, &decided, &stop(ctx)).await;
        put.map_err(|error| unchanged(not_granted(&decided, &error)))?;
        Ok(decided)
    }

    async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
        let account = entered(ctx.client()?.aws()?, &prior.account_id).await?;
        let removed = prior.grant().remove(&account, &stop(ctx)).await;
        removed.map_err(|error| {
            failure(format!("Cannot take the elevation off the role {}", prior.role()), &error).into()
        })
    }
}

fn stop(ctx: &Context<Client>) -> Stop {
    Stop::from(ctx.stop().receiver())
}

/// What was planned, with what only the moment of the grant can tell. An end that was granted before may have come.
async fn decided(
    ctx: &Context<Client>,
    account: &Account,
    planned: State,
    prior: Option<&State>,
) -> Result<State, Diagnostics> {
    let elevated = grant::Elevated::read(account, &planned).await?;
    elevated.refuse_planner(&planned)?;
    let mut planned = planned;
    if let (Attr::Unknown, Attr::Known(length)) = (&planned.expires_at, &planned.valid_for) {
        let seconds = checks::seconds(length).unwrap_or_default();
        planned.expires_at = Attr::Known(Expiry::after(account.now(), seconds).to_text());
    }
    let expiry = planned.expiry().ok_or_else(|| damaged("expires_at"))?;
    if prior.and_then(State::expiry) != Some(expiry) {
        expiry.refuse_past(account.now())?;
    }
    if planned.policy.is_unknown() {
        elevated.decide(&mut planned, &expiry, prior)?;
        elevated.judge(ctx, account, &planned).await?;
    }
    if planned.policy.is_unknown() {
        return Err(damaged("policy"));
    }
    planned.id = Attr::Known(planned.full_id());
    Ok(planned)
}

async fn granted(account: &Account, decided: &State, stop: &Stop) -> Result<(), aws::Error> {
    let policy = decided.policy.known().map(String::as_str).unwrap_or_default();
    decided.grant().put(account, policy, stop).await
}

fn not_granted(decided: &State, error: &aws::Error) -> Diagnostics {
    failure(format!("Cannot elevate the role {}", decided.role()), error).into()
}

/// Whether AWS has certainly granted nothing.
fn is_refusal(error: &aws::Error) -> bool {
    use Kind::{Credentials, Denied, Invalid, LimitExceeded, Malformed, NotFound};
    matches!(error.kind(), Credentials | Denied | Invalid | LimitExceeded | Malformed | NotFound)
}

fn damaged(attribute: &str) -> Diagnostics {
    let detail = format!(
        "`{attribute}` should be known here and is not. The state was damaged, or this is a fault in the provider; please \
         report it."
    );
    Diagnostic::error("The state lacks a value", detail).at(Path::attribute(attribute)).into()
}

//! What an elevation will be, as far as it can be told before apply.

use super::grant::Elevated;
use super::state::State;
use crate::checks;
use crate::provider::{Client, entered, place};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Plan, Planned};
use tfplug::schema::Attr;

pub(super) async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
    let client = ctx.client()?;
    let Plan { config, prior, proposed } = req;
    let mut planned = proposed;
    let place = place(client, &config.account_id, &mut planned.account_id).await?;
    planned.expires_at = expires_at(&config, prior.as_ref());
    let lasting = prior.as_ref().filter(|prior| ends_alike(prior, &planned));
    planned.expired = Attr::Known(lasting.is_some_and(|prior| prior.expired == Attr::Known(true)));
    if let Some(prior) = lasting.filter(|_| planned.expired == Attr::Known(true)) {
        ctx.warn(over(prior));
    }
    if place.is_none() || planned.role_name.is_unknown() {
        return Ok(planned.into());
    }
    let account = entered(client.aws()?, &planned.account_id).await?;
    let elevated = Elevated::read(&account, &planned).await?;
    let granted = lasting.filter(|prior| grants_alike(prior, &planned));
    match (elevated.refuse_planner(&planned), granted) {
        (Err(refused), None) => return Err(refused),
        // What is granted already is not taken back by an error, which would stop its removal too.
        (Err(_), Some(_)) => ctx.warn(elevated.in_wrong_hands(&planned)),
        (Ok(()), _) => {}
    }
    if let Some(expiry) = planned.expiry() {
        if lasting.is_none() {
            expiry.refuse_past(account.now())?;
            expiry.refuse_far(account.now())?;
        }
        // What the role must not change follows from its path, its boundary and what it holds.
        if elevated.exists() {
            elevated.decide(&mut planned, &expiry, prior.as_ref())?;
        }
        if prior.as_ref().is_none_or(|prior| prior.policy != planned.policy) {
            elevated.judge(ctx, &account, &planned).await?;
        }
    }
    Ok(planned.into())
}

/// Whether both are of the same role and permissions.
fn grants_alike(prior: &State, planned: &State) -> bool {
    prior.role_name == planned.role_name
        && prior.account_id == planned.account_id
        && prior.permissions == planned.permissions
}

/// When it ends: as configured, or as it was granted for a length that has not changed.
fn expires_at(config: &State, prior: Option<&State>) -> Attr<String> {
    match (&config.expires_at, prior) {
        (Attr::Null, Some(prior)) if length(config) == length(prior) => prior.expires_at.clone(),
        (Attr::Null, _) => Attr::Unknown,
        (told, _) => told.clone(),
    }
}

/// How long it lasts, in seconds, however that is written; unknown lengths are never told.
fn length(state: &State) -> Attr<Option<i32>> {
    state.valid_for.as_ref().map(|length| checks::seconds(length))
}

/// Whether both end at the same moment.
fn ends_alike(prior: &State, planned: &State) -> bool {
    prior.expiry().is_some() && prior.expiry() == planned.expiry()
}

fn over(prior: &State) -> Diagnostic {
    let detail = format!(
        "The elevation of the role {} ended at {}. What is left of it allows nothing. Remove it from the \
         configuration, or give it another end.",
        prior.role(),
        prior.expires_at.known().map(String::as_str).unwrap_or_default()
    );
    Diagnostic::warning("An elevation is over", detail).at(Path::attribute("expires_at"))
}

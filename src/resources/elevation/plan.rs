//! What an elevation will be, as far as it can be told before apply.

use super::grant::Elevated;
use super::state::State;
use crate::permissions;
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
    elevated.refuse_planner(&planned)?;
    if let Some(expiry) = planned.expiry() {
        if lasting.is_none() {
            expiry.refuse_past(account.now())?;
        }
        // What the role must not change follows from its path, its boundary and what it holds.
        if elevated.exists() {
            elevated.decide(&mut planned, &expiry)?;
        }
        if let Some(Attr::Known(policy)) = prior.as_ref().map(|prior| &prior.policy)
            && planned.policy.known().is_some_and(|wanted| permissions::same(wanted, policy))
        {
            planned.policy = Attr::Known(policy.clone());
        }
    }
    Ok(planned.into())
}

/// When it ends: as configured, or as it was granted for a length that has not changed.
fn expires_at(config: &State, prior: Option<&State>) -> Attr<String> {
    match (&config.expires_at, prior) {
        (Attr::Null, Some(prior)) if config.valid_for == prior.valid_for => prior.expires_at.clone(),
        (Attr::Null, _) => Attr::Unknown,
        (told, _) => told.clone(),
    }
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

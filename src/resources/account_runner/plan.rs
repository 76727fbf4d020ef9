//! What a runner's roles will be.

use super::parts::{Part, import_id, parts, seen, siblings};
use super::state::{Role, State};
use super::{around, settled};
use crate::aws::Stop;
use crate::provider::{Client, Place, place};
use crate::task_role::{self, Guarded};
use std::collections::BTreeMap;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Plan, Planned};
use tfplug::schema::{Attr, Map};

pub(super) async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
    let client = ctx.client()?;
    let Plan { config, prior, proposed } = req;
    let mut planned = proposed;
    let place = place(client, &config.account_id, &mut planned.account_id).await?;
    planned.id = id(&planned);
    if let Some(prior) = &prior
        && (prior.name != planned.name
            || prior.path != planned.path
            || prior.account_id != planned.account_id)
    {
        unprotected(prior)?;
    }
    planned.roles = match parts(&planned) {
        None => Attr::Unknown,
        Some(parts) => {
            let before = prior.as_ref().map(seen).unwrap_or_default();
            if let Some(prior) = &prior {
                stays(prior, &parts, (&planned, &before))?;
            }
            let roles = roles(ctx, &planned, (&parts, &before), place.as_ref()).await?;
            guard(ctx, &parts, &roles, &planned.guard).await?;
            let shown = |(part, role): (&Part<'_>, &task_role::State)| {
                (part.key.clone(), Attr::Known(Role::of(role)))
            };
            Attr::Known(parts.iter().zip(&roles).map(shown).collect())
        }
    };
    Ok(planned.into())
}

/// What the guard says of the roles, each by itself and against each other.
async fn guard(
    ctx: &Context<Client>,
    parts: &[Part<'_>],
    roles: &[task_role::State],
    said: &Attr<Map<String>>,
) -> Result<(), Diagnostics> {
    let places: Vec<_> = parts.iter().map(|part| move |path: &Path| part.place(path)).collect();
    let guarded: Vec<Guarded<'_>> =
        roles.iter().zip(&places).map(|(role, place)| Guarded { role, place }).collect();
    let found = settled(task_role::guard(ctx.client()?, &guarded, said).await);
    if found.has_errors() {
        return Err(found);
    }
    found.into_iter().for_each(|warning| ctx.warn(warning));
    Ok(())
}

/// The roles as they will be, in the order of their parts. All that is wrong with any of them is said at once.
async fn roles(
    ctx: &Context<Client>,
    planned: &State,
    (parts, before): (&[Part<'_>], &BTreeMap<String, task_role::State>),
    place: Option<&Place>,
) -> Result<Vec<task_role::State>, Diagnostics> {
    let stop = Stop::never();
    let siblings = place.map(|place| siblings(planned, place.home())).unwrap_or_default();
    let id = import_id(planned);
    let (mut roles, mut errors, mut warnings) = (Vec::new(), Diagnostics::new(), Diagnostics::new());
    for part in parts {
        let proposed = part.role(planned);
        let prior = before.get(&part.key).filter(|prior| prior.name == proposed.name).cloned();
        let kept = prior.as_ref().map_or((Attr::Unknown, Attr::Unknown), |prior| {
            (prior.unique_id.clone(), prior.create_date.clone())
        });
        let proposed = task_role::State { unique_id: kept.0, create_date: kept.1, ..proposed };
        let req = Plan { config: proposed.clone(), prior, proposed };
        let mut said = Diagnostics::new();
        match task_role::plan(around(ctx, &stop, (&id, &siblings))?, req, &mut said).await {
            Ok(role) => roles.push(role.state),
            Err(found) => errors.extend(placed(part, found)),
        }
        warnings.extend(placed(part, said));
    }
    settled(warnings).into_iter().for_each(|warning| ctx.warn(warning));
    if errors.has_errors() { Err(settled(errors)) } else { Ok(roles) }
}

/// Diagnostics of a role, at the runner's arguments from which it came.
pub(super) fn placed(part: &Part<'_>, found: Diagnostics) -> Diagnostics {
    let place = |found: Diagnostic| {
        let path = part.place(found.path.as_ref().unwrap_or(&Path::root()));
        found.at(path)
    };
    found.into_iter().map(place).collect()
}

fn id(planned: &State) -> Attr<String> {
    match (&planned.account_id, &planned.name) {
        (Attr::Known(account_id), Attr::Known(name)) => Attr::Known(format!("{account_id}/{name}")),
        _ => Attr::Unknown,
    }
}

/// Refuses to take away or rename a role of a protected runner.
fn stays(
    prior: &State,
    parts: &[Part<'_>],
    (planned, before): (&State, &BTreeMap<String, task_role::State>),
) -> Result<(), Diagnostics> {
    let is_gone = |(key, role): &(&String, &task_role::State)| {
        let part = parts.iter().find(|part| part.key == **key);
        // A name that is not known yet may be the same: the host plans again when it is.
        let is_other = |name: Attr<String>| !name.is_unknown() && name != role.name;
        part.is_none_or(|part| is_other(part.role(planned).name))
    };
    match before.iter().find(is_gone) {
        Some(_) => unprotected(prior),
        None => Ok(()),
    }
}

/// Refuses to destroy roles of a protected runner.
pub(super) fn unprotected(prior: &State) -> Result<(), Diagnostics> {
    if prior.deletion_protection != Attr::Known(true) {
        return Ok(());
    }
    let name = prior.name.known().map(String::as_str).unwrap_or_default();
    let detail = format!(
        "The runner {name} has `deletion_protection`, which holds for each of its roles. To destroy, replace or rename one, \
         set `deletion_protection = false`, apply, and try again."
    );
    let path = Path::attribute("deletion_protection");
    Err(Diagnostic::error("The runner's roles are protected from deletion", detail).at(path).into())
}

//! Making, reading, changing and removing the roles of a runner, all at the same time.
//!
//! Owns what is remembered when some of it failed: every role that is there, and no other.

use super::parts::{Part, import_id, parts, seen, siblings};
use super::plan::placed;
use super::state::{Role, State};
use super::{around, settled};
use crate::aws::Stop;
use crate::home::Home;
use crate::provider::{Client, entered};
use crate::task_role;
use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use std::collections::BTreeMap;
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::resource::{Failed, Update};
use tfplug::schema::{Attr, Map};

/// Roles at the same time; each takes some calls of its own.
const AT_ONCE: usize = 8;

type Roles = BTreeMap<String, task_role::State>;

/// What became of one role: it as it is now, if it is there, and what went wrong.
struct Outcome {
    key: String,
    role: Option<task_role::State>,
    found: Diagnostics,
}

/// One role to change.
struct Step<'a> {
    key: String,
    part: Option<&'a Part<'a>>,
    before: Option<task_role::State>,
    wanted: Option<task_role::State>,
}

pub(super) async fn create(ctx: &Context<Client>, mut planned: State) -> Result<State, Failed<State>> {
    let account = entered(ctx.client()?.aws()?, &planned.account_id).await?;
    planned.account_id = Attr::Known(account.id().to_owned());
    planned.id = planned.name.as_ref().map(|name| format!("{}/{name}", account.id()));
    let (roles, found) = change(ctx, &planned, Roles::new()).await?;
    if !found.has_errors() {
        return Ok(State { roles: shown(&roles), ..planned });
    }
    // Terraform replaces what was only half made, which protection would forbid for ever.
    let reached = State { roles: shown(&roles), deletion_protection: Attr::Known(false), ..planned };
    Err(Failed { diagnostics: found, reached: Some(reached).filter(|_| !roles.is_empty()) })
}

pub(super) async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
    let Update { prior, planned, .. } = req;
    let (roles, found) = change(ctx, &planned, seen(&prior)).await?;
    let roles = shown(&roles);
    match found.has_errors() {
        false => Ok(State { roles, ..planned }),
        // With the arguments of before, so that the next plan shows the rest.
        true => Err(Failed { diagnostics: found, reached: Some(State { roles, ..prior }) }),
    }
}

/// Brings the roles from `before` to what is planned. Answers with all that are there then.
async fn change(
    ctx: &Context<Client>,
    planned: &State,
    mut before: Roles,
) -> Result<(Roles, Diagnostics), Diagnostics> {
    let stop = Stop::from(ctx.stop().receiver());
    let account = entered(ctx.client()?.aws()?, &planned.account_id).await?;
    let home = Home { partition: account.partition(), account_id: account.id() };
    let siblings = siblings(planned, home);
    let parts = parts(planned).unwrap_or_default();
    let mut steps: Vec<Step<'_>> = Vec::new();
    for part in &parts {
        let asked = part.role(planned);
        let role = planned.roles.known().and_then(|roles| roles.get(&part.key)).and_then(Attr::known);
        let wanted = role.map_or_else(|| asked.clone(), |role| role.over(asked.clone()));
        let before = before.remove(&part.key);
        steps.push(Step { key: part.key.clone(), part: Some(part), before, wanted: Some(wanted) });
    }
    let left =
        before.into_iter().map(|(key, role)| Step { key, part: None, before: Some(role), wanted: None });
    steps.extend(left);
    let id = import_id(planned);
    let around = around(ctx, &stop, (&id, &siblings))?;
    // A name may go from one role to another, so what goes is gone before anything is made.
    let going: Vec<_> =
        steps.iter_mut().filter_map(Step::take_going).map(|step| step.run(around).boxed()).collect();
    let (left, mut found) = gathered(stream::iter(going).buffer_unordered(AT_ONCE).collect().await);
    steps.retain(|step| !left.contains_key(&step.key));
    let changes: Vec<_> = steps.into_iter().map(|step| step.run(around).boxed()).collect();
    let (mut roles, rest) = gathered(stream::iter(changes).buffer_unordered(AT_ONCE).collect().await);
    roles.extend(left);
    found.extend(rest);
    Ok((roles, settled(found)))
}

impl<'a> Step<'a> {
    /// The part of the step that takes a role away: one that has no task any more, or another name.
    fn take_going(&mut self) -> Option<Step<'a>> {
        let goes = match (&self.before, &self.wanted) {
            (Some(before), Some(wanted)) => before.name != wanted.name,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let before = self.before.take_if(|_| goes)?;
        Some(Step { key: self.key.clone(), part: self.part, before: Some(before), wanted: None })
    }

    async fn run(self, around: task_role::Surroundings<'_>) -> Outcome {
        let Self { key, part, before, wanted } = self;
        let done = match (before, wanted) {
            (Some(before), Some(wanted)) if before.name == wanted.name => {
                match Role::of(&before) == Role::of(&wanted) {
                    true => Ok(Some(wanted)),
                    false => {
                        let kept = before.clone();
                        let req = Update { config: wanted.clone(), prior: before, planned: wanted };
                        task_role::update(around, req)
                            .await
                            .map(Some)
                            .map_err(|failed| Failed { reached: failed.reached.or(Some(kept)), ..failed })
                    }
                }
            }
            (Some(before), _) => match task_role::delete(around, &before).await {
                Err(diagnostics) => Err(Failed { diagnostics, reached: Some(before) }),
                Ok(()) => Ok(None),
            },
            (None, Some(wanted)) => task_role::create(around, wanted).await.map(Some),
            (None, None) => Ok(None),
        };
        let (role, found) = match done {
            Ok(role) => (role, Diagnostics::new()),
            Err(failed) => (failed.reached, failed.diagnostics),
        };
        let found = part.map_or_else(|| found.clone(), |part| placed(part, found.clone()));
        Outcome { key, role, found }
    }
}

/// The runner as it is now; `None` when none of its roles is there.
pub(super) async fn read(ctx: &Context<Client>, state: State) -> Result<Option<State>, Diagnostics> {
    let stop = Stop::from(ctx.stop().receiver());
    let account = entered(ctx.client()?.aws()?, &state.account_id).await?;
    let home = Home { partition: account.partition(), account_id: account.id() };
    let siblings = siblings(&state, home);
    let id = import_id(&state);
    let around = around(ctx, &stop, (&id, &siblings))?;
    let reads = stream::iter(seen(&state)).map(|(key, role)| async move {
        let mut warnings = Diagnostics::new();
        let read = task_role::read(around, role, &mut warnings).await;
        (key, read, warnings)
    });
    let mut roles = Roles::new();
    let mut errors = Diagnostics::new();
    let mut reads = std::pin::pin!(reads.buffer_unordered(AT_ONCE));
    while let Some((key, read, warnings)) = reads.next().await {
        warnings.into_iter().for_each(|warning| ctx.warn(warning));
        match read {
            Ok(role) => roles.extend(role.map(|role| (key, role))),
            Err(found) => errors.extend(found),
        }
    }
    if errors.has_errors() {
        return Err(settled(errors));
    }
    Ok(Some(State { roles: shown(&roles), ..state }).filter(|_| !roles.is_empty()))
}

pub(super) async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
    super::plan::unprotected(&prior)?;
    let stop = Stop::from(ctx.stop().receiver());
    let id = import_id(&prior);
    let around = around(ctx, &stop, (&id, &[]))?;
    let steps = seen(&prior)
        .into_iter()
        .map(|(key, role)| Step { key, part: None, before: Some(role), wanted: None }.run(around).boxed());
    let (left, found) = gathered(stream::iter(steps).buffer_unordered(AT_ONCE).collect().await);
    match found.has_errors() {
        false => Ok(()),
        true => Err(Failed { diagnostics: found, reached: Some(State { roles: shown(&left), ..prior }) }),
    }
}

fn gathered(outcomes: Vec<Outcome>) -> (Roles, Diagnostics) {
    let (mut roles, mut all) = (Roles::new(), Diagnostics::new());
    for Outcome { key, role, found } in outcomes {
        roles.extend(role.map(|role| (key, role)));
        all.extend(found);
    }
    (roles, settled(all))
}

fn shown(roles: &Roles) -> Attr<Map<Role>> {
    Attr::Known(roles.iter().map(|(key, role)| (key.clone(), Attr::Known(Role::of(role)))).collect())
}

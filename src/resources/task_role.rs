//! `deployrunner_task_role`: the role that a runner assumes for one task.
//!
//! Owns what Terraform asks of the resource; the role itself is `task_role`'s.

use crate::aws::Stop;
use crate::permissions;
use crate::provider::Client;
use crate::task::Task;
use crate::task_role::{self, Guarded, Identity, State, Surroundings};
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::path::Path;
use tfplug::resource::{Create, Failed, Import, Plan, Planned, Read, Resource, Update};

/// Private data that says: what the role holds was there before this configuration.
const IMPORTED: &str = "imported";

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
        task_role::validate(config, found);
        if config.task() == Some(Task::TerraformApplier) {
            found.extend(permissions::applier_without(&config.permissions, &Path::attribute("permissions")));
        }
    }

    async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
        let (stop, mut warnings) = (stop(ctx), Diagnostics::new());
        let prior = req.prior.clone();
        let planned = task_role::plan(surroundings(ctx, &stop)?, req, &mut warnings).await;
        warnings.into_iter().for_each(|warning| ctx.warn(warning));
        let planned = planned?;
        task_role::refuse_opening(ctx.client()?, prior.as_ref(), &planned.state).await?;
        let role = Guarded { role: &planned.state, place: &Clone::clone };
        let found = task_role::guard(ctx.client()?, &[role], &planned.state.guard).await;
        judged(ctx, found)?;
        Ok(planned)
    }

    async fn plan_destroy(_: &Context<Client>, prior: State) -> Result<(), Diagnostics> {
        task_role::unprotected(&prior)
    }

    async fn create(ctx: &Context<Client>, req: Create<State>) -> Result<State, Failed<State>> {
        task_role::create(surroundings(ctx, &stop(ctx))?, req.planned).await
    }

    async fn read(ctx: &Context<Client>, req: Read<State>) -> Result<Option<State>, Diagnostics> {
        let is_imported = req.state.is_imported();
        let (stop, mut warnings) = (stop(ctx), Diagnostics::new());
        let seen = task_role::read(surroundings(ctx, &stop)?, req.state, &mut warnings).await;
        warnings.into_iter().for_each(|warning| ctx.warn(warning));
        if is_imported && matches!(seen, Ok(Some(_))) {
            ctx.set_private(IMPORTED, Some(true.into()));
        }
        seen
    }

    async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
        let updated = task_role::update(surroundings(ctx, &stop(ctx))?, req).await?;
        ctx.set_private(IMPORTED, None);
        Ok(updated)
    }

    async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
        task_role::delete(surroundings(ctx, &stop(ctx))?, &prior).await.map_err(Into::into)
    }

    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
        task_role::target(ctx.client()?, target).await
    }
}

/// Tells the guard's warnings, and refuses the plan if there is more.
fn judged(ctx: &Context<Client>, found: Diagnostics) -> Result<(), Diagnostics> {
    if found.has_errors() {
        return Err(found);
    }
    found.into_iter().for_each(|warning| ctx.warn(warning));
    Ok(())
}

fn stop(ctx: &Context<Client>) -> Stop {
    Stop::from(ctx.stop().receiver())
}

/// What a single role has at hand: it has no siblings.
fn surroundings<'a>(ctx: &'a Context<Client>, stop: &'a Stop) -> Result<Surroundings<'a>, Diagnostics> {
    let is_first_change = ctx.private(IMPORTED).is_some();
    Ok(Surroundings { client: ctx.client()?, stop, siblings: &[], runner: None, is_first_change })
}

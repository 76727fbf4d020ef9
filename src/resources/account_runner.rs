//! `deployrunner_account_runner`: the roles of one account's deploy runner, as one thing.
//!
//! Owns what Terraform asks of the resource, and what the tasks have in common. Each role is `task_role`'s.

mod apply;
mod import;
mod parts;
mod plan;
mod state;
mod validate;

use crate::aws::Stop;
use crate::provider::Client;
use crate::task_role::Surroundings;
use state::{Identity, State};
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::resource::{Create, Failed, Import, Plan, Planned, Read, Resource, Update};

/// Private data that says: what the roles hold was there before this configuration.
const IMPORTED: &str = "imported";

/// The resource.
#[derive(Debug)]
pub(super) struct AccountRunner;

impl Resource for AccountRunner {
    const NAME: &'static str = "account_runner";
    type State = State;
    type Identity = Identity;
    type Client = Client;

    fn identity(state: &State) -> Option<Identity> {
        import::identity(state)
    }

    fn validate(config: &State, found: &mut Diagnostics) {
        validate::validate(config, found);
    }

    async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
        plan::plan(ctx, req).await
    }

    async fn plan_destroy(_: &Context<Client>, prior: State) -> Result<(), Diagnostics> {
        plan::unprotected(&prior)
    }

    async fn create(ctx: &Context<Client>, req: Create<State>) -> Result<State, Failed<State>> {
        apply::create(ctx, req.planned).await
    }

    async fn read(ctx: &Context<Client>, req: Read<State>) -> Result<Option<State>, Diagnostics> {
        let is_imported = import::is_imported(&req.state);
        let seen = apply::read(ctx, req.state).await?;
        if is_imported && seen.is_some() {
            ctx.set_private(IMPORTED, Some(true.into()));
        }
        Ok(seen)
    }

    async fn update(ctx: &Context<Client>, req: Update<State>) -> Result<State, Failed<State>> {
        let updated = apply::update(ctx, req).await?;
        ctx.set_private(IMPORTED, None);
        Ok(updated)
    }

    async fn delete(ctx: &Context<Client>, prior: State) -> Result<(), Failed<State>> {
        apply::delete(ctx, prior).await
    }

    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
        import::target(ctx, target).await
    }
}

/// What the operations on one of the roles have at hand.
fn around<'a>(
    ctx: &'a Context<Client>,
    stop: &'a Stop,
    (import_id, siblings): (&'a str, &'a [String]),
) -> Result<Surroundings<'a>, Diagnostics> {
    let is_first_change = ctx.private(IMPORTED).is_some();
    let runner = Some(import_id);
    Ok(Surroundings { client: ctx.client()?, stop, siblings, runner, is_first_change })
}

/// Each diagnostic once: what the roles have in common is wrong for each of them.
fn settled(found: Diagnostics) -> Diagnostics {
    let mut all: Vec<_> = Vec::new();
    for diagnostic in found {
        if !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }
    all.into_iter().collect()
}

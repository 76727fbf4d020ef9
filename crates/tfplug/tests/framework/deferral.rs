//! What cannot be done until more is known: put off where the host allows it, an error where it does not.

use crate::errors;
use crate::stub::{Behavior, Client, Identity, Stub, Thing};
use serde_json::json;
use tfplug::action::{Action, Progress};
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Deferral, Diagnostic, Diagnostics};
use tfplug::ephemeral_resource::{EphemeralResource, Opened};
use tfplug::provider::{Host, Provider, Registry};
use tfplug::resource::{Import, Plan, Planned, Read};
use tfplug::schema::{Attr, computed};
use tfplug::testing::harness::{Harness, unknown};

struct Waiting;

impl Behavior for Waiting {
    async fn plan(ctx: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        ctx.client()?.region()?;
        if req.config.note.is_unknown() {
            let why = Diagnostic::error("The note is not known yet", "It is needed to plan.");
            return Err(why.or_defer(Deferral::ResourceConfigUnknown).into());
        }
        Ok(req.proposed.into())
    }

    async fn plan_destroy(ctx: &Context<Client>, _: Thing) -> Result<(), Diagnostics> {
        ctx.client()?.region().map(|_| ())
    }

    async fn read(ctx: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        ctx.client()?.region()?;
        Ok(Some(req.state))
    }

    async fn import(ctx: &Context<Client>, _: Import<Identity>) -> Result<Thing, Diagnostics> {
        ctx.client()?.region()?;
        Ok(Thing::default())
    }
}

tfplug::object! {
    struct Region { name: String = computed(), }
}

struct Everything;

impl Provider for Everything {
    const NAME: &'static str = "stub";
    type Config = crate::stub::Settings;
    type Client = Client;

    async fn configure(config: crate::stub::Settings, host: Host) -> Result<Client, Diagnostics> {
        crate::stub::client(config, host).await
    }

    fn registry() -> Registry<Client> {
        Registry::new()
            .resource::<Stub<Waiting>>()
            .data_source::<Everything>()
            .ephemeral_resource::<Everything>()
            .action::<Everything>()
    }
}

impl DataSource for Everything {
    const NAME: &'static str = "region";
    type State = Region;
    type Client = Client;

    async fn read(ctx: &Context<Client>, _: Region) -> Result<Region, Diagnostics> {
        Ok(Region { name: Attr::Known(ctx.client()?.region()?) })
    }
}

impl EphemeralResource for Everything {
    const NAME: &'static str = "region";
    type State = Region;
    type Client = Client;

    async fn open(ctx: &Context<Client>, _: Region) -> Result<Opened<Region>, Diagnostics> {
        Ok(Opened { result: Region { name: Attr::Known(ctx.client()?.region()?) }, renew_at: None })
    }
}

impl Action for Everything {
    const NAME: &'static str = "region";
    type Config = Region;
    type Client = Client;

    async fn plan(ctx: &Context<Client>, _: Region) -> Result<(), Diagnostics> {
        ctx.client()?.region().map(|_| ())
    }

    async fn invoke(_: &Context<Client>, _: Region, _: &Progress) -> Result<(), Diagnostics> {
        Ok(())
    }
}

const NOT_KNOWN: &str = "The region is not known yet: It comes from another resource.";
const PROVIDER: Option<Deferral> = Some(Deferral::ProviderConfigUnknown);

#[tokio::test]
async fn a_host_that_allows_it_is_told_why_each_operation_waits() {
    let host = Harness::<Everything>::allowing_deferral();
    host.configure(json!({"region": "north"})).await.unwrap();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a"}), None).await.unwrap();
    let plan = thing.plan(json!({"name": "a", "note": unknown()}), Some(&made)).await.unwrap();
    assert_eq!(plan.deferred, Some(Deferral::ResourceConfigUnknown));

    host.configure(json!({"region": unknown()})).await.unwrap();
    let plan = thing.plan(json!({"name": "b"}), None).await.unwrap();
    assert_eq!(
        (plan.deferred, &plan.json()["name"], &plan.json()["id"]),
        (PROVIDER, &json!("b"), &unknown())
    );
    assert_eq!(thing.plan_destroy(&made).await.unwrap().deferred, PROVIDER);
    let read = thing.read(&made).await.unwrap().unwrap();
    assert_eq!((read.deferred, read.state, read.identity), (PROVIDER, made.state, made.identity));
    assert_eq!(thing.import("x").await.unwrap().deferred, PROVIDER);
    let answer = host.data_source("stub_region").read(json!({})).await.unwrap();
    assert_eq!((answer.deferred, answer.state.is_unknown()), (PROVIDER, true));
    let opened = host.ephemeral_resource("stub_region").open(json!({})).await.unwrap();
    assert_eq!((opened.deferred, opened.result.is_unknown()), (PROVIDER, true));
    assert_eq!(host.action("stub_region").plan(json!({})).await, Ok(PROVIDER));
}

#[tokio::test]
async fn for_any_other_host_it_is_an_error() {
    let host = Harness::<Everything>::new();
    host.configure(json!({"region": "north"})).await.unwrap();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a"}), None).await.unwrap();
    let waits = thing.plan(json!({"name": "a", "note": unknown()}), Some(&made)).await.unwrap_err();
    assert_eq!(errors(&waits), "The note is not known yet: It is needed to plan.");

    host.configure(json!({"region": unknown()})).await.unwrap();
    assert_eq!(errors(&thing.plan(json!({"name": "b"}), None).await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&thing.plan_destroy(&made).await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&thing.read(&made).await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&thing.import("x").await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&host.data_source("stub_region").read(json!({})).await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&host.ephemeral_resource("stub_region").open(json!({})).await.unwrap_err()), NOT_KNOWN);
    assert_eq!(errors(&host.action("stub_region").plan(json!({})).await.unwrap_err()), NOT_KNOWN);
}

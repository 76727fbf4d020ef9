//! A provider with one of everything. It either does its work or panics in all of it.

use crate::action::{Action, Progress};
use crate::context::Context;
use crate::data_source::DataSource;
use crate::diagnostics::Diagnostics;
use crate::ephemeral_resource::{EphemeralResource, Opened};
use crate::function::{Function, FunctionError};
use crate::list_resource::{Found, List as ListRequest, ListResource};
use crate::provider::{Host, Provider, Registry};
use crate::resource::{Create, Failed, Import, Move, Plan, Planned, Read, Resource, Update};
use crate::schema::{List, Map, computed, optional, required};
use serde_json::Value as Json;
use std::marker::PhantomData;

crate::object! {
    /// A thing.
    pub(super) struct Thing {
        /// Its name.
        pub(super) name: String = required(),
        /// Old.
        pub(super) old: String = optional().sensitive().deprecated("Use `name`."),
        /// Secret.
        pub(super) secret: String = optional().write_only(),
        /// Parts.
        pub(super) parts: Map<Part> = optional(),
        /// Its ID.
        pub(super) id: String = computed(),
    }
}

crate::object! {
    pub(super) struct Part { mode: String = optional(), }
}

crate::object! {
    pub(super) struct Identity { name: String = required(), zone: String = optional(), }
}

crate::object! {
    pub(super) struct Settings { region: String = optional(), }
}

crate::object! {
    /// Joins texts.
    pub(super) struct Texts {
        by: String = required(),
        texts: List<String> = required(),
    }
}

/// Whether the provider panics.
pub(super) trait Mood: Send + Sync + 'static {
    /// Called first in every operation.
    fn act();
}

pub(super) struct Calm;

impl Mood for Calm {
    fn act() {}
}

pub(super) struct Panicking;

impl Mood for Panicking {
    fn act() {
        panic!("out of cheese")
    }
}

#[derive(Debug)]
pub(super) struct Stub<M>(PhantomData<M>);

impl<M: Mood> Provider for Stub<M> {
    const NAME: &'static str = "stub";
    type Config = Settings;
    type Client = ();

    fn validate(_: &Settings, _: &mut Diagnostics) {
        M::act();
    }

    async fn configure(_: Settings, _: Host) -> Result<(), Diagnostics> {
        M::act();
        Ok(())
    }

    fn registry() -> Registry<()> {
        Registry::new()
            .resource::<Stub<M>>()
            .data_source::<Stub<M>>()
            .function::<Stub<M>>()
            .ephemeral_resource::<Stub<M>>()
            .list_resource::<Stub<M>>()
            .action::<Stub<M>>()
    }
}

impl<M: Mood> Resource for Stub<M> {
    const NAME: &'static str = "thing";
    type State = Thing;
    type Identity = Identity;
    type Client = ();

    fn validate(_: &Thing, _: &mut Diagnostics) {
        M::act();
    }

    async fn plan(_: &Context<()>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        M::act();
        Ok(req.proposed.into())
    }

    async fn create(_: &Context<()>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        M::act();
        Ok(req.planned)
    }

    async fn read(_: &Context<()>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        M::act();
        Ok(Some(req.state))
    }

    async fn update(_: &Context<()>, req: Update<Thing>) -> Result<Thing, Failed<Thing>> {
        M::act();
        Ok(req.planned)
    }

    async fn delete(_: &Context<()>, _: Thing) -> Result<(), Failed<Thing>> {
        M::act();
        Ok(())
    }

    async fn import(_: &Context<()>, _: Import<Identity>) -> Result<Thing, Diagnostics> {
        M::act();
        Ok(Thing::default())
    }

    fn upgrade(_: i64, _: &Json) -> Result<Thing, Diagnostics> {
        M::act();
        Ok(Thing::default())
    }

    fn schema() -> crate::schema::Schema {
        crate::schema::Schema::of::<Thing>().version(1)
    }

    fn take_over(_: &Move) -> Result<Option<Thing>, Diagnostics> {
        M::act();
        Ok(None)
    }
}

impl<M: Mood> DataSource for Stub<M> {
    const NAME: &'static str = "thing";
    type State = Thing;
    type Client = ();

    fn validate(_: &Thing, _: &mut Diagnostics) {
        M::act();
    }

    async fn read(_: &Context<()>, config: Thing) -> Result<Thing, Diagnostics> {
        M::act();
        Ok(config)
    }
}

impl<M: Mood> Function for Stub<M> {
    const NAME: &'static str = "join";
    const SUMMARY: &'static str = "Joins.";
    const VARIADIC: bool = true;
    type Arguments = Texts;
    type Output = String;

    fn call(_: Texts) -> Result<String, FunctionError> {
        M::act();
        Ok(String::new())
    }
}

impl<M: Mood> EphemeralResource for Stub<M> {
    const NAME: &'static str = "thing";
    type State = Thing;
    type Client = ();

    fn validate(_: &Thing, _: &mut Diagnostics) {
        M::act();
    }

    async fn open(_: &Context<()>, config: Thing) -> Result<Opened<Thing>, Diagnostics> {
        M::act();
        Ok(Opened { result: config, renew_at: None })
    }

    async fn renew(_: &Context<()>) -> Result<Option<std::time::SystemTime>, Diagnostics> {
        M::act();
        Ok(None)
    }

    async fn close(_: &Context<()>) -> Result<(), Diagnostics> {
        M::act();
        Ok(())
    }
}

impl<M: Mood> ListResource for Stub<M> {
    type Resource = Stub<M>;
    type Config = Settings;
    type Client = ();

    fn validate(_: &Settings, _: &mut Diagnostics) {
        M::act();
    }

    async fn list(_: &Context<()>, _: ListRequest<Settings>, _: &Found<Stub<M>>) -> Result<(), Diagnostics> {
        M::act();
        Ok(())
    }
}

impl<M: Mood> Action for Stub<M> {
    const NAME: &'static str = "thing";
    type Config = Thing;
    type Client = ();

    fn validate(_: &Thing, _: &mut Diagnostics) {
        M::act();
    }

    async fn plan(_: &Context<()>, _: Thing) -> Result<(), Diagnostics> {
        M::act();
        Ok(())
    }

    async fn invoke(_: &Context<()>, _: Thing, _: &Progress) -> Result<(), Diagnostics> {
        M::act();
        Ok(())
    }
}

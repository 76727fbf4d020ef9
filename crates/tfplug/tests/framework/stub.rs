//! A provider whose resource does what each test tells it, by the methods that the test overrides.

use serde_json::Value as Json;
use std::future::Future;
use std::marker::PhantomData;
use tfplug::context::Context;
use tfplug::diagnostics::{Deferral, Diagnostic, Diagnostics};
use tfplug::provider::{Host, Provider, Registry};
use tfplug::resource::{Create, Failed, Import, Move, Plan, Planned, Read, Resource, Update};
use tfplug::schema::{Attr, Map, Schema, computed, optional, required};

tfplug::object! {
    /// Where the provider works.
    pub struct Settings {
        /// The region.
        pub(crate) region: String = optional().one_of(&["north", "south"]),
    }
}

/// What the provider makes of its configuration.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) region: Attr<String>,
    pub(crate) host: String,
}

impl Client {
    /// The region, once it is known.
    pub(crate) fn region(&self) -> Result<String, Diagnostics> {
        match &self.region {
            Attr::Unknown => {
                let why = Diagnostic::error("The region is not known yet", "It comes from another resource.");
                Err(why.or_defer(Deferral::ProviderConfigUnknown).into())
            }
            Attr::Null => Ok("nowhere".to_owned()),
            Attr::Known(region) => Ok(region.clone()),
        }
    }
}

/// The configuration of every provider here.
pub(crate) async fn client(config: Settings, host: Host) -> Result<Client, Diagnostics> {
    if config.region.known().is_some_and(|region| region == "south") {
        return Err(Diagnostics::error("Wrong way", "Nothing is in the south."));
    }
    Ok(Client { region: config.region, host: host.version })
}

tfplug::object! {
    /// A thing.
    pub struct Thing {
        /// Its name.
        pub name: String = required().replace(),
        /// A note.
        pub note: String = optional(),
        /// Its size.
        pub size: i64 = optional().default_to(1_i64),
        /// Its password.
        pub secret: String = optional().write_only().sensitive(),
        /// Its ID.
        pub id: String = computed().keep().never_null(),
        /// How often it was changed.
        pub revision: i64 = computed(),
        /// Its parts.
        pub parts: Map<Part> = optional(),
    }
}

tfplug::object! {
    /// A part.
    pub struct Part {
        /// How it works.
        pub mode: String = optional().default_to("auto".to_owned()),
        /// Its number.
        pub number: i64 = computed().keep(),
    }
}

tfplug::object! {
    /// Which thing.
    pub struct Identity {
        /// Its ID.
        pub id: String = required(),
        /// Where it is.
        pub(crate) region: String = optional(),
    }
}

/// A thing as it becomes when it is made or changed.
pub(crate) fn done(planned: Thing, revision: i64) -> Thing {
    let parts = planned.parts.map(|parts| {
        let number = |(key, part): (String, Attr<Part>)| {
            (key, part.map(|part| Part { number: Attr::Known(7), ..part }))
        };
        parts.into_iter().map(number).collect()
    });
    let id = match &planned.id {
        Attr::Known(id) => Attr::Known(id.clone()),
        _ => planned.name.clone().map(|name| format!("id-{name}")),
    };
    Thing { id, revision: Attr::Known(revision), parts, ..planned }
}

/// What the resource does. Each method does what a good provider would, until a test overrides it.
pub(crate) trait Behavior: Send + Sync + 'static {
    fn schema() -> Schema {
        Schema::of::<Thing>().version(2)
    }

    fn identity(thing: &Thing) -> Option<Identity> {
        Some(Identity { id: thing.id.clone(), region: Attr::Known("north".into()) })
    }

    fn validate(_: &Thing, _: &mut Diagnostics) {}

    fn plan(
        _: &Context<Client>,
        req: Plan<Thing>,
    ) -> impl Future<Output = Result<Planned<Thing>, Diagnostics>> + Send {
        async { Ok(req.proposed.into()) }
    }

    fn plan_destroy(_: &Context<Client>, _: Thing) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        async { Ok(()) }
    }

    fn create(
        _: &Context<Client>,
        req: Create<Thing>,
    ) -> impl Future<Output = Result<Thing, Failed<Thing>>> + Send {
        async { Ok(done(req.planned, 1)) }
    }

    fn read(
        _: &Context<Client>,
        req: Read<Thing>,
    ) -> impl Future<Output = Result<Option<Thing>, Diagnostics>> + Send {
        async { Ok(Some(req.state)) }
    }

    fn update(
        _: &Context<Client>,
        req: Update<Thing>,
    ) -> impl Future<Output = Result<Thing, Failed<Thing>>> + Send {
        async move {
            let revision = req.prior.revision.into_known().unwrap_or(0) + 1;
            Ok(done(req.planned, revision))
        }
    }

    fn delete(_: &Context<Client>, _: Thing) -> impl Future<Output = Result<(), Failed<Thing>>> + Send {
        async { Ok(()) }
    }

    fn import(
        _: &Context<Client>,
        target: Import<Identity>,
    ) -> impl Future<Output = Result<Thing, Diagnostics>> + Send {
        async {
            let id = match target {
                Import::Id(id) => Attr::Known(id),
                Import::Identity(identity) => identity.id,
            };
            Ok(Thing { id, ..Thing::default() })
        }
    }

    fn upgrade(from: i64, _: &Json) -> Result<Thing, Diagnostics> {
        Err(Diagnostics::error("Too old", format!("Version {from} is from another age.")))
    }

    fn take_over(_: &Move) -> Result<Option<Thing>, Diagnostics> {
        Ok(None)
    }
}

/// A resource that does nothing special.
#[derive(Debug)]
pub(crate) struct Plain;

impl Behavior for Plain {}

/// The provider `stub` with the resource `stub_thing`, which behaves as `B` says.
#[derive(Debug)]
pub(crate) struct Stub<B>(PhantomData<B>);

impl<B: Behavior> Provider for Stub<B> {
    const NAME: &'static str = "stub";
    type Config = Settings;
    type Client = Client;

    fn validate(config: &Settings, found: &mut Diagnostics) {
        if config.region.is_null() {
            found.push(Diagnostic::warning("No region", "The provider works nowhere."));
        }
    }

    async fn configure(config: Settings, host: Host) -> Result<Client, Diagnostics> {
        client(config, host).await
    }

    fn registry() -> Registry<Client> {
        Registry::new().resource::<Self>()
    }
}

impl<B: Behavior> Resource for Stub<B> {
    const NAME: &'static str = "thing";
    type State = Thing;
    type Identity = Identity;
    type Client = Client;

    fn schema() -> Schema {
        B::schema()
    }

    fn identity(state: &Thing) -> Option<Identity> {
        B::identity(state)
    }

    fn validate(config: &Thing, found: &mut Diagnostics) {
        B::validate(config, found);
    }

    async fn plan(ctx: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        B::plan(ctx, req).await
    }

    async fn plan_destroy(ctx: &Context<Client>, prior: Thing) -> Result<(), Diagnostics> {
        B::plan_destroy(ctx, prior).await
    }

    async fn create(ctx: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        B::create(ctx, req).await
    }

    async fn read(ctx: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        B::read(ctx, req).await
    }

    async fn update(ctx: &Context<Client>, req: Update<Thing>) -> Result<Thing, Failed<Thing>> {
        B::update(ctx, req).await
    }

    async fn delete(ctx: &Context<Client>, prior: Thing) -> Result<(), Failed<Thing>> {
        B::delete(ctx, prior).await
    }

    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<Thing, Diagnostics> {
        B::import(ctx, target).await
    }

    fn upgrade(from: i64, state: &Json) -> Result<Thing, Diagnostics> {
        B::upgrade(from, state)
    }

    fn take_over(source: &Move) -> Result<Option<Thing>, Diagnostics> {
        B::take_over(source)
    }
}

/// A provider of nothing but this registry.
macro_rules! provider {
    ($name:ident, $registry:expr) => {
        #[derive(Debug)]
        struct $name;

        impl tfplug::provider::Provider for $name {
            const NAME: &'static str = "stub";
            type Config = crate::stub::Settings;
            type Client = crate::stub::Client;

            async fn configure(
                config: crate::stub::Settings,
                host: tfplug::provider::Host,
            ) -> Result<crate::stub::Client, tfplug::diagnostics::Diagnostics> {
                crate::stub::client(config, host).await
            }

            fn registry() -> tfplug::provider::Registry<crate::stub::Client> {
                $registry
            }
        }
    };
}

pub(crate) use provider;

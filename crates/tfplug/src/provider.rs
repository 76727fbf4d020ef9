//! What a provider is: its configuration, its client, and the list of what it offers.

use crate::action::Action;
use crate::data_source::DataSource;
use crate::diagnostics::Diagnostics;
use crate::ephemeral_resource::EphemeralResource;
use crate::function::Function;
use crate::list_resource::ListResource;
use crate::resource::Resource;
use crate::schema::{Object, Schema};
use crate::server::{AnyAction, AnyDataSource, AnyEphemeral, AnyFunction, AnyList, AnyResource, Typed};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

/// A provider: implement this once, and [`serve`](crate::plugin::serve) it.
pub trait Provider: Send + Sync + 'static {
    /// Its type name, which prefixes the names of all it offers: `random` for `random_pet`.
    const NAME: &'static str;
    /// The provider block.
    type Config: Object;
    /// What operations work with; made once by [`configure`](Self::configure), shared by all.
    type Client: Send + Sync + 'static;

    /// The schema of the provider block.
    fn schema() -> Schema {
        Schema::of::<Self::Config>()
    }

    /// Checks the provider block beyond what the schema's own checks see. Values may be unknown.
    fn validate(config: &Self::Config, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Makes the client. Values may be unknown during a plan, and this must be quick: no network here.
    fn configure(
        config: Self::Config,
        host: Host,
    ) -> impl Future<Output = Result<Self::Client, Diagnostics>> + Send;

    /// All that the provider offers.
    fn registry() -> Registry<Self::Client>;
}

/// The program that runs the provider.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// Its version, such as `1.15.5`. OpenTofu gives its own.
    pub version: String,
}

/// What a provider offers, by full name. Built once, never changed while serving.
pub struct Registry<C> {
    pub(crate) resources: BTreeMap<&'static str, Box<dyn AnyResource<C>>>,
    pub(crate) data_sources: BTreeMap<&'static str, Box<dyn AnyDataSource<C>>>,
    pub(crate) functions: BTreeMap<&'static str, Box<dyn AnyFunction>>,
    pub(crate) ephemeral_resources: BTreeMap<&'static str, Box<dyn AnyEphemeral<C>>>,
    pub(crate) list_resources: BTreeMap<&'static str, Box<dyn AnyList<C>>>,
    pub(crate) actions: BTreeMap<&'static str, Box<dyn AnyAction<C>>>,
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self {
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            functions: BTreeMap::new(),
            ephemeral_resources: BTreeMap::new(),
            list_resources: BTreeMap::new(),
            actions: BTreeMap::new(),
        }
    }
}

impl<C> fmt::Debug for Registry<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("resources", &self.resources.keys())
            .field("data_sources", &self.data_sources.keys())
            .field("functions", &self.functions.keys())
            .finish_non_exhaustive()
    }
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a managed resource.
    #[must_use]
    pub fn resource<R: Resource<Client = C>>(mut self) -> Self {
        self.resources.insert(R::NAME, Box::new(Typed::<R>::new()));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSource<Client = C>>(mut self) -> Self {
        self.data_sources.insert(D::NAME, Box::new(Typed::<D>::new()));
        self
    }

    /// Adds a function.
    #[must_use]
    pub fn function<F: Function>(mut self) -> Self {
        self.functions.insert(F::NAME, Box::new(Typed::<F>::new()));
        self
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Client = C>>(mut self) -> Self {
        self.ephemeral_resources.insert(E::NAME, Box::new(Typed::<E>::new()));
        self
    }

    /// Adds a list resource; its name is that of the resource that it lists.
    #[must_use]
    pub fn list_resource<L: ListResource<Client = C>>(mut self) -> Self {
        self.list_resources.insert(L::Resource::NAME, Box::new(Typed::<L>::new()));
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn action<A: Action<Client = C>>(mut self) -> Self {
        self.actions.insert(A::NAME, Box::new(Typed::<A>::new()));
        self
    }
}

//! What a list resource is: the existing objects of a managed resource, found one after another.

use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::resource::Resource;
use crate::schema::{Object, Schema, Shape};
use crate::server::RawListed;
use std::future::Future;
use std::marker::PhantomData;
use tokio::sync::mpsc;

/// A list resource (`terraform query`, Terraform since 1.14).
pub trait ListResource: Send + Sync + 'static {
    /// The resource whose objects it lists. Its identity must not be
    /// [`NoIdentity`](crate::resource::NoIdentity).
    type Resource: Resource<Client = Self::Client>;
    /// Its arguments: filters.
    type Config: Object;
    /// The provider's client.
    type Client: Send + Sync + 'static;

    /// Its schema.
    fn schema() -> Schema {
        Schema::of::<Self::Config>()
    }

    /// Checks a configuration beyond what the schema's own checks see, silent about unknown values.
    fn validate(config: &Self::Config, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Finds objects and gives each to `found`, until that answers that it has enough.
    fn list(
        ctx: &Context<Self::Client>,
        req: List<Self::Config>,
        found: &Found<Self::Resource>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// A request to list.
#[derive(Debug, Clone)]
pub struct List<C> {
    /// The filters.
    pub config: C,
    /// Whether the host wants the whole object with each identity.
    pub include_object: bool,
    /// The most objects that the host wants.
    pub limit: usize,
}

/// One object found.
#[derive(Debug, Clone)]
pub struct Listed<R: Resource> {
    /// Which object it is.
    pub identity: R::Identity,
    /// What to call it in a list.
    pub display_name: String,
    /// All of it, if the host asked.
    pub object: Option<R::State>,
}

/// Where found objects go.
#[derive(Debug)]
pub struct Found<R> {
    sender: mpsc::Sender<RawListed>,
    resource: PhantomData<R>,
}

impl<R: Resource> Found<R> {
    pub(crate) fn new(sender: mpsc::Sender<RawListed>) -> Self {
        Self { sender, resource: PhantomData }
    }

    /// Gives one object to the host. `false`: it wants no more.
    pub async fn send(&self, listed: Listed<R>) -> bool {
        let raw = RawListed {
            identity: listed.identity.encode(),
            display_name: listed.display_name,
            object: listed.object.map(|object| object.encode()),
        };
        self.sender.send(raw).await.is_ok()
    }
}

//! What a data source is.

use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::schema::{Object, Schema};
use std::future::Future;

/// A data source.
pub trait DataSource: Send + Sync + 'static {
    /// Its name without the provider's.
    const NAME: &'static str;
    /// Its arguments and what it answers.
    type State: Object;
    /// The provider's client.
    type Client: Send + Sync + 'static;

    /// Its schema.
    fn schema() -> Schema {
        Schema::of::<Self::State>()
    }

    /// Checks a configuration beyond what the schema's own checks see, silent about unknown values.
    fn validate(config: &Self::State, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Answers a wholly known configuration.
    fn read(
        ctx: &Context<Self::Client>,
        config: Self::State,
    ) -> impl Future<Output = Result<Self::State, Diagnostics>> + Send;
}

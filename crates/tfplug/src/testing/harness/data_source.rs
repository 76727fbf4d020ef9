//! A data source as a host uses it.

use super::wire::{self, answer, warnings};
use super::{Harness, Written, flattened, shown, verdict, wholly_known};
use crate::diagnostics::{Deferral, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use pb::provider_server::Provider as _;
use serde_json::Value as Json;
use tonic::Request;

/// A data source.
#[derive(Debug)]
pub struct DataSource<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// What a data source answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its arguments and what it answers.
    pub state: Value,
    /// What the provider warned of.
    pub warnings: Diagnostics,
    /// Why the provider put the answer off, if it did.
    pub deferred: Option<Deferral>,
}

impl Answer {
    /// The answer as JSON.
    pub fn json(&self) -> Json {
        shown(&self.state)
    }
}

impl<'a, P: Provider> DataSource<'a, P> {
    pub(super) fn new(host: &'a Harness<P>, name: &str) -> Self {
        Self { host, name: name.to_owned() }
    }

    /// What the provider finds in a configuration: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.schema().await?.ty();
            let request = pb::validate_data_resource_config::Request {
                type_name: self.name.clone(),
                config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            };
            let response = answer(self.host.rpc.validate_data_resource_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Reads it.
    ///
    /// # Errors
    /// The provider fails, or the host refuses its answer.
    pub async fn read(&self, config: impl Into<Written>) -> Result<Answer, Diagnostics> {
        let schema = self.schema().await?;
        let ty = schema.ty();
        let config = config.into().value(&ty)?;
        let request = pb::read_data_source::Request {
            type_name: self.name.clone(),
            config: Some(wire::encode(&config, &ty)),
            client_capabilities: self.host.capabilities(),
            ..Default::default()
        };
        let response = answer(self.host.rpc.read_data_source(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let deferred = self.host.deferred(response.deferred)?;
        let state = wire::decode(response.state.as_ref(), &ty)?;
        if deferred.is_none() {
            wholly_known(&state, "Provider produced invalid object")?;
            verdict::plan(&schema.attributes, (&Value::Null, &config), &state)?;
        }
        Ok(Answer { state, warnings, deferred })
    }

    async fn schema(&self) -> Result<Schema, Diagnostics> {
        Ok(wire::named(&self.host.schemas().await?.data_sources, &self.name))
    }
}

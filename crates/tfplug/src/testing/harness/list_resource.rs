//! A list resource as a host uses it.

use super::wire::{self, answer};
use super::{Harness, Written, flattened, shown, wholly_known};
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::value::Type;
use pb::provider_server::Provider as _;
use serde_json::Value as Json;
use tokio_stream::StreamExt as _;
use tonic::Request;

/// A list resource.
#[derive(Debug)]
pub struct ListResource<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// One object found.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Which object it is.
    pub identity: Json,
    /// What it is called.
    pub display_name: String,
    /// All of it, if the host asked.
    pub object: Option<Json>,
}

/// All that came.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The objects, in order.
    pub objects: Vec<Object>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl<'a, P: Provider> ListResource<'a, P> {
    pub(super) fn new(host: &'a Harness<P>, name: &str) -> Self {
        Self { host, name: name.to_owned() }
    }

    /// What the provider finds in a configuration: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.ty().await?;
            let request = pb::validate_list_resource_config::Request {
                type_name: self.name.clone(),
                config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
                ..Default::default()
            };
            let response = answer(self.host.rpc.validate_list_resource_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Lists at most `limit` objects, whole ones if `whole`.
    ///
    /// # Errors
    /// The host cannot make the call. What the provider finds wrong is in the listing.
    pub async fn list(
        &self,
        config: impl Into<Written>,
        limit: i64,
        whole: bool,
    ) -> Result<Listing, Diagnostics> {
        let schemas = self.host.schemas().await?;
        let ty = self.ty().await?;
        let request = pb::list_resource::Request {
            type_name: self.name.clone(),
            config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            include_resource_object: whole,
            limit,
        };
        let object = wire::named(&schemas.resources, &self.name).ty();
        let identity = schemas.identities.get(&self.name).into_iter().flatten();
        let identity = identity.map(|attribute| (attribute.name.clone(), attribute.ty())).collect();
        let types = (Type::Object(identity), object);
        let mut events = answer(self.host.rpc.list_resource(Request::new(request)).await)?;
        let mut listing = Listing::default();
        while let Some(event) = events.next().await {
            let event = answer(event.map(tonic::Response::new))?;
            listing.diagnostics.extend(wire::diagnostics(event.diagnostic.clone()));
            if event.identity.is_some() {
                listing.objects.push(read(&event, (&types.0, &types.1))?);
            } else if event.diagnostic.is_empty() {
                return Err(Diagnostics::error("Missing identity data in ListResource event", &*self.name));
            }
        }
        Ok(listing)
    }

    async fn ty(&self) -> Result<Type, Diagnostics> {
        Ok(wire::named(&self.host.schemas().await?.list_resources, &self.name).ty())
    }
}

fn read(event: &pb::list_resource::Event, (identity, object): (&Type, &Type)) -> Result<Object, Diagnostics> {
    let data = event.identity.as_ref().and_then(|identity| identity.identity_data.as_ref());
    let identity = wire::decode(data, identity)?;
    wholly_known(&identity, "Provider produced invalid identity")?;
    let whole = match &event.resource_object {
        Some(wire) => Some(shown(&wire::decode(Some(wire), object)?)),
        None => None,
    };
    Ok(Object { identity: shown(&identity), display_name: event.display_name.clone(), object: whole })
}

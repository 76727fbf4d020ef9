//! An action as a host uses it.

use super::wire::{self, answer, warnings};
use super::{Harness, Written, flattened};
use crate::diagnostics::{Deferral, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::value::Type;
use pb::invoke_action::event::Type as Event;
use pb::provider_server::Provider as _;
use tokio_stream::StreamExt as _;
use tonic::Request;

/// An action.
#[derive(Debug)]
pub struct Action<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// An invocation from beginning to end.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// What the action said on the way.
    pub progress: Vec<String>,
    /// Errors and warnings at its end.
    pub diagnostics: Diagnostics,
}

impl<'a, P: Provider> Action<'a, P> {
    pub(super) fn new(host: &'a Harness<P>, name: &str) -> Self {
        Self { host, name: name.to_owned() }
    }

    /// What the provider finds in a configuration: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.ty().await?;
            let request = pb::validate_action_config::Request {
                action_type: self.name.clone(),
                config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            };
            let response = answer(self.host.rpc.validate_action_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Plans it. Answers with why it was put off, if it was.
    ///
    /// # Errors
    /// The provider refuses.
    pub async fn plan(&self, config: impl Into<Written>) -> Result<Option<Deferral>, Diagnostics> {
        let ty = self.ty().await?;
        let request = pb::plan_action::Request {
            action_type: self.name.clone(),
            config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            client_capabilities: self.host.capabilities(),
        };
        let response = answer(self.host.rpc.plan_action(Request::new(request)).await)?;
        warnings(response.diagnostics)?;
        self.host.deferred(response.deferred)
    }

    /// Invokes it and waits for its end.
    ///
    /// # Errors
    /// The host cannot make the call, or the action never says that it ended. What the provider finds wrong
    /// is in the invocation.
    pub async fn invoke(&self, config: impl Into<Written>) -> Result<Invocation, Diagnostics> {
        let ty = self.ty().await?;
        let request = pb::invoke_action::Request {
            action_type: self.name.clone(),
            config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
            ..Default::default()
        };
        let mut events = answer(self.host.rpc.invoke_action(Request::new(request)).await)?;
        let mut invocation = Invocation::default();
        while let Some(event) = events.next().await {
            match answer(event.map(tonic::Response::new))?.r#type {
                Some(Event::Progress(progress)) => invocation.progress.push(progress.message),
                Some(Event::Completed(completed)) => {
                    invocation.diagnostics = wire::diagnostics(completed.diagnostics);
                    return Ok(invocation);
                }
                None => {}
            }
        }
        Err(Diagnostics::error("The action never completed", &*self.name))
    }

    async fn ty(&self) -> Result<Type, Diagnostics> {
        Ok(wire::named(&self.host.schemas().await?.actions, &self.name).ty())
    }
}

//! A managed resource as a host uses it: validated, planned, planned again, applied, destroyed.

mod instance;
mod known;
mod stored;

pub use instance::{Change, Failure, Instance, Plan};

use super::wire::{self, answer, warnings};
use super::{Harness, Written, flattened, proposed, verdict, wholly_known};
use crate::diagnostics::{Deferral, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::path::Path;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use known::Known;
use pb::provider_server::Provider as _;
use tonic::Request;

/// A managed resource.
#[derive(Debug)]
pub struct Resource<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// One answer to one request to plan.
struct Answered {
    planned: Value,
    replace: Vec<Path>,
    identity: Option<Value>,
    private: Vec<u8>,
    warnings: Diagnostics,
    deferred: Option<Deferral>,
}

impl<'a, P: Provider> Resource<'a, P> {
    pub(super) fn new(host: &'a Harness<P>, name: &str) -> Self {
        Self { host, name: name.to_owned() }
    }

    /// The schema, as the host knows it.
    ///
    /// # Errors
    /// The provider does not tell it.
    pub async fn schema(&self) -> Result<Schema, Diagnostics> {
        Ok(self.known().await?.schema)
    }

    /// What the provider finds in a configuration: errors and warnings.
    pub async fn validate(&self, config: impl Into<Written>) -> Diagnostics {
        let validated = async {
            let ty = self.known().await?.ty();
            let request = pb::validate_resource_config::Request {
                type_name: self.name.clone(),
                config: Some(wire::encode(&config.into().value(&ty)?, &ty)),
                client_capabilities: self.host.capabilities(),
            };
            let response = answer(self.host.rpc.validate_resource_config(Request::new(request)).await)?;
            Ok(wire::diagnostics(response.diagnostics))
        };
        flattened(validated.await)
    }

    /// Plans towards a configuration from an object as it is, or from none.
    ///
    /// # Errors
    /// The provider refuses, or the host refuses its plan.
    pub async fn plan(
        &self,
        config: impl Into<Written>,
        prior: Option<&Instance>,
    ) -> Result<Plan, Diagnostics> {
        let known = self.known().await?;
        let config = config.into().value(&known.ty())?;
        let first = self.ask(&known, &config, prior).await?;
        let state = prior.map_or(&Value::Null, |prior| &prior.state);
        let replace = match first.deferred {
            None if prior.is_some() => verdict::replacing(&first.replace, state, &first.planned)?,
            _ => Vec::new(),
        };
        let change = match prior {
            None => Change::Create,
            Some(_) if first.planned.same(state) => Change::Nothing,
            Some(_) if replace.is_empty() => Change::Update,
            Some(_) => Change::Replace,
        };
        let asked = match change {
            // The new object is planned as one that never had a prior, but with the identity planned so far.
            Change::Replace => {
                let nothing = Instance { identity: first.identity, ..Instance::default() };
                let second = self.ask(&known, &config, Some(&nothing)).await?;
                Answered { warnings: first.warnings, ..second }
            }
            _ => first,
        };
        let Answered { planned, identity, private, warnings, deferred, .. } = asked;
        let prior = prior.cloned();
        Ok(Plan { change, planned, identity, replace, warnings, deferred, config, prior, private })
    }

    /// Plans to destroy an object.
    ///
    /// # Errors
    /// The provider refuses.
    pub async fn plan_destroy(&self, prior: &Instance) -> Result<Plan, Diagnostics> {
        let known = self.known().await?;
        let asked = self.ask(&known, &Value::Null, Some(prior)).await?;
        if !asked.planned.is_null() {
            return Err(Diagnostics::error(
                "Provider produced invalid plan",
                "A destroy must be planned as null.",
            ));
        }
        let Answered { planned, identity, private, warnings, deferred, .. } = asked;
        let (config, prior, change) = (Value::Null, Some(prior.clone()), Change::Destroy);
        Ok(Plan {
            change,
            planned,
            identity,
            replace: Vec::new(),
            warnings,
            deferred,
            config,
            prior,
            private,
        })
    }

    /// Applies a plan whose configuration was wholly known.
    ///
    /// # Errors
    /// As [`apply_with`](Self::apply_with).
    pub async fn apply(&self, plan: &Plan) -> Result<Instance, Failure> {
        self.apply_with(plan, plan.config.clone()).await
    }

    /// Applies a plan, with the configuration as it turned out to be: plans again as a host does, and holds
    /// the second plan to the first. After a destroy the instance is null.
    ///
    /// # Errors
    /// The provider fails or the host refuses what it did; with what then stays in state.
    pub async fn apply_with(&self, plan: &Plan, config: impl Into<Written>) -> Result<Instance, Failure> {
        let before = plan.prior.clone().filter(|prior| !prior.state.is_null());
        let refused = |diagnostics| Failure { diagnostics, kept: before.clone() };
        let known = self.known().await.map_err(refused)?;
        let config = config.into().value(&known.ty()).map_err(refused)?;
        wholly_known(&config, "Configuration contains unknown value").map_err(refused)?;
        match plan.change {
            Change::Nothing => Ok(before.unwrap_or_default()),
            Change::Destroy => self.change(&known, (plan, &config), before.as_ref()).await,
            Change::Create | Change::Update => {
                let again = self.again(&known, plan, (&config, before.as_ref())).await.map_err(refused)?;
                self.change(&known, (&again, &config), before.as_ref()).await
            }
            Change::Replace => {
                let gone = Plan { planned: Value::Null, private: Vec::new(), ..plan.clone() };
                self.change(&known, (&gone, &Value::Null), before.as_ref()).await?;
                let lost = |diagnostics| Failure { diagnostics, kept: None };
                let again = self.again(&known, plan, (&config, None)).await.map_err(lost)?;
                self.change(&known, (&again, &config), None).await
            }
        }
    }

    /// Plans to destroy an object, and destroys it.
    ///
    /// # Errors
    /// The provider refuses or fails.
    pub async fn destroy(&self, prior: &Instance) -> Result<(), Failure> {
        let kept = Some(prior.clone());
        let plan = self.plan_destroy(prior).await.map_err(|diagnostics| Failure { diagnostics, kept })?;
        self.apply_with(&plan, Value::Null).await.map(|_| ())
    }

    /// Plans and applies a configuration.
    ///
    /// # Errors
    /// Planning or applying it fails.
    pub async fn converge(
        &self,
        config: impl Into<Written>,
        prior: Option<&Instance>,
    ) -> Result<Instance, Failure> {
        let kept = prior.cloned();
        let plan = self.plan(config, prior).await.map_err(|diagnostics| Failure { diagnostics, kept })?;
        self.apply(&plan).await
    }

    async fn known(&self) -> Result<Known, Diagnostics> {
        let schemas = self.host.schemas().await?;
        let identity = schemas.identities.get(&self.name).cloned().unwrap_or_default();
        Ok(Known { schema: wire::named(&schemas.resources, &self.name), identity })
    }

    async fn ask(
        &self,
        known: &Known,
        config: &Value,
        prior: Option<&Instance>,
    ) -> Result<Answered, Diagnostics> {
        let (ty, attributes) = (known.ty(), &known.schema.attributes);
        let state = prior.map_or(&Value::Null, |prior| &prior.state);
        let proposal =
            if config.is_null() { Value::Null } else { proposed::proposed(attributes, state, config) };
        let request = pb::plan_resource_change::Request {
            type_name: self.name.clone(),
            prior_state: Some(wire::encode(state, &ty)),
            proposed_new_state: Some(wire::encode(&proposal, &ty)),
            config: Some(wire::encode(config, &ty)),
            prior_private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
            client_capabilities: self.host.capabilities(),
            prior_identity: known.identity_data(prior.and_then(|prior| prior.identity.as_ref())),
            ..Default::default()
        };
        let response = answer(self.host.rpc.plan_resource_change(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let deferred = self.host.deferred(response.deferred)?;
        let planned = wire::decode(response.planned_state.as_ref(), &ty)?;
        if deferred.is_none() {
            verdict::write_only(attributes, &planned, "Provider produced invalid plan")?;
            verdict::plan(attributes, (state, config), &planned)?;
        }
        Ok(Answered {
            planned,
            replace: response.requires_replace.iter().map(wire::path).collect(),
            identity: known.identity_of(response.planned_identity.as_ref())?,
            private: response.planned_private,
            warnings,
            deferred,
        })
    }

    /// The plan that a host makes again before it applies one.
    async fn again(
        &self,
        known: &Known,
        plan: &Plan,
        (config, prior): (&Value, Option<&Instance>),
    ) -> Result<Plan, Diagnostics> {
        let again = self.ask(known, config, prior).await?;
        verdict::second_plan(&plan.planned, &again.planned)?;
        let Answered { planned, identity, private, warnings, .. } = again;
        Ok(Plan { planned, identity, private, warnings, ..plan.clone() })
    }

    async fn change(
        &self,
        known: &Known,
        (plan, config): (&Plan, &Value),
        prior: Option<&Instance>,
    ) -> Result<Instance, Failure> {
        let refused = |diagnostics| Failure { diagnostics, kept: prior.cloned() };
        let ty = known.ty();
        let request = pb::apply_resource_change::Request {
            type_name: self.name.clone(),
            prior_state: Some(wire::encode(prior.map_or(&Value::Null, |prior| &prior.state), &ty)),
            planned_state: Some(wire::encode(&plan.planned, &ty)),
            config: Some(wire::encode(config, &ty)),
            planned_private: plan.private.clone(),
            planned_identity: known.identity_data(plan.identity.as_ref()),
            ..Default::default()
        };
        let response = answer(self.host.rpc.apply_resource_change(Request::new(request)).await);
        let response = response.map_err(refused)?;
        let state = known.state(response.new_state.as_ref()).map_err(refused)?;
        let identity = known.identity_of(response.new_identity.as_ref()).map_err(refused)?;
        let mut found = wire::diagnostics(response.diagnostics);
        if !found.has_errors() {
            found.extend(verdict::outcome(&plan.planned, &state).err().into_iter().flatten());
        }
        let failed = found.has_errors();
        // A host keeps what it had when a failed change leaves nothing.
        if failed && state.is_null() {
            return Err(refused(found));
        }
        let reached =
            Instance { state, identity, warnings: found.clone(), deferred: None, private: response.private };
        if failed { Err(Failure { diagnostics: found, kept: Some(reached) }) } else { Ok(reached) }
    }
}

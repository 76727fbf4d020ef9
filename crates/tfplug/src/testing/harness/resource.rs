//! A managed resource as a host uses it: planned, planned again, applied, read, imported, upgraded, moved.

use super::wire::{self, answer, warnings};
use super::{Harness, Written, flattened, proposed, shown, verdict, wholly_known};
use crate::context::Private;
use crate::diagnostics::{Deferral, Diagnostics};
use crate::generated::tfplugin6 as pb;
use crate::path::Path;
use crate::provider::Provider;
use crate::schema::{Attribute, Schema};
use crate::value::{Type, Value};
use pb::provider_server::Provider as _;
use serde_json::Value as Json;
use tonic::Request;

/// A managed resource.
#[derive(Debug)]
pub struct Resource<'a, P: Provider> {
    host: &'a Harness<P>,
    name: String,
}

/// An object in a host's state.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// Its state.
    pub state: Value,
    /// What tells it from every other, if the resource has an identity.
    pub identity: Option<Value>,
    /// What the provider warned of when it gave this state.
    pub warnings: Diagnostics,
    /// Why the provider put off what was asked, if it did.
    pub deferred: Option<Deferral>,
    private: Vec<u8>,
}

impl Instance {
    /// An object in this state, as an earlier run would have left it.
    pub fn stored(state: Value) -> Self {
        Self { state, ..Self::default() }
    }

    /// The state as JSON.
    pub fn json(&self) -> Json {
        shown(&self.state)
    }

    /// The identity as JSON; null if there is none.
    pub fn identity(&self) -> Json {
        self.identity.as_ref().map_or(Json::Null, shown)
    }

    /// The provider's own data beside the state.
    pub fn private(&self) -> Private {
        serde_json::from_slice(&self.private).unwrap_or_default()
    }
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// A new object.
    Create,
    /// A change in place.
    Update,
    /// The old object goes, a new one comes.
    Replace,
    /// The object goes.
    Destroy,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it comes to.
    pub change: Change,
    /// The object as planned; null if it is to go.
    pub planned: Value,
    /// The identity as planned, as far as it is known.
    pub identity: Option<Value>,
    /// Which changes make a new object.
    pub replace: Vec<Path>,
    /// What the provider warned of.
    pub warnings: Diagnostics,
    /// Why the provider put the change off, if it did.
    pub deferred: Option<Deferral>,
    config: Value,
    prior: Option<Instance>,
    private: Vec<u8>,
}

impl Plan {
    /// The planned object as JSON.
    pub fn json(&self) -> Json {
        shown(&self.planned)
    }

    /// The provider's own data beside the plan.
    pub fn private(&self) -> Private {
        serde_json::from_slice(&self.private).unwrap_or_default()
    }
}

/// A failed change.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Why.
    pub diagnostics: Diagnostics,
    /// What the host keeps in its state.
    pub kept: Option<Instance>,
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

/// What a host knows of a resource type.
struct Known {
    schema: Schema,
    identity: Vec<Attribute>,
}

impl Known {
    fn ty(&self) -> Type {
        self.schema.ty()
    }

    fn identity_type(&self) -> Type {
        Type::Object(self.identity.iter().map(|attribute| (attribute.name.clone(), attribute.ty())).collect())
    }

    fn identity_data(&self, identity: Option<&Value>) -> Option<pb::ResourceIdentityData> {
        let identity_data = Some(wire::encode(identity?, &self.identity_type()));
        Some(pb::ResourceIdentityData { identity_data })
    }

    fn identity_of(&self, data: Option<&pb::ResourceIdentityData>) -> Result<Option<Value>, Diagnostics> {
        let Some(data) = data.and_then(|data| data.identity_data.as_ref()) else { return Ok(None) };
        let identity = wire::decode(Some(data), &self.identity_type())?;
        wholly_known(&identity, "Provider produced invalid identity")?;
        Ok(Some(identity))
    }

    /// A state as it may be stored.
    fn state(&self, wire: Option<&pb::DynamicValue>) -> Result<Value, Diagnostics> {
        let state = wire::decode(wire, &self.ty())?;
        verdict::write_only(&self.schema.attributes, &state, "object")?;
        wholly_known(&state, "Provider produced invalid object")?;
        Ok(state)
    }
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
    pub async fn plan(&self, config: impl Into<Written>, prior: Option<&Instance>) -> Result<Plan, Diagnostics> {
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
            return Err(Diagnostics::error("Provider produced invalid plan", "A destroy must be planned as null."));
        }
        let Answered { planned, identity, private, warnings, deferred, .. } = asked;
        let (config, prior, change) = (Value::Null, Some(prior.clone()), Change::Destroy);
        Ok(Plan { change, planned, identity, replace: Vec::new(), warnings, deferred, config, prior, private })
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

    /// Looks at an object again. `None`: it is gone.
    ///
    /// # Errors
    /// The provider cannot tell.
    pub async fn read(&self, instance: &Instance) -> Result<Option<Instance>, Diagnostics> {
        let known = self.known().await?;
        let request = pb::read_resource::Request {
            type_name: self.name.clone(),
            current_state: Some(wire::encode(&instance.state, &known.ty())),
            private: instance.private.clone(),
            client_capabilities: self.host.capabilities(),
            current_identity: known.identity_data(instance.identity.as_ref()),
            ..Default::default()
        };
        let response = answer(self.host.rpc.read_resource(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let deferred = self.host.deferred(response.deferred)?;
        let state = known.state(response.new_state.as_ref())?;
        let identity = known.identity_of(response.new_identity.as_ref())?;
        let found = Instance { state, identity, warnings, deferred, private: response.private };
        Ok(Some(found).filter(|found| !found.state.is_null()))
    }

    /// Imports the object that this text names, and reads it.
    ///
    /// # Errors
    /// The provider cannot, or there is no such object.
    pub async fn import(&self, id: &str) -> Result<Instance, Diagnostics> {
        self.bring_in(id.to_owned(), None).await
    }

    /// Imports the object of this identity, and reads it.
    ///
    /// # Errors
    /// The provider cannot, or there is no such object.
    pub async fn import_identity(&self, identity: Json) -> Result<Instance, Diagnostics> {
        let ty = self.known().await?.identity_type();
        let identity = Written::from(identity).value(&ty)?;
        self.bring_in(String::new(), Some(identity)).await
    }

    /// Brings stored state of a schema version up to the current one, as a host does on every run.
    ///
    /// # Errors
    /// The provider cannot read it.
    pub async fn upgrade(&self, version: i64, stored: &Json) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let raw_state = Some(pb::RawState { json: stored.to_string().into_bytes(), ..Default::default() });
        let request =
            pb::upgrade_resource_state::Request { type_name: self.name.clone(), version, raw_state };
        let response = answer(self.host.rpc.upgrade_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let state = known.state(response.upgraded_state.as_ref())?;
        Ok(Instance { state, warnings, ..Instance::default() })
    }

    /// Brings a stored identity up to the current version.
    ///
    /// # Errors
    /// The provider cannot read it.
    pub async fn upgrade_identity(&self, version: i64, stored: &Json) -> Result<Json, Diagnostics> {
        let known = self.known().await?;
        let raw_identity = Some(pb::RawState { json: stored.to_string().into_bytes(), ..Default::default() });
        let request =
            pb::upgrade_resource_identity::Request { type_name: self.name.clone(), version, raw_identity };
        let response = answer(self.host.rpc.upgrade_resource_identity(Request::new(request)).await)?;
        warnings(response.diagnostics)?;
        let identity = known.identity_of(response.upgraded_identity.as_ref())?;
        Ok(identity.as_ref().map_or(Json::Null, shown))
    }

    /// Takes over the state of another resource type, as a `moved` block asks.
    ///
    /// # Errors
    /// The provider cannot.
    pub async fn take_over(&self, source: &crate::resource::Move) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let json = source.state.to_string().into_bytes();
        let request = pb::move_resource_state::Request {
            source_provider_address: source.provider.clone(),
            source_type_name: source.resource_type.clone(),
            source_schema_version: source.version,
            source_state: Some(pb::RawState { json, ..Default::default() }),
            target_type_name: self.name.clone(),
            ..Default::default()
        };
        let response = answer(self.host.rpc.move_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        let state = known.state(response.target_state.as_ref())?;
        let identity = known.identity_of(response.target_identity.as_ref())?;
        Ok(Instance { state, identity, warnings, deferred: None, private: response.target_private })
    }

    /// The configuration that the provider would write for an object.
    ///
    /// # Errors
    /// The provider cannot tell.
    pub async fn generate_config(&self, instance: &Instance) -> Result<Json, Diagnostics> {
        let ty = self.known().await?.ty();
        let state = Some(wire::encode(&instance.state, &ty));
        let request = pb::generate_resource_config::Request { type_name: self.name.clone(), state };
        let response = answer(self.host.rpc.generate_resource_config(Request::new(request)).await)?;
        warnings(response.diagnostics)?;
        Ok(shown(&wire::decode(response.config.as_ref(), &ty)?))
    }

    async fn known(&self) -> Result<Known, Diagnostics> {
        let schemas = self.host.schemas().await?;
        let identity = schemas.identities.get(&self.name).cloned().unwrap_or_default();
        Ok(Known { schema: wire::named(&schemas.resources, &self.name), identity })
    }

    async fn ask(&self, known: &Known, config: &Value, prior: Option<&Instance>) -> Result<Answered, Diagnostics> {
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
            verdict::write_only(attributes, &planned, "plan")?;
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

    async fn bring_in(&self, id: String, identity: Option<Value>) -> Result<Instance, Diagnostics> {
        let known = self.known().await?;
        let by_identity = identity.is_some();
        let request = pb::import_resource_state::Request {
            type_name: self.name.clone(),
            id,
            client_capabilities: self.host.capabilities(),
            identity: known.identity_data(identity.as_ref()),
        };
        let response = answer(self.host.rpc.import_resource_state(Request::new(request)).await)?;
        let warnings = warnings(response.diagnostics)?;
        if let Some(deferred) = self.host.deferred(response.deferred)? {
            return Ok(Instance { deferred: Some(deferred), warnings, ..Instance::default() });
        }
        let Some(imported) = response.imported_resources.first() else {
            return Err(Diagnostics::error("Import returned no resources", "There must be one."));
        };
        let state = known.state(imported.state.as_ref())?;
        let identity = known.identity_of(imported.identity.as_ref())?;
        if by_identity && identity.is_none() {
            return Err(Diagnostics::error("Import returned no identity", "There must be one."));
        }
        let named = Instance { state, identity, private: imported.private.clone(), ..Instance::default() };
        let found = self.read(&named).await?.ok_or_else(|| {
            Diagnostics::error("Cannot import non-existent remote object", "The object was gone when it was read.")
        })?;
        Ok(found)
    }
}

//! The policies that bear on the requests of one caller.
//!
//! Owns the layers, compiled and indexed when a document is added. Never decides.

mod action_index;
mod compiled;
mod resource;
mod who;

use std::sync::Arc;

use crate::{Document, Effect, Layer, Scope, decision::Place};

use action_index::ActionIndex;

pub(crate) use action_index::{ActionBuffer, ActionName};
pub(crate) use compiled::CompiledStatement;
pub(crate) use resource::ResourcePattern;
pub(crate) use who::{Grant, Grants, Who};

/// What bears on one caller: its own policies, its limits, and the policies of what it calls.
///
/// A policy that is not in the set does not exist, with one exception: a role always has a trust policy and a key
/// always has a key policy, so without one of these [`evaluate`](crate::evaluate()) can deny but never allow.
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    identity: Arc<Policies>,
    boundary: Arc<Policies>,
    session: Arc<Policies>,
    resource: Arc<Policies>,
    is_gated: bool,
}

/// The kind of a resource-based policy, as far as it decides differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourcePolicy {
    /// A role's trust policy: nobody assumes the role unless it says so.
    Trust,
    /// The policy of a KMS key: nobody uses the key unless it says so.
    Key,
    /// Any other: in the resource's own account, what it does not allow an identity-based policy can.
    Other,
}

impl PolicySet {
    /// A set without policies: everything is denied.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an inline or attached policy of the caller.
    #[must_use]
    pub fn identity(mut self, name: impl Into<String>, document: &Document) -> Self {
        Arc::make_mut(&mut self.identity).add(Layer::Identity, name.into(), document);
        self
    }

    /// Adds a policy of the caller whose content is not known: it may allow anything and deny anything.
    #[must_use]
    pub fn identity_unknown(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.identity).add_unknown(Layer::Identity, name.into());
        self
    }

    /// Sets the caller's permissions boundary.
    #[must_use]
    pub fn boundary(mut self, name: impl Into<String>, document: &Document) -> Self {
        Arc::make_mut(&mut self.boundary).add(Layer::Boundary, name.into(), document);
        self
    }

    /// Sets a permissions boundary whose content is not known.
    #[must_use]
    pub fn boundary_unknown(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.boundary).add_unknown(Layer::Boundary, name.into());
        self
    }

    /// Adds a session policy. Several together are one limit: what any of them allows.
    #[must_use]
    pub fn session(mut self, name: impl Into<String>, document: &Document) -> Self {
        Arc::make_mut(&mut self.session).add(Layer::Session, name.into(), document);
        self
    }

    /// Adds a session policy whose content is not known.
    #[must_use]
    pub fn session_unknown(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.session).add_unknown(Layer::Session, name.into());
        self
    }

    /// Adds the policy of the resource that is called.
    #[must_use]
    pub fn resource(mut self, name: impl Into<String>, document: &Document, kind: ResourcePolicy) -> Self {
        Arc::make_mut(&mut self.resource).add(Layer::Resource, name.into(), document);
        self.is_gated |= kind != ResourcePolicy::Other;
        self
    }

    /// Adds a policy of the resource whose content is not known.
    #[must_use]
    pub fn resource_unknown(mut self, name: impl Into<String>, kind: ResourcePolicy) -> Self {
        Arc::make_mut(&mut self.resource).add_unknown(Layer::Resource, name.into());
        self.is_gated |= kind != ResourcePolicy::Other;
        self
    }

    pub(crate) fn layer(&self, layer: Layer) -> &Policies {
        match layer {
            Layer::Identity => &self.identity,
            Layer::Boundary => &self.boundary,
            Layer::Session => &self.session,
            Layer::Resource => &self.resource,
        }
    }

    /// What is left of the set for one action if, of the allows of identity-based policies, there are only these.
    ///
    /// INVARIANT: what is allowed by it is allowed by the whole set, if `allows` say no more than the set's own do.
    pub(crate) fn narrowed(&self, action: &str, allows: impl Iterator<Item = CompiledStatement>) -> Self {
        let mut buffer: ActionBuffer = [0; 96];
        let name = ActionName::new(action, &mut buffer);
        let about = self.identity.statements_for(&name);
        let denies = about.filter(|statement| statement.effect == Effect::Deny).cloned();
        let unknown = self.identity.unknown.clone();
        let mut identity = Policies { unknown, exists: self.identity.exists, ..Policies::default() };
        for statement in allows.chain(denies) {
            let actions = Scope::Only(std::iter::once(action.to_owned()).collect());
            identity.actions.add(identity.statements.len(), &actions);
            identity.statements.push(CompiledStatement { actions, ..statement });
        }
        Self { identity: Arc::new(identity), ..self.clone() }
    }

    /// Whether a trust policy or a key policy is among the resource's: then nothing is allowed without them.
    pub(crate) fn is_gated(&self) -> bool {
        self.is_gated
    }
}

/// The policies of one layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    statements: Vec<CompiledStatement>,
    actions: ActionIndex,
    unknown: Vec<Arc<Place>>,
    exists: bool,
}

impl Policies {
    /// Whether there is any policy, of known content or not.
    pub(crate) fn exists(&self) -> bool {
        self.exists
    }

    /// The policies whose content is not known.
    pub(crate) fn unknown(&self) -> &[Arc<Place>] {
        &self.unknown
    }

    /// All statements, in the order of their policies.
    pub(crate) fn statements(&self) -> &[CompiledStatement] {
        &self.statements
    }

    /// The statements whose `Action` or `NotAction` is about this action, each once, in the order of their policies.
    pub(crate) fn statements_for(&self, action: &ActionName<'_>) -> impl Iterator<Item = &CompiledStatement> {
        self.actions.find(action).filter_map(|index| self.statements.get(index))
    }

    fn add(&mut self, layer: Layer, policy: String, document: &Document) {
        self.exists = true;
        for (index, statement) in document.statements.iter().enumerate() {
            self.actions.add(self.statements.len(), &statement.actions);
            let place = Place::of(layer, &policy, index, statement);
            self.statements.push(CompiledStatement::new(statement, document.version, place));
        }
    }

    fn add_unknown(&mut self, layer: Layer, policy: String) {
        self.exists = true;
        self.unknown.push(Arc::new(Place { layer, policy, statement: None, conditions: Vec::new() }));
    }
}

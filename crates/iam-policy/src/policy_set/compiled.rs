//! One statement, made ready to be asked about many requests.
//!
//! Owns its parsed parts. Never weighs it against others.

use std::sync::Arc;

use super::{resource::ResourcePattern, who::Who};
use crate::{
    Condition, Effect, Layer, OneOrMany, Scope, Statement, Truth, Version, condition::test::Test,
    decision::Place,
};

/// A statement with its patterns read and its conditions parsed. Which actions it is about is asked of the index.
#[derive(Clone, Debug)]
pub(crate) struct CompiledStatement {
    pub(crate) effect: Effect,
    pub(crate) version: Version,
    /// As written.
    pub(crate) actions: Scope<OneOrMany<String>>,
    pub(crate) principals: Option<Scope<Vec<Who>>>,
    pub(crate) resources: Option<Scope<Vec<ResourcePattern>>>,
    /// As written.
    pub(crate) conditions: Vec<Condition>,
    /// The same, parsed.
    pub(crate) tests: Vec<Test>,
    pub(crate) place: Arc<Place>,
}

impl CompiledStatement {
    pub(super) fn new(statement: &Statement, version: Option<Version>, place: Place) -> Self {
        let version = version.unwrap_or(Version::V2008);
        let layer = place.layer;
        let resource = |text: &String| ResourcePattern::new(text, version, layer);
        Self {
            effect: statement.effect,
            version,
            actions: statement.actions.clone(),
            principals: statement.principals.clone().map(|scope| scope.map(|named| Who::all(&named))),
            resources: statement
                .resources
                .clone()
                .map(|scope| scope.map(|texts| texts.iter().map(resource).collect())),
            conditions: statement.conditions.clone(),
            tests: statement.conditions.iter().map(|condition| Test::new(condition, version)).collect(),
            place: Arc::new(place),
        }
    }

    /// The statement about these resources only.
    pub(crate) fn on(&self, resources: Scope<Vec<ResourcePattern>>) -> Self {
        Self {
            effect: self.effect,
            version: self.version,
            actions: self.actions.clone(),
            principals: self.principals.clone(),
            resources: Some(resources),
            conditions: self.conditions.clone(),
            tests: self.tests.clone(),
            place: Arc::clone(&self.place),
        }
    }

    /// Whether the statement is about this resource. Without the element, a resource-based policy is about the resource
    /// that carries it, and any other about nothing.
    pub(crate) fn is_about(&self, resource: &str, context: &crate::Context) -> Truth {
        let any = |patterns: &[ResourcePattern]| {
            Truth::any(patterns.iter().map(|pattern| pattern.matches(resource, context)))
        };
        match &self.resources {
            Some(Scope::Only(patterns)) => any(patterns),
            Some(Scope::Except(patterns)) => !any(patterns),
            None => Truth::from(self.place.layer == Layer::Resource),
        }
    }
}

impl Place {
    pub(super) fn of(layer: Layer, policy: &str, index: usize, statement: &Statement) -> Self {
        let condition = |one: &Condition| (one.operator.clone(), one.key.clone());
        Self {
            layer,
            policy: policy.to_owned(),
            statement: Some((index, statement.sid.clone().filter(|sid| !sid.is_empty()))),
            conditions: statement.conditions.iter().map(condition).collect(),
        }
    }
}

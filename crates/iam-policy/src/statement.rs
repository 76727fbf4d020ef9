//! The statement: who, what, on what, when.
//!
//! Owns the noun and the builder for code that writes policies. Never validates: `parse` and `Document::check` do.

use crate::{Condition, OneOrMany, PrincipalKind, Principals, Scalar};

/// One statement of a policy, as its writer spelled it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The statement's name, unique in its document, of `[A-Za-z0-9]*`.
    pub sid: Option<String>,
    /// Whether a match allows or denies.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`; only resource-based policies, the trust policy among them, have it.
    pub principals: Option<Scope<Principals>>,
    /// `Action` or `NotAction`.
    pub actions: Scope<OneOrMany<String>>,
    /// `Resource` or `NotResource`; a trust policy has none, its resource is the role.
    pub resources: Option<Scope<OneOrMany<String>>>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
}

impl Statement {
    /// A statement that allows these actions, so far to nobody and on nothing.
    pub fn allow(actions: impl IntoIterator<Item: Into<String>>) -> Self {
        Self::with_effect(Effect::Allow, actions)
    }

    /// A statement that denies these actions, so far to nobody and on nothing.
    pub fn deny(actions: impl IntoIterator<Item: Into<String>>) -> Self {
        Self::with_effect(Effect::Deny, actions)
    }

    fn with_effect(effect: Effect, actions: impl IntoIterator<Item: Into<String>>) -> Self {
        Self {
            sid: None,
            effect,
            principals: None,
            actions: Scope::Only(actions.into_iter().map(Into::into).collect()),
            resources: None,
            conditions: Vec::new(),
        }
    }

    /// Names the statement.
    #[must_use]
    pub fn sid(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Adds one principal to those that the statement is about. A `NotPrincipal` gives way to it.
    #[must_use]
    pub fn principal(mut self, kind: PrincipalKind, value: impl Into<String>) -> Self {
        let listed = match self.principals {
            Some(Scope::Only(principals)) => principals.and(kind, value.into()),
            Some(Scope::Except(_)) | None => Principals::of(kind, value.into()),
        };
        self.principals = Some(Scope::Only(listed));
        self
    }

    /// Adds one resource to those that the statement is about. A `NotResource` gives way to it.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        let listed = match self.resources {
            Some(Scope::Only(resources)) => resources.and(resource.into()),
            Some(Scope::Except(_)) | None => OneOrMany::One(resource.into()),
        };
        self.resources = Some(Scope::Only(listed));
        self
    }

    /// Adds a condition, which must hold together with those already there; any one of its values satisfies it.
    ///
    /// JSON has no room for two conditions of the same operator and key. They stay two here, print as a key that
    /// occurs twice, and [`Document::check`](crate::Document::check) refuses that: joining their values would loosen
    /// the statement in silence.
    #[must_use]
    pub fn condition(
        mut self,
        operator: impl Into<String>,
        key: impl Into<String>,
        values: impl IntoIterator<Item: Into<Scalar>>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.conditions.push(Condition { operator: operator.into(), key: key.into(), values });
        self
    }
}

/// What a matching statement does. A deny beats every allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

impl Effect {
    /// The effect as documents write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// An element that IAM has in a plain and a `Not…` form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<T> {
    /// `Action`, `Resource`, `Principal`: these.
    Only(T),
    /// `NotAction`, `NotResource`, `NotPrincipal`: all but these.
    Except(T),
}

impl<T> Scope<T> {
    /// What is named, in either form.
    pub fn inner(&self) -> &T {
        match self {
            Self::Only(value) | Self::Except(value) => value,
        }
    }

    /// The same form around another value.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Scope<U> {
        match self {
            Self::Only(value) => Scope::Only(convert(value)),
            Self::Except(value) => Scope::Except(convert(value)),
        }
    }
}

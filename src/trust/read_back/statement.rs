//! A statement of a trust policy, taken apart for reading. Never judges what the parts amount to.

use crate::trust::token::Claims;
use iam_policy::{Arn, Condition, Effect, PrincipalKind, Principals, Scope, Statement};
use std::collections::BTreeMap;
use tfplug::schema::Attr;

/// The parts of a statement that allows something to one kind of principal.
pub(super) struct Parts<'a> {
    pub(super) kind: PrincipalKind,
    pub(super) principals: Vec<String>,
    pub(super) actions: Vec<&'a str>,
    pub(super) conditions: Conditions,
}

impl<'a> Parts<'a> {
    /// Nothing for a statement that denies, is about all but some, or has several kinds of principals.
    pub(super) fn of(statement: &'a Statement) -> Option<Self> {
        let (Effect::Allow, Scope::Only(actions)) = (statement.effect, &statement.actions) else {
            return None;
        };
        let Some(Scope::Only(Principals::Listed(listed))) = &statement.principals else { return None };
        let [(kind, principals)] = listed.as_slice() else { return None };
        Some(Self {
            kind: *kind,
            principals: principals.iter().cloned().collect(),
            actions: actions.iter().map(String::as_str).collect(),
            conditions: Conditions::of(statement)?,
        })
    }
}

/// The conditions of a statement by operator and key, both in lower case.
pub(super) struct Conditions(BTreeMap<(String, String), Vec<String>>);

impl Conditions {
    fn of(statement: &Statement) -> Option<Self> {
        let mut all = BTreeMap::new();
        for Condition { operator, key, values } in &statement.conditions {
            let values = values.iter().map(|value| value.to_text()).collect();
            if all.insert((operator.to_lowercase(), key.to_lowercase()), values).is_some() {
                return None;
            }
        }
        Some(Self(all))
    }

    pub(super) fn values(&self, operator: &str, key: &str) -> Option<&Vec<String>> {
        self.0.get(&(operator.to_lowercase(), key.to_lowercase()))
    }

    /// The values of a condition, each for an entry of its own; null for one entry without the condition.
    pub(super) fn each(&self, operator: &str, key: &str) -> Vec<Attr<String>> {
        match self.values(operator, key) {
            Some(values) => values.iter().cloned().map(Attr::Known).collect(),
            None => vec![Attr::Null],
        }
    }

    /// The claims that are asked for of the tokens of one provider.
    pub(super) fn claims(&self, principals: &[String]) -> Option<Claims> {
        let [provider] = principals else { return None };
        let provider = Arn::parse(provider).ok()?;
        let issuer = provider.oidc_provider()?;
        let prefix = format!("{}:", issuer.to_lowercase());
        let mut by_name = BTreeMap::new();
        for ((_, key), values) in &self.0 {
            by_name.insert(key.strip_prefix(&prefix)?.to_owned(), values.clone());
        }
        Some(Claims::new(issuer, by_name))
    }
}

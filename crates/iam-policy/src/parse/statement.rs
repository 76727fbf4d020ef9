//! One statement: its elements, actions and resources.
//!
//! Owns which elements a statement must, may and may not have. Never looks at another statement.

use super::{
    Kind, condition,
    error::{Fault, Reason},
    json::Node,
    nearest, principal,
};
use crate::{Effect, OneOrMany, Principals, Scope, Statement};

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

pub(super) fn statement(node: &Node, kind: Kind) -> Result<Statement, Fault> {
    if let Some(field) = node.object()?.iter().find(|field| !ELEMENTS.contains(&field.name.as_str())) {
        let (found, nearest) = (field.name.clone(), nearest(&field.name, ELEMENTS));
        return Err(field.fault(Reason::UnknownElement { found, nearest }));
    }
    let effect = node.get("Effect").ok_or_else(|| missing(node, "`Effect`", "every statement"))?;
    let actions = either(node, "Action", "NotAction")?
        .ok_or_else(|| missing(node, "`Action` or `NotAction`", "every statement"))?;
    Ok(Statement {
        sid: node.get("Sid").map(sid).transpose()?,
        effect: self::effect(effect)?,
        principals: principals(node, kind)?,
        actions: try_map(actions, |list| filled(list, |node| action(node, kind)))?,
        resources: resources(node, kind)?,
        conditions: node.get("Condition").map(condition::conditions).transpose()?.unwrap_or_default(),
    })
}

fn sid(node: &Node) -> Result<String, Fault> {
    let sid = node.text()?;
    if sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(sid);
    }
    Err(node.fault(Reason::BadSid { found: sid }))
}

fn effect(node: &Node) -> Result<Effect, Fault> {
    match node.string()? {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(node.fault(Reason::UnknownEffect { found: other.to_owned() })),
    }
}

fn principals(node: &Node, kind: Kind) -> Result<Option<Scope<Principals>>, Fault> {
    match (kind, either(node, "Principal", "NotPrincipal")?) {
        (Kind::Trust, Some(Scope::Except(node))) => Err(node.fault(Reason::NotPrincipalInTrust)),
        (Kind::Trust | Kind::Resource, Some(scope)) => {
            try_map(scope, |node| principal::principals(node, kind)).map(Some)
        }
        (Kind::Trust, None) => Err(missing(node, "`Principal`", "every statement of a trust policy")),
        (Kind::Resource, None) => {
            Err(missing(node, "`Principal` or `NotPrincipal`", "every statement of a resource-based policy"))
        }
        (Kind::Identity, None) => Ok(None),
        (Kind::Identity, Some(scope)) => {
            let element = name(&scope, "Principal", "NotPrincipal");
            Err(scope.inner().fault(Reason::PrincipalInIdentity { element }))
        }
    }
}

fn resources(node: &Node, kind: Kind) -> Result<Option<Scope<OneOrMany<String>>>, Fault> {
    match (kind, either(node, "Resource", "NotResource")?) {
        (Kind::Identity | Kind::Resource, Some(scope)) => {
            try_map(scope, |list| filled(list, resource)).map(Some)
        }
        (Kind::Identity, None) => {
            Err(missing(node, "`Resource` or `NotResource`", "every statement of an identity policy"))
        }
        (Kind::Trust | Kind::Resource, None) => Ok(None),
        (Kind::Trust, Some(scope)) => {
            let element = name(&scope, "Resource", "NotResource");
            Err(scope.inner().fault(Reason::ResourceInTrust { element }))
        }
    }
}

fn resource(node: &Node) -> Result<String, Fault> {
    let resource = node.text()?;
    if resource == "*" || resource.starts_with("arn:") {
        return Ok(resource);
    }
    Err(node.fault(Reason::BadResource { found: resource }))
}

fn action(node: &Node, kind: Kind) -> Result<String, Fault> {
    let action = node.text()?;
    let parts = action.split_once(':');
    if action != "*" && !parts.is_some_and(|(service, name)| is_word(service) && is_word(name)) {
        return Err(node.fault(Reason::BadAction { found: action }));
    }
    // IAM's own words for this: an AssumeRole policy may only specify STS AssumeRole actions.
    if kind == Kind::Trust && !parts.is_some_and(|(service, _)| service.eq_ignore_ascii_case("sts")) {
        return Err(node.fault(Reason::NotSts { found: action }));
    }
    Ok(action)
}

/// Services and actions are plain words with wildcards; policy variables have no meaning in them.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.*?".contains(&byte))
}

/// The plain or the `Not…` form of an element, or neither.
fn either<'a>(
    node: &'a Node,
    plain: &'static str,
    opposite: &'static str,
) -> Result<Option<Scope<&'a Node>>, Fault> {
    match (node.get(plain), node.get(opposite)) {
        (Some(_), Some(_)) => Err(node.fault(Reason::BothForms { element: plain })),
        (Some(value), None) => Ok(Some(Scope::Only(value))),
        (None, Some(value)) => Ok(Some(Scope::Except(value))),
        (None, None) => Ok(None),
    }
}

fn name<T>(scope: &Scope<T>, plain: &'static str, opposite: &'static str) -> &'static str {
    match scope {
        Scope::Only(_) => plain,
        Scope::Except(_) => opposite,
    }
}

fn try_map<T>(scope: Scope<&Node>, read: impl FnOnce(&Node) -> Result<T, Fault>) -> Result<Scope<T>, Fault> {
    Ok(match scope {
        Scope::Only(node) => Scope::Only(read(node)?),
        Scope::Except(node) => Scope::Except(read(node)?),
    })
}

/// A value or a list of values, but not an empty list.
pub(super) fn filled<T>(
    node: &Node,
    read: impl Fn(&Node) -> Result<T, Fault>,
) -> Result<OneOrMany<T>, Fault> {
    if node.items().is_empty() {
        return Err(node.fault(Reason::EmptyList));
    }
    node.one_or_many(read)
}

fn missing(node: &Node, element: &'static str, owner: &'static str) -> Fault {
    node.fault(Reason::Missing { element, owner })
}

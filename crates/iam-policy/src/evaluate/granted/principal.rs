//! Does a statement name the caller, and how?
//!
//! Owns `Principal` and `NotPrincipal`. Never decides what being named is worth.
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… NotPrincipal".

use crate::{
    Caller, Effect, Request, Scope, Truth,
    policy_set::{CompiledStatement, Grant, Grants, Who},
};

/// How a statement of a resource-based policy names the caller. `has_boundary` says whether the caller has one.
pub(super) fn grants(statement: &CompiledStatement, request: &Request, has_boundary: bool) -> Grants {
    match &statement.principals {
        None => Grants::NONE,
        Some(Scope::Only(listed)) => {
            listed.iter().fold(Grants::NONE, |grants, who| grants.with(of(who, statement.effect, request)))
        }
        Some(Scope::Except(listed)) => {
            // AWS: a deny with NotPrincipal always denies an identity with a permissions boundary.
            let always = statement.effect == Effect::Deny
                && has_boundary
                && matches!(request.caller(), Caller::Role { .. } | Caller::User { .. });
            let truth = if always { Truth::True } else { !is_excepted(listed, request) };
            Grants::NONE.with((Grant::Direct, truth))
        }
    }
}

/// Everybody includes services and holders of tokens in a deny. What they are allowed by it is not documented, nor
/// whether a deny to everybody keeps a token from being exchanged.
fn of(who: &Who, effect: Effect, request: &Request) -> (Grant, Truth) {
    let (grant, truth) = who.names(request.caller(), request.context());
    let doubtful = match request.caller() {
        Caller::Service { .. } => effect == Effect::Allow,
        Caller::Federated { .. } => true,
        _ => false,
    };
    (grant, if doubtful && *who == Who::Anyone { truth.and(Truth::Unknown) } else { truth })
}

/// Whether `NotPrincipal` excepts the caller. AWS wants the account, the role and the session named together, and says
/// only that fewer may not be enough.
fn is_excepted(listed: &[Who], request: &Request) -> Truth {
    let named: Vec<(Grant, Truth)> =
        listed.iter().map(|who| who.names(request.caller(), request.context())).collect();
    let by = |wanted| Truth::any(named.iter().filter(|(grant, _)| *grant == wanted).map(|(_, truth)| *truth));
    let (direct, account) = (by(Grant::Direct), by(Grant::Account));
    let anyone = Truth::from(listed.contains(&Who::Anyone));
    let all = match request.caller() {
        Caller::Role { .. } => direct.and(by(Grant::Role)).and(account),
        Caller::User { .. } => by(Grant::User).and(account),
        Caller::Root { .. } => account,
        _ => direct,
    };
    let some = Truth::any(named.iter().map(|(_, truth)| *truth));
    match (anyone.or(all), some) {
        (Truth::True, _) => Truth::True,
        (_, Truth::False) => Truth::False,
        _ => Truth::Unknown,
    }
}

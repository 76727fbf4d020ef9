//! Whom a trust policy names.
//!
//! Owns the proof that it does not name somebody. Whether one who is named gets in, `possible` says.

use crate::{
    Document, Effect, Layer, PolicySet, PrincipalKind, Principals, ResourcePolicy, Scope, Truth,
    analyze::Subject,
    policy_set::{ActionBuffer, ActionName, Grant, Grants},
};

/// How the allowing statements about an action name the subject, conditions aside.
pub(super) fn names(trust: &Document, subject: &Subject, action: &str) -> Grants {
    let set = PolicySet::new().resource("trust", trust, ResourcePolicy::Trust);
    let mut buffer: ActionBuffer = [0; 96];
    let action = ActionName::new(action, &mut buffer);
    let statements = set.layer(Layer::Resource).statements_for(&action);
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    allowing.fold(Grants::NONE, |grants, statement| match &statement.principals {
        Some(Scope::Only(named)) => {
            named.iter().fold(grants, |grants, who| grants.with(who.names(&subject.caller, &subject.context)))
        }
        Some(Scope::Except(_)) | None => grants.with((Grant::Direct, Truth::Unknown)),
    })
}

/// Whether some allowing statement names a service, or everybody.
pub(super) fn names_a_service(trust: &Document) -> bool {
    let allowing = trust.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allowing.filter_map(|statement| statement.principals.as_ref()).any(|principals| match principals {
        Scope::Only(Principals::Listed(listed)) => listed
            .iter()
            .any(|(kind, values)| *kind == PrincipalKind::Service || values.iter().any(|value| value == "*")),
        Scope::Only(Principals::Anyone) | Scope::Except(_) => true,
    })
}

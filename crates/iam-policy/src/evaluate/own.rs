//! What the caller's own policies say: those of its identity, its boundary and its session.
//!
//! Owns which of them a caller has. Never combines them.

use super::{Finding, statement};
use crate::{
    Caller, Effect, Layer, PolicySet, Request, Truth,
    decision::Cause,
    policy_set::{ActionName, Policies},
};

/// The caller's side.
pub(super) struct Own<'a> {
    pub(super) deny: Finding<'a>,
    pub(super) identity: Finding<'a>,
    /// What the boundary lets through: everything if there is none.
    pub(super) boundary: Finding<'a>,
    /// What the session policies let through: everything if there are none.
    pub(super) session: Finding<'a>,
}

impl<'a> Own<'a> {
    pub(super) fn of(set: &'a PolicySet, action: &ActionName<'_>, request: &Request) -> Self {
        let free = Finding::free(Cause::Root);
        let nothing = Finding::nothing(Layer::Identity);
        match request.caller() {
            Caller::Role { .. } | Caller::User { .. } | Caller::Unknown => {}
            Caller::Root { .. } => {
                return Self { deny: nothing, identity: free, boundary: free, session: free };
            }
            Caller::Service { .. } | Caller::Federated { .. } | Caller::Anonymous => {
                return Self { deny: nothing, identity: nothing, boundary: free, session: free };
            }
        }
        let [identity, boundary, session] = [Layer::Identity, Layer::Boundary, Layer::Session]
            .map(|layer| judge(set.layer(layer), layer, action, request));
        let limit = |layer, allow| if set.layer(layer).exists() { allow } else { free };
        Self {
            deny: identity.deny.or(boundary.deny).or(session.deny),
            identity: identity.allow,
            boundary: limit(Layer::Boundary, boundary.allow),
            session: limit(Layer::Session, session.allow),
        }
    }
}

struct Judged<'a> {
    deny: Finding<'a>,
    allow: Finding<'a>,
}

fn judge<'a>(policies: &'a Policies, layer: Layer, action: &ActionName<'_>, request: &Request) -> Judged<'a> {
    let mut judged = Judged { deny: Finding::nothing(layer), allow: Finding::nothing(layer) };
    if !policies.exists() {
        return judged;
    }
    for statement in policies.statements_for(action) {
        let side = match statement.effect {
            Effect::Allow => &mut judged.allow,
            Effect::Deny => &mut judged.deny,
        };
        if side.truth != Truth::True {
            *side = side.or(statement::applies(statement, request));
        }
    }
    if let Some(place) = policies.unknown().first() {
        let unknown = Finding::unknown(Cause::Content, Some(place));
        judged = Judged { deny: judged.deny.or(unknown), allow: judged.allow.or(unknown) };
    }
    judged
}

//! What the resource's policies say.
//!
//! Owns to whom they grant what: to the session, the user, the role, or the account. Never combines that with the
//! caller's own policies.
//! Source: IAM User Guide, "Policy evaluation logic", the effect of resource-based policies by principal type.

mod principal;

use super::{Finding, statement};
use crate::{
    Effect, Layer, PolicySet, Request, Truth, catalog,
    decision::Cause,
    policy_set::{ActionName, CompiledStatement, Grants},
};

/// The resource's side: a deny, and an allow by how it names the caller.
pub(super) struct Granted<'a> {
    pub(super) deny: Finding<'a>,
    pub(super) direct: Finding<'a>,
    pub(super) user: Finding<'a>,
    pub(super) role: Finding<'a>,
    pub(super) account: Finding<'a>,
    /// Whether the resource lets policies of its own account decide.
    pub(super) gate: Finding<'a>,
}

impl<'a> Granted<'a> {
    pub(super) fn of(set: &'a PolicySet, action: &ActionName<'_>, request: &Request) -> Self {
        let policies = set.layer(Layer::Resource);
        let nothing = Finding::nothing(Layer::Resource);
        let mut granted = Self {
            deny: nothing,
            direct: nothing,
            user: nothing,
            role: nothing,
            account: nothing,
            gate: Finding::free(Cause::Allow),
        };
        if policies.exists() {
            let has_boundary = set.layer(Layer::Boundary).exists();
            for statement in policies.statements_for(action) {
                granted.add(statement, request, has_boundary);
            }
            if let Some(place) = policies.unknown().first() {
                granted.add_unknown(Finding::unknown(Cause::Content, Some(place)));
            }
        }
        if set.is_gated() {
            granted.gate = granted.anyhow();
        } else if needs_resource_policy(action, request) {
            granted.account = granted.account.or(Finding::unknown(Cause::NoResourcePolicy, None));
            granted.gate = granted.account;
        }
        granted
    }

    /// Whether the resource lets the caller in, however it names the caller.
    pub(super) fn anyhow(&self) -> Finding<'a> {
        self.direct.or(self.user).or(self.role).or(self.account)
    }

    fn add(&mut self, statement: &'a CompiledStatement, request: &Request, has_boundary: bool) {
        let named = principal::grants(statement, request, has_boundary);
        if named.any() == Truth::False {
            return;
        }
        let applies = statement::applies(statement, request);
        let of =
            |truth| applies.and(Finding { truth, cause: Cause::Principal, place: Some(&statement.place) });
        if statement.effect == Effect::Deny {
            self.deny = self.deny.or(of(named.any()));
            return;
        }
        let Grants { direct, user, role, account } = named;
        self.direct = self.direct.or(of(direct));
        self.user = self.user.or(of(user));
        self.role = self.role.or(of(role));
        self.account = self.account.or(of(account));
    }

    fn add_unknown(&mut self, unknown: Finding<'a>) {
        for side in [&mut self.deny, &mut self.direct, &mut self.user, &mut self.role, &mut self.account] {
            *side = side.or(unknown);
        }
    }
}

/// Whether the request is about a role's trust or a key, which have a policy of their own that must allow it.
///
/// Such an action is done to a role or a key, whatever the resource of the request looks like, unless that is a user or
/// an alias.
fn needs_resource_policy(action: &ActionName<'_>, request: &Request) -> bool {
    let (kind, other) = match action.service() {
        "sts" => ("role", "user/"),
        "kms" => ("key", "alias/"),
        _ => return false,
    };
    let resource = request.resource().splitn(6, ':').nth(5).unwrap_or_default();
    let known = catalog::action(request.action());
    !resource.starts_with(other)
        && known.map_or(true, |action| action.resource_types().any(|(name, _)| name == kind))
}

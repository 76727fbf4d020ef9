//! Is a request allowed?
//!
//! Owns how the layers of policies combine. Never looks into a statement: `statement` does.
//! Source: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and "Permissions
//! boundaries for IAM entities".

mod account;
mod finding;
mod granted;
mod own;
mod statement;

use crate::{
    Caller, PolicySet, Request, Truth,
    decision::{Decision, Outcome},
    policy_set::{ActionBuffer, ActionName},
};

use finding::Finding;
use granted::Granted;
use own::Own;

/// Decides a request by the policies that bear on it.
///
/// An explicit deny in any policy decides. Otherwise, within one account, the policies of the identity or of the
/// resource must allow it: what a resource-based policy grants to the session, to the user or to everybody passes an
/// implicit deny of the permissions boundary, what it grants to the role does not, and what it grants to the account
/// counts only with an identity-based policy. Across accounts both sides must allow it. Trust policies and key policies
/// must allow it always. A service or the holder of a token has no identity-based policy.
///
/// Where something that matters is not known, the outcome is [`Outcome::Unknown`]; what is not known but does not matter
/// changes nothing.
#[must_use]
pub fn evaluate(set: &PolicySet, request: &Request) -> Decision {
    let mut buffer: ActionBuffer = [0; 96];
    let action = ActionName::new(request.action(), &mut buffer);
    let own = Own::of(set, &action, request);
    let granted = Granted::of(set, &action, request);
    let deny = own.deny.or(granted.deny);
    if deny.truth == Truth::True {
        return deny.decide(Outcome::Denied);
    }
    let allow = allowed(request, &own, &granted);
    match allow.truth {
        Truth::False => allow.decide(Outcome::Denied),
        Truth::Unknown => allow.decide(Outcome::Unknown),
        Truth::True if deny.truth == Truth::Unknown => deny.decide(Outcome::Unknown),
        Truth::True => allow.decide(Outcome::Allowed),
    }
}

/// Whether anything allows the request, explicit denies aside.
fn allowed<'a>(request: &Request, own: &Own<'a>, granted: &Granted<'a>) -> Finding<'a> {
    let alone = || granted.anyhow();
    let within = || within_account(own, granted);
    let across = || own.identity.and(own.boundary).and(own.session).and(granted.anyhow());
    match request.caller() {
        Caller::Service { .. } | Caller::Federated { .. } | Caller::Anonymous => alone(),
        Caller::Unknown => within().either(across()).either(alone()),
        Caller::Role { .. } | Caller::User { .. } | Caller::Root { .. } => {
            match account::is_shared(request) {
                Truth::True => within(),
                Truth::False => across(),
                Truth::Unknown => within().either(across()),
            }
        }
    }
}

/// Within one account a grant passes the limits that do not bear on whom it names.
fn within_account<'a>(own: &Own<'a>, granted: &Granted<'a>) -> Finding<'a> {
    let limits = own.boundary.and(own.session);
    let delegated = own.identity.and(limits).and(granted.gate);
    let to_role = granted.role.and(limits);
    let to_user = granted.user.and(own.session);
    let best = delegated.or(granted.direct).or(to_user).or(to_role);
    // Of several reasons for a denial, the limit that stopped a grant says more than the want of another grant.
    match (best.truth, granted.role.truth, granted.user.truth) {
        (Truth::False, Truth::True, _) => to_role,
        (Truth::False, _, Truth::True) => to_user,
        _ => best,
    }
}

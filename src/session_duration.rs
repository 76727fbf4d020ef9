//! How long the sessions of a role really last, for each kind of caller.
//!
//! Source: STS API reference, `AssumeRole` (role chaining is limited to one hour whatever the role allows);
//! IAM user guide, "Methods to assume a role".

use crate::trust::{Trust, is_account, is_role};
use tfplug::schema::{Attr, Map, Shape};

/// The longest session of a role that is assumed by another role's session.
pub const CHAINED: i64 = 3600;

/// Seconds by kind of caller that the trust names: `oidc` and `user` get the role's maximum, `role` one hour at
/// most, `service` none of ours (null): a service such as ECS renews what it hands out by itself. An account as
/// principal stands for its users and its roles.
pub fn effective(trust: &Attr<Trust>, maximum: &Attr<i64>) -> Attr<Map<i64>> {
    let (Attr::Known(trust), Attr::Known(maximum)) = (trust, maximum) else { return Attr::Unknown };
    if !trust.encode().is_wholly_known() {
        return Attr::Unknown;
    }
    let mut by_caller = Map::new();
    let mut set = |caller: &str, seconds| {
        by_caller.insert(caller.to_owned(), seconds);
    };
    for principal in trust.principals() {
        let (whole, role) = (is_account(principal), is_role(principal));
        if whole || role {
            set("role", Attr::Known(CHAINED.min(*maximum)));
        }
        if whole || !role {
            set("user", Attr::Known(*maximum));
        }
    }
    if trust.services.known().is_some_and(|entries| !entries.is_empty()) {
        set("service", Attr::Null);
    }
    if trust.has_token_holders() {
        set("oidc", Attr::Known(*maximum));
    }
    Attr::Known(by_caller)
}

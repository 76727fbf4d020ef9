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
    Caller, Layer, PolicySet, Request, Truth,
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
///
/// ```
/// use iam_policy::{Caller, Context, Document, Outcome, PolicySet, Request, Statement, evaluate};
///
/// let planner = Document::new([
///     Statement::allow(["s3:Get*"]).resource("arn:aws:s3:::state/*"),
///     Statement::deny(["s3:GetObject"]).sid("NoSecrets").resource("arn:aws:s3:::state/secret/*"),
/// ]);
/// let set = PolicySet::new().identity("planner", &planner);
/// let get = |key: &str| {
///     let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None };
///     let context = Context::partial().with("aws:ResourceAccount", ["111122223333"]);
///     evaluate(&set, &Request::new(caller, "s3:GetObject", format!("arn:aws:s3:::state/{key}"), context))
/// };
/// assert_eq!(get("prod").outcome, Outcome::Allowed);
/// assert_eq!(
///     get("secret/key").to_string(),
///     "denied: `Statement[1]`, `NoSecrets`, of the identity-based policy `planner` denies it",
/// );
/// ```
#[must_use]
pub fn evaluate(set: &PolicySet, request: &Request) -> Decision {
    let mut buffer: ActionBuffer = [0; 96];
    let action = ActionName::new(request.action(), &mut buffer);
    let own = Own::of(set, &action, request);
    let granted = Granted::of(set, &action, request);
    decide(own.deny.or(granted.deny), || allowed(request, &own, &granted))
}

/// Decides what the policies of a set say by themselves, for a question about a policy and not about a caller.
///
/// As [`evaluate`], but one side is enough: what identity-based policies allow within boundary and session counts
/// whatever account the resource is in and whatever policy it has, and what a resource-based policy allows counts
/// whatever the caller's own policies say. A request that this denies, [`evaluate`] never allows.
#[must_use]
pub fn evaluate_alone(set: &PolicySet, request: &Request) -> Decision {
    let mut buffer: ActionBuffer = [0; 96];
    let action = ActionName::new(request.action(), &mut buffer);
    let own = Own::of(set, &action, request);
    let allow = || own.identity.and(own.boundary).and(own.session);
    if !set.layer(Layer::Resource).exists() {
        return decide(own.deny, allow);
    }
    let granted = Granted::of(set, &action, request);
    decide(own.deny.or(granted.deny), || granted.anyhow().or(allow()))
}

/// An explicit deny beats every allow, and one that is not known makes every allow doubtful.
fn decide<'a>(deny: Finding<'a>, allow: impl FnOnce() -> Finding<'a>) -> Decision {
    if deny.truth == Truth::True {
        return deny.decide(Outcome::Denied);
    }
    let allow = allow();
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
        // Whoever has no allow of its own account, nor a grant, needs no account to be denied.
        _ if own.identity.truth == Truth::False && granted.anyhow().truth == Truth::False => within(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Kind, ResourcePolicy, parse};

    fn alone(set: &PolicySet, caller: Caller, action: &str, resource: &str) -> Outcome {
        evaluate_alone(set, &Request::new(caller, action, resource, Context::partial())).outcome
    }

    #[test]
    fn an_identity_policy_alone_asks_neither_for_the_account_nor_for_the_resources_policy() {
        let text = r#"{"Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "kms:Decrypt"], "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret",
             "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;
        let set = PolicySet::new().identity("p", &parse(text, Kind::Identity).unwrap());
        let key = "arn:aws:kms:eu-west-1:111122223333:key/1";
        assert_eq!(alone(&set, Caller::Unknown, "s3:GetObject", "arn:aws:s3:::b/k"), Outcome::Allowed);
        assert_eq!(alone(&set, Caller::Unknown, "kms:Decrypt", key), Outcome::Allowed);
        assert_eq!(alone(&set, Caller::Unknown, "s3:GetObject", "arn:aws:s3:::b/secret"), Outcome::Unknown);
        assert_eq!(alone(&set, Caller::Unknown, "s3:PutObject", "arn:aws:s3:::b/k"), Outcome::Denied);
    }

    #[test]
    fn a_trust_policy_alone_allows_whom_it_names() {
        let text = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": "111122223333", "Service": "ecs-tasks.amazonaws.com"}}}"#;
        let trust = parse(text, Kind::Trust).unwrap();
        let set = PolicySet::new().resource("trust", &trust, ResourcePolicy::Trust);
        let role = "arn:aws:iam::444455556666:role/runner";
        let ask = |caller| alone(&set, caller, "sts:AssumeRole", role);
        let of =
            |account: &str| Caller::Role { arn: format!("arn:aws:iam::{account}:role/ci"), session: None };
        assert_eq!(ask(of("111122223333")), Outcome::Allowed);
        assert_eq!(ask(of("999999999999")), Outcome::Denied);
        assert_eq!(ask(Caller::Service { name: "ecs-tasks.amazonaws.com".to_owned() }), Outcome::Allowed);
        assert_eq!(ask(Caller::Unknown), Outcome::Unknown);
    }
}

//! `policy_allows`: does this policy allow that request?

use super::policy;
use iam_policy::{
    Arn, Caller, Context, Document, Kind, Outcome, PolicySet, Request, ResourcePolicy, Value, catalog,
    evaluate_alone,
};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, Map, required};

object! {
    /// Tells whether a policy allows one request: `true`, `false`, or null when that depends on a condition key that was not given. It is decided as AWS does, conditions and explicit denies included, and without asking AWS.
    ///
    /// Compare the answer, as in `policy_allows(…) == false`: null equals neither, so that a check of what cannot be told fails instead of passing.
    ///
    /// Only this policy counts: not the caller's others, nor its permissions boundary, nor what the resource says. Where the policy names principals, the caller is who the context says: a role or user by `aws:PrincipalArn`, a service by `aws:PrincipalServiceName`, the holder of a token by `aws:FederatedProvider`, with the ARN of the identity provider or such a name as `accounts.google.com`.
    pub(super) struct Arguments {
        /// An identity policy, the trust policy of a role, or the policy of another resource, such as a bucket; as JSON text.
        policy: String = required(),
        /// One action, such as `s3:GetObject`. One that the provider's catalogue of actions does not have is an error, so that a misspelt action is never taken for a refused one.
        action: String = required(),
        /// ARN of the resource that the action is done to, without wildcards. `*` for an action that is done to none, such as `s3:ListAllMyBuckets`.
        resource: String = required(),
        /// At most one map of condition keys to their values, such as `{ "aws:PrincipalOrgID" = ["o-a1b2c3d4e5"] }`. A key with an empty list is known to be absent from the request; of a key that is not there, nothing is known.
        context: List<Map<List<String>>> = required(),
    }
}

/// The positions of the arguments.
const POLICY: usize = 0;
const ACTION: usize = 1;
const RESOURCE: usize = 2;
const CONTEXT: usize = 3;

/// The function.
#[derive(Debug)]
pub(super) struct PolicyAllows;

impl Function for PolicyAllows {
    const NAME: &'static str = "policy_allows";
    const SUMMARY: &'static str = "Whether a policy allows a request: true, false, or null if it depends.";
    const VARIADIC: bool = true;
    type Arguments = Arguments;
    type Output = Option<bool>;

    fn call(arguments: Arguments) -> Result<Option<bool>, FunctionError> {
        let Arguments { policy: text, action, resource, context } = arguments;
        let (document, kind) = policy(&text.into_known().unwrap_or_default(), POLICY)?;
        let action = action.into_known().unwrap_or_default();
        let resource = resource.into_known().unwrap_or_default();
        checked(&action, &resource)?;
        let context = read(context.into_known().unwrap_or_default())?;
        let caller = caller(&context, kind);
        let decision =
            evaluate_alone(&set(&document, kind), &Request::new(caller, action, resource, context));
        Ok(match decision.outcome {
            Outcome::Allowed => Some(true),
            Outcome::Denied => Some(false),
            Outcome::Unknown => None,
        })
    }
}

fn set(document: &Document, kind: Kind) -> PolicySet {
    match kind {
        Kind::Identity => PolicySet::new().identity("policy", document),
        Kind::Trust => PolicySet::new().resource("policy", document, ResourcePolicy::Trust),
        Kind::Resource => PolicySet::new().resource("policy", document, ResourcePolicy::Other),
    }
}

/// Refuses what would be answered with a reassuring `false` for being no request at all.
fn checked(action: &str, resource: &str) -> Result<(), FunctionError> {
    if action.contains(['*', '?']) {
        let text = format!(
            "A request is for one action, and `{action}` has a wildcard. Ask for each of `expand_actions`."
        );
        return Err(FunctionError::argument(ACTION, text));
    }
    let known =
        catalog::action(action).map_err(|unknown| FunctionError::argument(ACTION, unknown.to_string()))?;
    let wrong = |text: String| Err(FunctionError::argument(RESOURCE, text));
    if resource == "*" {
        return match known.takes_resource() {
            true => wrong(format!(
                "`{known}` is done to a resource. Write its ARN; `*` is for actions that are done to none."
            )),
            false => Ok(()),
        };
    }
    if resource.contains(['*', '?']) {
        return wrong(format!(
            "A request is about one resource, and `{resource}` has a wildcard. Write the ARN of one."
        ));
    }
    Arn::parse(resource).map(drop).or_else(|error| wrong(error.to_string()))
}

fn read(contexts: List<Map<List<String>>>) -> Result<Context, FunctionError> {
    let mut contexts = contexts.into_iter().filter_map(Attr::into_known);
    let given = contexts.next().unwrap_or_default();
    if contexts.next().is_some() {
        let text = "There is one context at most. Join the maps with `merge`.";
        return Err(FunctionError::argument(CONTEXT + 1, text));
    }
    let mut context = Context::partial();
    for (key, values) in given {
        if !key.contains(':') {
            let text = format!("The condition key `{key}` has no prefix, as in `aws:SourceIp`.");
            return Err(FunctionError::argument(CONTEXT, text));
        }
        let values = values.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known);
        let values: Vec<String> = values.collect();
        context = if values.is_empty() { context.without(&key) } else { context.with(&key, values) };
    }
    Ok(context)
}

/// Who asks, where the policy says to whom it is. An identity policy is its holder's, whoever that is.
fn caller(context: &Context, kind: Kind) -> Caller {
    let one = |key: &str| match context.get(key) {
        Value::Known([value]) if kind != Kind::Identity => Some(value.clone()),
        _ => None,
    };
    if let Some(name) = one("aws:PrincipalServiceName") {
        return Caller::Service { name };
    }
    if let Some(arn) = one("aws:PrincipalArn") {
        return match Arn::parse(&arn) {
            Ok(parsed) if parsed.iam_role().is_some() => Caller::Role { arn, session: None },
            Ok(parsed) if parsed.iam_user().is_some() => Caller::User { arn },
            Ok(parsed) if parsed.is_account_root() => Caller::Root { arn },
            _ => Caller::Unknown,
        };
    }
    one("aws:FederatedProvider").map_or(Caller::Unknown, |provider| Caller::Federated { provider })
}

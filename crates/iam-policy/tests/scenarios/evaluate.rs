//! `evaluate` answers as the scenarios say.

use iam_policy::{Caller, Kind, Outcome, PolicySet, Request, ResourcePolicy, evaluate, parse};
use serde_json::Value;

use crate::{context, run, text};

#[test]
fn evaluate_answers_as_the_scenarios_say() {
    run("evaluate", 150, check);
}

/// Who calls where a scenario does not say it.
pub(crate) const CALLER: &str = "arn:aws:iam::111122223333:role/ci/planner@run-7";

/// Policies by layer (one or a list; `"unknown"` for one whose content is not known), a request, and the `outcome`;
/// `because` is a part of the printed decision.
fn check(scenario: &Value) -> Result<(), String> {
    let resource = scenario["on"].as_str().unwrap_or("*");
    let action = scenario["action"].as_str().ok_or("has no `action`")?;
    let request = Request::new(
        caller(scenario["caller"].as_str().unwrap_or(CALLER)),
        action,
        resource,
        context(scenario),
    );
    let decision = evaluate(&policies(scenario)?, &request);
    let expected = match scenario["outcome"].as_str() {
        Some("allowed") => Outcome::Allowed,
        Some("denied") => Outcome::Denied,
        Some("unknown") => Outcome::Unknown,
        other => return Err(format!("`outcome` is {other:?}")),
    };
    let sentence = decision.to_string();
    let because = scenario["because"].as_str().unwrap_or_default();
    if decision.outcome != expected || !sentence.contains(because) {
        return Err(format!("is {sentence}"));
    }
    Ok(())
}

pub(crate) fn policies(scenario: &Value) -> Result<PolicySet, String> {
    let mut set = PolicySet::new();
    for layer in ["identity", "boundary", "session", "trust", "key", "resource"] {
        let of_layer = match &scenario[layer] {
            Value::Null => &[],
            Value::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        for policy in of_layer {
            set = add(set, layer, policy)?;
        }
    }
    Ok(set)
}

fn add(set: PolicySet, layer: &str, policy: &Value) -> Result<PolicySet, String> {
    let kind = match layer {
        "trust" => Kind::Trust,
        "key" | "resource" => Kind::Resource,
        _ => Kind::Identity,
    };
    let place = match layer {
        "trust" => ResourcePolicy::Trust,
        "key" => ResourcePolicy::Key,
        _ => ResourcePolicy::Other,
    };
    if policy == "unknown" {
        return Ok(match layer {
            "identity" => set.identity_unknown(layer),
            "boundary" => set.boundary_unknown(layer),
            "session" => set.session_unknown(layer),
            _ => set.resource_unknown(layer, place),
        });
    }
    let document = parse(&text(policy), kind).map_err(|error| format!("{layer}: {error}"))?;
    Ok(match layer {
        "identity" => set.identity(layer, &document),
        "boundary" => set.boundary(layer, &document),
        "session" => set.session(layer, &document),
        _ => set.resource(layer, &document, place),
    })
}

/// An ARN, a role's with `@` and the session's name; or `service:`, `federated:` and a name; or `anonymous`, `unknown`.
pub(crate) fn caller(text: &str) -> Caller {
    let arn = || text.to_owned();
    match text.split_once(':') {
        Some(("service", name)) => Caller::Service { name: name.to_owned() },
        Some(("federated", provider)) => Caller::Federated { provider: provider.to_owned() },
        None if text == "anonymous" => Caller::Anonymous,
        None => Caller::Unknown,
        _ if text.ends_with(":root") => Caller::Root { arn: arn() },
        _ if text.contains(":user/") => Caller::User { arn: arn() },
        _ => match text.split_once('@') {
            Some((role, session)) => Caller::Role { arn: role.to_owned(), session: Some(session.to_owned()) },
            None => Caller::Role { arn: arn(), session: None },
        },
    }
}

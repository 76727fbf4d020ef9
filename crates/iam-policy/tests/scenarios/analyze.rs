//! `analyze`, `analyze_roles` and `quota_use` answer as the scenarios say.

use iam_policy::{
    Caller, Document, Kind, PolicySet, Subject, analyze,
    analyze::{Attachment, Role, quota_use},
    analyze_roles, catalog, parse,
};
use serde_json::Value;

use crate::{run, text};

#[test]
fn analyze_answers_as_the_scenarios_say() {
    run("analyze", 50, check);
}

/// Policies are documents, or names of policies that AWS manages, by name; `roles` is for several roles.
///
/// The lists of `expected` are complete: what is not in them may not be found. A list that is left out is not looked at.
fn check(scenario: &Value) -> Result<(), String> {
    let found = if let Some(roles) = scenario["roles"].as_array() {
        of_roles(roles)?
    } else {
        let subject = subject(scenario);
        let analysis = analyze(&policies(scenario)?, &subject);
        vec![
            (
                "counts",
                analysis
                    .access
                    .counts()
                    .into_iter()
                    .map(|(level, count)| format!("{level} {count}"))
                    .collect(),
            ),
            ("perhaps", lines(analysis.access.perhaps.iter())),
            ("secrets", analysis.secrets.iter().map(|one| one.action.to_owned()).collect()),
            ("secret_lines", lines(&analysis.secrets)),
            ("escalations", analysis.escalations.iter().map(|one| one.path.id.to_owned()).collect()),
            ("escalation_lines", lines(&analysis.escalations)),
            ("unknown", lines(&analysis.unknown_names)),
            ("open", lines(&analysis.open_names)),
            ("ineffective", lines(&analysis.ineffective_scopes)),
            ("quota", quota(scenario)?),
        ]
    };
    let expected = scenario["expected"].as_object().ok_or("has no `expected`")?;
    if let Some(name) = expected.keys().find(|name| found.iter().all(|(known, _)| known != name)) {
        return Err(format!("does not know `{name}`"));
    }
    let wrong: Vec<String> = found
        .into_iter()
        .filter(|(name, found)| {
            expected.get(*name).is_some_and(|expected| *expected != Value::from(found.clone()))
        })
        .map(|(name, found)| format!("finds {name} {}", Value::from(found)))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ")) }
}

fn of_roles(roles: &[Value]) -> Result<Vec<(&'static str, Vec<String>)>, String> {
    let roles: Result<Vec<Role>, String> = roles.iter().map(role).collect();
    let analysis = analyze_roles(&roles?);
    Ok(vec![("takeovers", lines(&analysis.takeovers)), ("chains", lines(&analysis.chains))])
}

fn role(value: &Value) -> Result<Role, String> {
    let trust = parse(&text(&value["trust"]), Kind::Trust).map_err(|error| format!("trust: {error}"))?;
    let arn = value["arn"].as_str().ok_or("a role has no `arn`")?.to_owned();
    Ok(Role { arn, trust, policies: policies(value)? })
}

fn subject(scenario: &Value) -> Subject {
    let arn = scenario["caller"].as_str().unwrap_or("arn:aws:iam::111122223333:role/planner").to_owned();
    let accepted = scenario["accept"].as_array().into_iter().flatten();
    accepted.fold(Subject::new(Caller::Role { arn, session: None }), |subject, pair| {
        subject.accept(pair[0].as_str().unwrap_or_default(), pair[1].as_str().unwrap_or_default())
    })
}

fn policies(scenario: &Value) -> Result<PolicySet, String> {
    let mut set = PolicySet::new();
    for (name, policy) in scenario["identity"].as_object().into_iter().flatten() {
        set = match policy.as_str() {
            Some("unknown") => set.identity_unknown(name),
            _ => set.identity(name, &document(policy)?),
        };
    }
    if !scenario["boundary"].is_null() {
        set = set.boundary("boundary", &document(&scenario["boundary"])?);
    }
    if !scenario["session"].is_null() {
        set = set.session("session", &document(&scenario["session"])?);
    }
    Ok(set)
}

fn document(policy: &Value) -> Result<Document, String> {
    let managed = policy.as_str().and_then(|name| catalog::managed_policy(name).ok());
    let text = managed.map_or_else(|| text(policy), |policy| policy.document().to_owned());
    parse(&text, Kind::Identity).map_err(|error| error.to_string())
}

fn quota(scenario: &Value) -> Result<Vec<String>, String> {
    let mut documents = Vec::new();
    for (list, attachment, kind) in [
        ("identity", Attachment::Inline, Kind::Identity),
        ("managed", Attachment::Managed, Kind::Identity),
        ("trust", Attachment::Trust, Kind::Trust),
    ] {
        for (name, policy) in
            scenario[list].as_object().into_iter().flatten().filter(|(_, policy)| policy.is_object())
        {
            let document = parse(&text(policy), kind).map_err(|error| error.to_string())?;
            documents.push((attachment, name.as_str(), document));
        }
    }
    let borrowed = documents.iter().map(|(attachment, name, document)| (*attachment, *name, document));
    Ok(lines(quota_use(borrowed)))
}

fn lines<T: ToString>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    all.into_iter().map(|one| one.to_string()).collect()
}

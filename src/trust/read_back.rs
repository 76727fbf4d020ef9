//! The trust that a trust policy amounts to, for roles that were made elsewhere and are imported.
//!
//! Only answers when the policy says exactly what a trust can say: the result, turned into a document again,
//! is compared with the policy.

use super::{AwsTrust, Home, OidcTrust, ServiceTrust, Trust, document};
use iam_policy::{Condition, Document, Effect, PrincipalKind, Principals, Scope, Statement};
use std::collections::BTreeMap;
use tfplug::schema::{Attr, Set};

/// The trust that means the same as `policy`, or `None` if there is none.
pub fn read_back(policy: &Document, home: Home<'_>) -> Option<Trust> {
    let mut trust = Entries::default();
    for statement in &policy.statements {
        trust.add(statement)?;
    }
    let trust = trust.into_trust();
    match document(&trust, home) {
        Attr::Known(again) if iam_policy::equal(&again, policy) => Some(trust),
        _ => None,
    }
}

#[derive(Default)]
struct Entries {
    aws: Vec<AwsTrust>,
    services: Vec<ServiceTrust>,
    oidc: Vec<OidcTrust>,
}

impl Entries {
    fn add(&mut self, statement: &Statement) -> Option<()> {
        if statement.effect != Effect::Allow {
            return None;
        }
        let (kind, principals) = principals(statement)?;
        let actions: Vec<&str> = match &statement.actions {
            Scope::Only(actions) => actions.iter().map(String::as_str).collect(),
            Scope::Except(_) => return None,
        };
        let conditions = Conditions::of(statement)?;
        match kind {
            PrincipalKind::Aws if !actions.contains(&"sts:AssumeRole") => {
                // What may go along with the statement before it.
                let last = self.aws.last_mut()?;
                last.allow_session_tags = flag(actions.contains(&"sts:TagSession"));
            }
            PrincipalKind::Aws => self.aws.push(aws(principals, &conditions)),
            PrincipalKind::Service => self.services.push(service(&principals, &conditions)?),
            PrincipalKind::Federated => self.oidc.push(oidc(&principals, &conditions)?),
            PrincipalKind::CanonicalUser => return None,
        }
        Some(())
    }

    fn into_trust(self) -> Trust {
        fn list<T>(entries: Vec<T>) -> Attr<Vec<Attr<T>>> {
            if entries.is_empty() {
                Attr::Null
            } else {
                Attr::Known(entries.into_iter().map(Attr::Known).collect())
            }
        }
        Trust { aws: list(self.aws), services: list(self.services), oidc: list(self.oidc) }
    }
}

/// The conditions of a statement by operator and key, both in lower case.
struct Conditions(BTreeMap<(String, String), Vec<String>>);

impl Conditions {
    fn of(statement: &Statement) -> Option<Self> {
        let mut all = BTreeMap::new();
        for Condition { operator, key, values } in &statement.conditions {
            let values = values.iter().map(|value| value.to_text()).collect();
            if all.insert((operator.to_lowercase(), key.to_lowercase()), values).is_some() {
                return None;
            }
        }
        Some(Self(all))
    }

    fn values(&self, operator: &str, key: &str) -> Option<&Vec<String>> {
        self.0.get(&(operator.to_lowercase(), key.to_lowercase()))
    }

    fn one(&self, operator: &str, key: &str) -> Attr<String> {
        match self.values(operator, key).map(Vec::as_slice) {
            Some([value]) => Attr::Known(value.clone()),
            _ => Attr::Null,
        }
    }
}

/// The principals of a statement that names one kind of them.
fn principals(statement: &Statement) -> Option<(PrincipalKind, Vec<String>)> {
    let Some(Scope::Only(Principals::Listed(listed))) = &statement.principals else { return None };
    match listed.as_slice() {
        [(kind, values)] => Some((*kind, values.iter().cloned().collect())),
        _ => None,
    }
}

fn texts(values: impl IntoIterator<Item = String>) -> Attr<Set<String>> {
    Attr::Known(Set(values.into_iter().map(Attr::Known).collect()))
}

fn flag(on: bool) -> Attr<bool> {
    if on { Attr::Known(true) } else { Attr::Null }
}

fn aws(principals: Vec<String>, conditions: &Conditions) -> AwsTrust {
    let matched = conditions.values("ArnLike", "aws:PrincipalArn");
    AwsTrust {
        principals: texts(matched.cloned().unwrap_or(principals)),
        r#match: if matched.is_some() { Attr::Known("condition".to_owned()) } else { Attr::Null },
        external_id: conditions.one("StringEquals", "sts:ExternalId"),
        org_id: conditions.one("StringEquals", "aws:PrincipalOrgID"),
        require_mfa: flag(conditions.values("Bool", "aws:MultiFactorAuthPresent").is_some()),
        require_source_identity: flag(conditions.values("Null", "sts:SourceIdentity").is_some()),
        allow_session_tags: Attr::Null,
    }
}

fn service(principals: &[String], conditions: &Conditions) -> Option<ServiceTrust> {
    let [service] = principals else { return None };
    let account = conditions.one("StringEquals", "aws:SourceAccount");
    let account = if account.is_null() { Attr::Known("*".to_owned()) } else { account };
    let source_arns = conditions.values("ArnLike", "aws:SourceArn").cloned();
    Some(ServiceTrust {
        service: Attr::Known(service.clone()),
        source_account: account,
        source_arns: source_arns.map_or(Attr::Null, texts),
    })
}

fn oidc(principals: &[String], conditions: &Conditions) -> Option<OidcTrust> {
    let [provider] = principals else { return None };
    let provider = iam_policy::Arn::parse(provider).ok()?;
    let issuer = provider.oidc_provider()?;
    let prefix = format!("{}:", issuer.to_lowercase());
    let mut claims = BTreeMap::new();
    let mut audiences = Attr::Null;
    for ((_, key), values) in &conditions.0 {
        match key.strip_prefix(&prefix)? {
            "aud" => audiences = texts(values.clone()),
            claim => drop(claims.insert(claim.to_owned(), texts(values.clone()))),
        }
    }
    Some(OidcTrust {
        issuer: Attr::Known(format!("https://{issuer}")),
        audiences,
        claims: Attr::Known(claims),
    })
}

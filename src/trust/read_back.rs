//! The trust that a trust policy amounts to, for roles that were made elsewhere and are imported.
//!
//! Only answers when the policy says exactly what a trust can say: the result, turned into a document again,
//! is compared with the policy.

mod statement;

use super::token::Claims;
use super::{
    AwsTrust, GithubTrust, GitlabTrust, HcpTerraformTrust, Home, OidcTrust, ServiceTrust, Trust, document,
    github, gitlab, hcp_terraform, same,
};
use iam_policy::{Document, PrincipalKind, Statement};
use statement::{Conditions, Parts};
use tfplug::schema::{Attr, Set};

/// The trust that means the same as `policy`, or `None` if there is none.
pub fn read_back(policy: &Document, home: Home<'_>) -> Option<Trust> {
    let mut trust = Entries::default();
    for statement in &policy.statements {
        trust.add(statement, home)?;
    }
    let trust = trust.into_trust();
    match document(&trust, home) {
        Attr::Known(again) if same(&again, policy) => Some(trust),
        _ => None,
    }
}

#[derive(Default)]
struct Entries {
    aws: Vec<AwsTrust>,
    services: Vec<ServiceTrust>,
    github: Vec<GithubTrust>,
    gitlab: Vec<GitlabTrust>,
    hcp_terraform: Vec<HcpTerraformTrust>,
    oidc: Vec<OidcTrust>,
}

impl Entries {
    fn add(&mut self, statement: &Statement, home: Home<'_>) -> Option<()> {
        let Parts { kind, principals, actions, conditions } = Parts::of(statement)?;
        match kind {
            PrincipalKind::Aws if !actions.contains(&"sts:AssumeRole") => {
                // What may go along with the statements before it, for callers who are under the same conditions.
                let callers = aws(principals, &conditions, false);
                let tags = flag(actions.contains(&"sts:TagSession"));
                let same = self.aws.iter_mut().filter(|entry| callers.iter().any(|all| is_among(entry, all)));
                same.for_each(|entry| entry.allow_session_tags = tags);
            }
            PrincipalKind::Aws => {
                self.aws.extend(aws(principals, &conditions, actions.contains(&"sts:TagSession")));
            }
            PrincipalKind::Service => self.services.extend(services(&principals, &conditions)),
            PrincipalKind::Federated => self.add_holders(&conditions.claims(&principals)?, statement, home),
            PrincipalKind::CanonicalUser => return None,
        }
        Some(())
    }

    /// The holders of tokens, as the kind of trust that says it most plainly.
    fn add_holders(&mut self, claims: &Claims, statement: &Statement, home: Home<'_>) {
        let says_it = |trust: &Trust| {
            let policy = Document::new([statement.clone()]);
            matches!(document(trust, home), Attr::Known(again) if same(&again, &policy))
        };
        let none = Trust::default;
        let github = github::read(claims, home).unwrap_or_default();
        let gitlab = gitlab::read(claims).unwrap_or_default();
        let hcp_terraform = hcp_terraform::read(claims).unwrap_or_default();
        if says_it(&Trust { github: list(github.clone()), ..none() }) {
            self.github.extend(github);
        } else if says_it(&Trust { gitlab: list(gitlab.clone()), ..none() }) {
            self.gitlab.extend(gitlab);
        } else if says_it(&Trust { hcp_terraform: list(hcp_terraform.clone()), ..none() }) {
            self.hcp_terraform.extend(hcp_terraform);
        } else {
            self.oidc.push(oidc(claims));
        }
    }

    fn into_trust(self) -> Trust {
        Trust {
            aws: list(self.aws),
            services: list(self.services),
            github: list(self.github),
            gitlab: list(self.gitlab),
            hcp_terraform: list(self.hcp_terraform),
            oidc: list(self.oidc),
        }
    }
}

fn list<T>(entries: Vec<T>) -> Attr<Vec<Attr<T>>> {
    match entries.is_empty() {
        true => Attr::Null,
        false => Attr::Known(entries.into_iter().map(Attr::Known).collect()),
    }
}

fn texts(values: impl IntoIterator<Item = String>) -> Attr<Set<String>> {
    super::set_of(values)
}

fn flag(on: bool) -> Attr<bool> {
    if on { Attr::Known(true) } else { Attr::Null }
}

/// Whether the callers of an entry are among those of another, under the same conditions on who they are.
fn is_among(entry: &AwsTrust, all: &AwsTrust) -> bool {
    let among = super::texts(&entry.principals)
        .all(|principal| super::texts(&all.principals).any(|other| other == principal));
    among
        && entry.r#match == all.r#match
        && entry.org_id == all.org_id
        && entry.require_mfa == all.require_mfa
}

/// An entry for each external ID and organization, of which an entry has one.
fn aws(principals: Vec<String>, conditions: &Conditions, tags: bool) -> Vec<AwsTrust> {
    let matched = conditions.values("ArnLike", "aws:PrincipalArn");
    let entry = AwsTrust {
        principals: texts(matched.cloned().unwrap_or(principals)),
        r#match: if matched.is_some() { Attr::Known("condition".to_owned()) } else { Attr::Null },
        external_id: Attr::Null,
        org_id: Attr::Null,
        require_mfa: flag(conditions.values("Bool", "aws:MultiFactorAuthPresent").is_some()),
        require_source_identity: flag(conditions.values("Null", "sts:SourceIdentity").is_some()),
        allow_session_tags: flag(tags),
    };
    let ids = conditions.each("StringEquals", "sts:ExternalId");
    let organizations = conditions.each("StringEquals", "aws:PrincipalOrgID");
    let one = |external_id: &Attr<String>, org_id: &Attr<String>| AwsTrust {
        external_id: external_id.clone(),
        org_id: org_id.clone(),
        ..entry.clone()
    };
    ids.iter().flat_map(|id| organizations.iter().map(move |org_id| one(id, org_id))).collect()
}

/// An entry for each service and source account, of which an entry has one.
fn services(services: &[String], conditions: &Conditions) -> Vec<ServiceTrust> {
    let source_arns = conditions.values("ArnLike", "aws:SourceArn").cloned().map_or(Attr::Null, texts);
    let accounts = conditions.each("StringEquals", "aws:SourceAccount");
    let one = |service: &String, account: &Attr<String>| ServiceTrust {
        service: Attr::Known(service.clone()),
        source_account: Attr::Known(account.known().cloned().unwrap_or_else(|| "*".to_owned())),
        source_arns: source_arns.clone(),
    };
    services.iter().flat_map(|service| accounts.iter().map(move |account| one(service, account))).collect()
}

fn oidc(claims: &Claims) -> OidcTrust {
    let others = claims.others().map(|(name, values)| (name.clone(), texts(values.iter().cloned())));
    let audiences = claims.values(super::token::AUDIENCE);
    OidcTrust {
        issuer: Attr::Known(format!("https://{}", claims.issuer)),
        audiences: if audiences.is_empty() { Attr::Null } else { texts(audiences.iter().cloned()) },
        claims: Attr::Known(others.collect()),
    }
}

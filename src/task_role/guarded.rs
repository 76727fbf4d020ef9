//! Roles of a plan before the guard: what each will really hold, as far as it is known.
//!
//! Owns the reading of policies that others wrote. Never judges.

use super::State;
use crate::aws::Account;
use crate::guard::{Content, Levels, OFF, Policy, Role, judge};
use crate::home::Home;
use crate::permissions::{self, GENERATED, Permissions};
use crate::provider::{Client, entered};
use crate::role;
use iam_policy::{Document, Kind, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tfplug::diagnostics::Diagnostics;
use tfplug::path::Path;
use tfplug::schema::{Attr, Map};

/// A planned role, and where in the configuration its arguments stand.
pub(crate) struct Guarded<'a> {
    /// The role as it will be.
    pub(crate) role: &'a State,
    /// From a path of a single role's arguments to the argument that the user wrote.
    pub(crate) place: &'a (dyn Fn(&Path) -> Path + Sync),
}

/// What the guard says of the roles, which belong to one runner. What is not known yet is judged when the host plans again
/// before it applies, when it is.
///
/// Customer-managed policies are read from AWS, at the same place as the role; AWS's own come from the catalogue.
pub(crate) async fn guard(client: &Client, roles: &[Guarded<'_>], guard: &Attr<Map<String>>) -> Diagnostics {
    let said = match guard {
        Attr::Unknown => return Diagnostics::new(),
        Attr::Known(said) if said.values().any(Attr::is_unknown) => return Diagnostics::new(),
        said => super::state::known(said),
    };
    let levels = Levels::of(pairs(client.guard()), pairs(&said));
    let read = read(client, roles).await;
    let partition = match client.aws() {
        Ok(aws) => aws.partition().await.map(str::to_owned).ok(),
        Err(_) => None,
    };
    let named: Vec<Option<Named>> =
        roles.iter().map(|guarded| Named::of(guarded.role, partition.as_deref()?)).collect();
    let both = roles.iter().zip(&named);
    let judged = both.filter_map(|(guarded, named)| guarded.as_judged(named.as_ref()?, &read));
    let found = judge(&judged.collect::<Vec<_>>(), &levels);
    let is_own = said.values().any(|level| level == "off");
    let is_told = !is_own && found.iter().any(|one| one.summary == OFF) && client.is_off_told();
    found.into_iter().filter(|one| !(is_told && one.summary == OFF)).collect()
}

fn pairs(said: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    said.iter().map(|(rule, level)| (rule.as_str(), level.as_str()))
}

/// By what a role will be known: a pattern, where its name is made up when it is created.
struct Named {
    partition: String,
    account_id: String,
    name: String,
    arn: String,
}

impl Named {
    fn of(role: &State, partition: &str) -> Option<Self> {
        let prefix = role.name_prefix.known().map(|prefix| format!("{prefix}*"));
        let name = role.name.known().cloned().or(prefix)?;
        let (account_id, path) = (role.account_id.known()?, role.path.known()?);
        let arn = Home { partition, account_id }.role_arn(path, &name);
        Some(Self { partition: partition.to_owned(), account_id: account_id.clone(), name, arn })
    }
}

/// The policies that somebody else wrote and the catalogue does not have, by ARN.
async fn read(client: &Client, roles: &[Guarded<'_>]) -> BTreeMap<String, Content> {
    let mut contents = BTreeMap::new();
    for guarded in roles {
        let role = guarded.role;
        let attached = role.managed().attached.into_iter().chain(role.permissions_boundary.known().cloned());
        let unread: BTreeSet<String> = attached
            .filter(|arn| matches!(Policy::managed(arn, Path::root()).content, Content::Unreadable(_)))
            .filter(|arn| !contents.contains_key(arn))
            .collect();
        if unread.is_empty() {
            continue;
        }
        let account = match client.aws() {
            Ok(aws) => entered(aws, &role.account_id).await,
            Err(unknown) => Err(unknown),
        };
        for arn in unread {
            let content = match &account {
                Ok(account) => content(account, &arn).await,
                Err(_) => Content::Unreadable("its account cannot be entered".to_owned()),
            };
            contents.insert(arn, content);
        }
    }
    contents
}

/// A managed policy as the guard looks at it: AWS's own as the catalogue has it, an account's as AWS has it.
pub(crate) async fn managed_policy(account: &Account, arn: &str, path: Path) -> Policy {
    let policy = Policy::managed(arn, path);
    match policy.content {
        Content::Unreadable(_) => Policy { content: content(account, arn).await, ..policy },
        _ => policy,
    }
}

/// What a managed policy says now. One that is not there is not told apart from one that is never there: whoever makes it in
/// the same run takes its ARN from the resource that makes it, and so does not know it before it is there.
async fn content(account: &Account, arn: &str) -> Content {
    match role::policy_document(account, arn).await {
        Ok(None) => Content::Unreadable(
            "there is no such policy; if the same run makes it, take its ARN from the resource that does"
                .to_owned(),
        ),
        Ok(Some(text)) => match parse(&text, Kind::Identity) {
            Ok(document) => Content::Known(Arc::new(document)),
            Err(error) => Content::Unreadable(format!("its document cannot be read: {error}")),
        },
        Err(error) => Content::Unreadable(format!("AWS did not show it: {error}")),
    }
}

impl<'a> Guarded<'a> {
    /// The role as the guard looks at it; nothing where not even its task is known.
    fn as_judged(&'a self, named: &'a Named, read: &BTreeMap<String, Content>) -> Option<Role<'a>> {
        let Self { role, place } = self;
        let trust = role.assume_role_policy.known().and_then(|text| document(text, Kind::Trust));
        let managed = |arn: &String, path: Path| match read.get(arn) {
            Some(content) => Policy { name: arn.clone(), path, content: content.clone() },
            None => Policy::managed(arn, path),
        };
        let boundary = match &role.permissions_boundary {
            Attr::Unknown => Some(Policy {
                name: "permissions_boundary".to_owned(),
                path: place(&Path::attribute("permissions_boundary")),
                content: Content::NotYetKnown,
            }),
            boundary => boundary
                .known()
                .filter(|arn| !arn.is_empty())
                .map(|arn| managed(arn, place(&Path::attribute("permissions_boundary")))),
        };
        Some(Role {
            task: role.task()?,
            name: &named.name,
            arn: named.arn.clone(),
            home: Home { partition: &named.partition, account_id: &named.account_id },
            trust,
            trust_path: place(&Path::attribute("trust")),
            policies: self.policies(&managed),
            boundary,
            max_session_duration: role.max_session_duration.known().copied(),
            permissions: role.permissions.known(),
            permissions_path: place(&Path::attribute("permissions")),
        })
    }

    fn policies(&self, managed: &dyn Fn(&String, Path) -> Policy) -> Vec<Policy> {
        let Self { role, place } = self;
        let whole = Path::attribute("permissions");
        // What is accepted is not known either: nothing can be said of the policies.
        let is_told = role.permissions.known().is_none_or(permissions::is_told);
        let content = |text: &Attr<String>| match text.known().filter(|_| is_told) {
            None => Content::NotYetKnown,
            Some(text) => match document(text, Kind::Identity) {
                Some(document) => Content::Known(Arc::new(document)),
                None => Content::Unreadable("it is not a policy".to_owned()),
            },
        };
        let unknown =
            |name: &str| Policy { name: name.to_owned(), path: place(&whole), content: Content::NotYetKnown };
        let mut policies = Vec::new();
        match &role.inline_policies {
            Attr::Known(inline) => policies.extend(inline.iter().map(|(name, text)| Policy {
                name: name.clone(),
                path: place(&written(&role.permissions, name)),
                content: content(text),
            })),
            _ => policies.push(unknown("inline_policies")),
        }
        match (&role.managed_policies, is_told) {
            (Attr::Known(_), true) => {
                let held = role.managed();
                let attached = whole.join("managed_policy_arns");
                policies.extend(held.attached.iter().map(|arn| managed(arn, place(&attached))));
                policies.extend(held.owned.iter().map(|(arn, owned)| Policy {
                    name: arn.clone(),
                    path: place(&whole),
                    content: content(&Attr::Known(owned.document.clone())),
                }));
            }
            _ => policies.push(unknown("managed_policies")),
        }
        policies
    }
}

/// Where the user wrote an inline policy, or what it came from.
fn written(permissions: &Attr<Permissions>, name: &str) -> Path {
    let whole = Path::attribute("permissions");
    let own = permissions.known().and_then(|permissions| permissions.inline_policies.known());
    match own.is_some_and(|own| own.contains_key(name)) && name != GENERATED {
        true => whole.join("inline_policies").key(name),
        false => whole,
    }
}

fn document(text: &str, kind: Kind) -> Option<Document> {
    parse(text, kind).ok()
}

//! Trust in GitHub, read back from the claims that a statement asks for.

use super::subject::{Repository, Trigger, parse};
use super::{GithubTrust, ISSUER, OWNER_ID, REPOSITORY_ID, WORKFLOW_REF, default_audience};
use crate::home::Home;
use crate::trust::set_of;
use crate::trust::token::{AUDIENCE, Claims, SUBJECT};
use tfplug::schema::Attr;

/// An entry for each repository; nothing where the claims say what entries cannot.
pub(in crate::trust) fn read(claims: &Claims, home: Home<'_>) -> Option<Vec<GithubTrust>> {
    if claims.issuer != ISSUER
        || !claims.are_among(&[AUDIENCE, SUBJECT, REPOSITORY_ID, OWNER_ID, WORKFLOW_REF])
    {
        return None;
    }
    let mut repositories: Vec<(Repository, Vec<Trigger>)> = Vec::new();
    for subject in claims.values(SUBJECT) {
        let (repository, trigger) = parse(subject)?;
        match repositories.iter_mut().find(|(known, _)| *known == repository) {
            Some((_, triggers)) => triggers.push(trigger),
            None => repositories.push((repository, vec![trigger])),
        }
    }
    let [repository_id, owner_id] = [claims.at_most_one(REPOSITORY_ID)?, claims.at_most_one(OWNER_ID)?];
    if let (Attr::Known(id), Attr::Known(owner)) = (&repository_id, &owner_id) {
        // The form with IDs comes from the same entry as the one without.
        let named: Vec<Repository> = repositories
            .iter()
            .filter(|(repository, _)| !repository.has_ids())
            .map(|(repository, _)| repository.with_ids(owner, id))
            .collect();
        repositories.retain(|(repository, _)| !named.contains(repository));
    }
    let has_ids = !repository_id.is_null() || !owner_id.is_null();
    if has_ids && repositories.iter().any(|(repository, _)| repository.has_ids()) {
        return None;
    }
    let workflows = claims.values(WORKFLOW_REF);
    let common = GithubTrust {
        repository_id,
        owner_id,
        workflow_refs: if workflows.is_empty() { Attr::Null } else { set_of(workflows.iter().cloned()) },
        audience: claims.audience(default_audience(home))?,
        ..GithubTrust::default()
    };
    Some(repositories.iter().map(|(repository, triggers)| entry(&common, repository, triggers)).collect())
}

fn entry(common: &GithubTrust, repository: &Repository, triggers: &[Trigger]) -> GithubTrust {
    let names = |name: fn(&Trigger) -> Option<&String>| {
        let names: Vec<String> = triggers.iter().filter_map(name).cloned().collect();
        if names.is_empty() { Attr::Null } else { set_of(names) }
    };
    GithubTrust {
        repository: Attr::Known(repository.to_string()),
        branches: names(|trigger| if let Trigger::Branch(name) = trigger { Some(name) } else { None }),
        tags: names(|trigger| if let Trigger::Tag(name) = trigger { Some(name) } else { None }),
        environments: names(
            |trigger| if let Trigger::Environment(name) = trigger { Some(name) } else { None },
        ),
        pull_requests: if triggers.contains(&Trigger::PullRequest) { Attr::Known(true) } else { Attr::Null },
        ..common.clone()
    }
}

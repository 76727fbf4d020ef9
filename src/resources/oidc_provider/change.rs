//! From an identity provider as it is to one as it is wanted, call by call. What a call has changed is told even
//! when a later one fails.

use crate::aws::{Error, Iam, OidcProviderDetail};
use crate::role::IgnoreTags;
use crate::tags::Tags;
use std::collections::BTreeSet;

/// The most client IDs that a provider has (IAM API reference, `CreateOpenIDConnectProvider`).
pub(super) const MAX_CLIENT_IDS: usize = 100;

/// One call.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Add(String),
    Remove(String),
    Thumbprints(BTreeSet<String>),
    Untag(Vec<String>),
    Tag(Tags),
}

/// Makes the provider `arn` what is wanted; `live` is what it is, at every moment. Without `thumbprints`, those that it
/// has stay.
///
/// # Errors
/// What AWS answered to the first call that it refused.
pub(super) async fn change(
    iam: &Iam<'_>,
    arn: &str,
    live: &mut OidcProviderDetail,
    (wanted, ignored): (&OidcProviderDetail, &IgnoreTags),
) -> Result<(), Error> {
    for step in steps(live, wanted, ignored) {
        step.send(iam, arn).await?;
        step.take(live);
    }
    Ok(())
}

/// New audiences come before old ones go, so that there is no moment without any, except where IAM counts too many
/// of them. Surplus tags go first, since IAM counts those at every call as well.
fn steps(live: &OidcProviderDetail, wanted: &OidcProviderDetail, ignored: &IgnoreTags) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let added: Vec<Step> = wanted.client_ids.difference(&live.client_ids).cloned().map(Step::Add).collect();
    let removed: Vec<Step> =
        live.client_ids.difference(&wanted.client_ids).cloned().map(Step::Remove).collect();
    match live.client_ids.len() + added.len() > MAX_CLIENT_IDS {
        true => steps.extend(removed.into_iter().chain(added)),
        false => steps.extend(added.into_iter().chain(removed)),
    }
    if !wanted.thumbprints.is_empty() && wanted.thumbprints != live.thumbprints {
        steps.push(Step::Thumbprints(wanted.thumbprints.clone()));
    }
    let is_surplus = |key: &&String| {
        // A key that differs in case only is the wanted one to IAM: removing it would remove both.
        !ignored.ignores(key) && !wanted.tags.keys().any(|wanted| same_key(wanted, key))
    };
    let surplus: Vec<String> = live.tags.keys().filter(is_surplus).cloned().collect();
    if !surplus.is_empty() {
        steps.push(Step::Untag(surplus));
    }
    let mut missing = wanted.tags.clone();
    missing.retain(|key, value| !ignored.ignores(key) && live.tags.get(key) != Some(value));
    if !missing.is_empty() {
        steps.push(Step::Tag(missing));
    }
    steps
}

fn same_key(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

impl Step {
    async fn send(&self, iam: &Iam<'_>, arn: &str) -> Result<(), Error> {
        match self {
            Self::Add(id) => iam.add_client_id(arn, id).await,
            Self::Remove(id) => iam.remove_client_id(arn, id).await,
            Self::Thumbprints(all) => iam.update_thumbprints(arn, all).await,
            Self::Untag(keys) => iam.untag_oidc_provider(arn, keys).await,
            Self::Tag(tags) => iam.tag_oidc_provider(arn, tags).await,
        }
    }

    fn take(self, live: &mut OidcProviderDetail) {
        match self {
            Self::Add(id) => drop(live.client_ids.insert(id)),
            Self::Remove(id) => drop(live.client_ids.remove(&id)),
            Self::Thumbprints(all) => live.thumbprints = all,
            Self::Untag(keys) => live.tags.retain(|key, _| !keys.contains(key)),
            Self::Tag(tags) => {
                live.tags.retain(|key, _| !tags.keys().any(|new| same_key(new, key)));
                live.tags.extend(tags);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(client_ids: &[&str], tags: &[(&str, &str)]) -> OidcProviderDetail {
        OidcProviderDetail {
            client_ids: client_ids.iter().map(|id| (*id).to_owned()).collect(),
            thumbprints: BTreeSet::from(["0".repeat(40)]),
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        }
    }

    fn between(live: &OidcProviderDetail, wanted: &OidcProviderDetail) -> Vec<Step> {
        steps(live, wanted, &IgnoreTags::default())
    }

    #[test]
    fn what_is_as_wanted_takes_no_call() {
        let live = provider(&["a"], &[("Team", "x")]);
        assert_eq!(between(&live, &live), []);
        let unsaid = OidcProviderDetail { thumbprints: BTreeSet::new(), ..live.clone() };
        assert_eq!(between(&live, &unsaid), [], "thumbprints cannot be cleared");
    }

    #[test]
    fn there_is_no_moment_without_an_audience() {
        let steps = between(&provider(&["old"], &[]), &provider(&["new"], &[]));
        assert_eq!(steps, [Step::Add("new".to_owned()), Step::Remove("old".to_owned())]);
    }

    #[test]
    fn a_full_list_makes_room_first() {
        let ids: Vec<String> = (0..MAX_CLIENT_IDS).map(|number| format!("id-{number:03}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let wanted: Vec<&str> = ids.iter().copied().skip(1).chain(["new"]).collect();
        let steps = between(&provider(&ids, &[]), &provider(&wanted, &[]));
        assert_eq!(steps, [Step::Remove("id-000".to_owned()), Step::Add("new".to_owned())]);
    }

    #[test]
    fn a_tag_whose_key_changes_its_case_is_not_removed() {
        let (live, wanted) = (provider(&["a"], &[("team", "x")]), provider(&["a"], &[("Team", "x")]));
        assert_eq!(between(&live, &wanted), [Step::Tag(wanted.tags.clone())]);
    }

    #[test]
    fn ignored_tags_are_left_alone() {
        let live = provider(&["a"], &[("aws:cloudformation:stack-name", "x"), ("old", "x")]);
        assert_eq!(between(&live, &provider(&["a"], &[])), [Step::Untag(vec!["old".to_owned()])]);
    }
}

//! One change to a role: the call that makes it, and what the role is after it.
//!
//! Owns the bookkeeping that no failure may lose: a step is recorded when AWS has confirmed it, and only then. Policies
//! that the role owns go by their ARN here, like all that are attached.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, StreamExt as _};

use super::LiveRole;
use super::owned::{self, NewOwned, name_of};
use super::rules::same_key;
use crate::aws::{Error, Iam, Kind, Stop};

/// Calls on one role at the same time. IAM answers more of them with ConcurrentModification than it saves.
const AT_ONCE: usize = 4;

/// A change that takes one call, but for what making room or taking over may add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SetTrust(String),
    PutInline(String, String),
    DeleteInline(String),
    Attach(String),
    /// Of a policy that is created in the same change.
    AttachNew(String),
    Detach(String),
    CreateOwned(NewOwned),
    ChangeOwned(String, String),
    DeleteOwned(String),
    TagOwned(String, BTreeMap<String, String>),
    UntagOwned(String, Vec<String>),
    SetBoundary(String),
    ClearBoundary,
    Describe(Option<String>, i32),
    Tag(BTreeMap<String, String>),
    Untag(Vec<String>),
}

impl Step {
    async fn run(&self, iam: &Iam<'_>, role: &str) -> Result<(), Error> {
        match self {
            Self::SetTrust(document) => iam.update_assume_role_policy(role, document).await,
            Self::PutInline(name, document) => iam.put_role_policy(role, name, document).await,
            Self::DeleteInline(name) => gone_is_done(iam.delete_role_policy(role, name).await),
            Self::Attach(arn) => iam.attach_role_policy(role, arn).await,
            Self::AttachNew(arn) => iam.attach_new_role_policy(role, arn).await,
            Self::Detach(arn) => gone_is_done(iam.detach_role_policy(role, arn).await),
            Self::CreateOwned(new) => owned::create(iam, role, new).await,
            Self::ChangeOwned(arn, document) => owned::change(iam, arn, document).await,
            Self::DeleteOwned(arn) => owned::delete(iam, role, arn).await,
            Self::TagOwned(arn, tags) => iam.tag_policy(arn, tags).await,
            Self::UntagOwned(arn, keys) => iam.untag_policy(arn, keys).await,
            Self::SetBoundary(arn) => iam.put_role_permissions_boundary(role, arn).await,
            Self::ClearBoundary => gone_is_done(iam.delete_role_permissions_boundary(role).await),
            Self::Describe(description, duration) => {
                iam.update_role(role, description.as_deref().unwrap_or_default(), *duration).await
            }
            Self::Tag(tags) => iam.tag_role(role, tags).await,
            Self::Untag(keys) => iam.untag_role(role, keys).await,
        }
    }

    /// What the role is once the call has succeeded.
    pub(super) fn record(self, live: &mut LiveRole) {
        let role = &mut live.spec;
        match self {
            Self::SetTrust(document) => role.assume_role_policy = document,
            Self::PutInline(name, document) => drop(role.inline_policies.insert(name, document)),
            Self::DeleteInline(name) => drop(role.inline_policies.remove(&name)),
            Self::Attach(arn) | Self::AttachNew(arn) => live.attached(arn),
            Self::Detach(arn) => live.detached(&arn),
            Self::CreateOwned(NewOwned { arn, document, .. }) | Self::ChangeOwned(arn, document) => {
                live.owns(&arn, document);
            }
            Self::DeleteOwned(arn) => drop(live.detached_policies.remove(name_of(&arn))),
            Self::SetBoundary(arn) => role.permissions_boundary = Some(arn),
            Self::ClearBoundary => role.permissions_boundary = None,
            Self::Describe(description, duration) => {
                role.description = description.filter(|text| !text.is_empty());
                role.max_session_duration = duration;
            }
            Self::Tag(tags) => {
                role.tags.retain(|key, _| !tags.keys().any(|new| same_key(new, key)));
                role.tags.extend(tags);
            }
            Self::Untag(keys) => role.tags.retain(|key, _| !keys.contains(key)),
            // They follow the role's tags, which are changed after them: who remembers these remembers those.
            Self::TagOwned(..) | Self::UntagOwned(..) => {}
        }
    }

    /// Whether the role shows already what the step would do, as far as doing it twice could matter.
    pub(super) fn is_done(&self, live: &LiveRole) -> bool {
        let role = &live.spec;
        match self {
            Self::PutInline(name, document) => role.inline_policies.get(name) == Some(document),
            Self::CreateOwned(NewOwned { arn, document, .. }) | Self::ChangeOwned(arn, document) => {
                let name = name_of(arn);
                let current = role.owned_policies.get(name).or_else(|| live.detached_policies.get(name));
                current == Some(document)
            }
            _ => false,
        }
    }

    /// Whether the step writes over what the other one would write.
    pub(super) fn overwrites(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::PutInline(a, _), Self::PutInline(b, _))
            | (Self::ChangeOwned(a, _), Self::ChangeOwned(b, _)) => a == b,
            _ => false,
        }
    }

    /// By how many characters the step makes the inline policies longer, which share a quota.
    pub(super) fn growth(&self, live: &LiveRole) -> i64 {
        let size = |text: &String| i64::try_from(iam_policy::size(text)).unwrap_or(i64::MAX);
        match self {
            Self::PutInline(name, document) => {
                size(document) - live.spec.inline_policies.get(name).map_or(0, size)
            }
            _ => 0,
        }
    }
}

impl LiveRole {
    fn attached(&mut self, arn: String) {
        let owned = self.owned_name(&arn).and_then(|name| self.detached_policies.remove_entry(&name));
        match owned {
            Some((name, document)) => drop(self.spec.owned_policies.insert(name, document)),
            None => drop(self.spec.managed_policy_arns.insert(arn)),
        }
    }

    fn detached(&mut self, arn: &str) {
        self.spec.managed_policy_arns.remove(arn);
        let owned = self.owned_name(arn).and_then(|name| self.spec.owned_policies.remove_entry(&name));
        self.detached_policies.extend(owned);
    }

    /// The policy is there with this document, and where it was attached it is so still.
    fn owns(&mut self, arn: &str, document: String) {
        let name = name_of(arn).to_owned();
        let was_attached = self.spec.managed_policy_arns.remove(arn);
        let is_attached = was_attached || self.spec.owned_policies.contains_key(&name);
        let place = if is_attached { &mut self.spec.owned_policies } else { &mut self.detached_policies };
        place.insert(name, document);
    }

    /// The name that the policy of this ARN would have if the role owned it; none if it could not.
    fn owned_name(&self, arn: &str) -> Option<String> {
        let name = name_of(arn);
        (self.owned_arn(name) == arn).then(|| name.to_owned())
    }
}

/// Somebody else removed it first: that is what was wanted.
pub(super) fn gone_is_done(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(error) if error.kind() == Kind::NotFound => Ok(()),
        done => done,
    }
}

/// Runs steps that do not depend on each other and records those that succeeded. After a failure nothing more is
/// begun, but what was begun is heard out.
///
/// # Errors
/// The first failure.
pub(super) async fn run(iam: &Iam<'_>, live: &mut LiveRole, steps: Vec<Step>) -> Result<(), Error> {
    let failed = AtomicBool::new(false);
    let name = live.spec.name.clone();
    let begun = stream::iter(steps).map(|step| {
        let (failed, name) = (&failed, name.as_str());
        async move {
            if failed.load(Ordering::Relaxed) {
                return None;
            }
            let done = step.run(iam, name).await;
            failed.fetch_or(done.is_err(), Ordering::Relaxed);
            Some((step, done))
        }
    });
    let mut outcomes = std::pin::pin!(begun.buffer_unordered(AT_ONCE));
    let mut first = Ok(());
    while let Some(outcome) = outcomes.next().await {
        match outcome {
            Some((step, Ok(()))) => step.record(live),
            Some((_, Err(error))) if first.is_ok() => first = Err(error),
            _ => {}
        }
    }
    first
}

/// Whether the host asked to stop, as an error to return between two steps.
pub(super) fn unless_stopped(stop: &Stop) -> Result<(), Error> {
    if stop.is_asked() {
        return Err(Error::new(
            Kind::Stopped,
            "changing the role",
            "the run was asked to stop; what is left was not begun",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::RoleSpec;

    fn tags(items: &[(&str, &str)]) -> BTreeMap<String, String> {
        items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn role(spec: RoleSpec) -> LiveRole {
        let (account_id, partition) = ("111111111111".to_owned(), "aws".to_owned());
        LiveRole {
            account_id,
            partition,
            spec: RoleSpec { path: "/ci/".to_owned(), ..spec },
            ..LiveRole::default()
        }
    }

    #[test]
    fn a_tag_replaces_the_key_that_differs_in_case() {
        let mut live = role(RoleSpec { tags: tags(&[("Team", "a"), ("other", "b")]), ..RoleSpec::default() });
        Step::Tag(tags(&[("team", "c")])).record(&mut live);
        assert_eq!(live.spec.tags, tags(&[("team", "c"), ("other", "b")]));
    }

    #[test]
    fn an_empty_description_is_none() {
        let mut live = role(RoleSpec { description: Some("old".to_owned()), ..RoleSpec::default() });
        Step::Describe(Some(String::new()), 7200).record(&mut live);
        assert_eq!((live.spec.description, live.spec.max_session_duration), (None, 7200));
    }

    #[test]
    fn an_owned_policy_is_remembered_from_its_creation_to_its_deletion() {
        let mut live = role(RoleSpec::default());
        let arn = live.owned_arn("a");
        assert_eq!(arn, "arn:aws:iam::111111111111:policy/ci/a");
        let at = |live: &LiveRole| (live.detached_policies.clone(), live.spec.owned_policies.clone());
        let (one, two) = (tags(&[("a", "1")]), tags(&[("a", "2")]));
        let new = NewOwned { arn: arn.clone(), document: "1".to_owned(), tags: BTreeMap::new() };
        Step::CreateOwned(new.clone()).record(&mut live);
        assert_eq!(at(&live), (one.clone(), BTreeMap::new()));
        // Another policy of the same name is another policy.
        Step::Attach("arn:aws:iam::aws:policy/a".to_owned()).record(&mut live);
        Step::Detach("arn:aws:iam::aws:policy/a".to_owned()).record(&mut live);
        assert_eq!(at(&live), (one.clone(), BTreeMap::new()));
        Step::AttachNew(arn.clone()).record(&mut live);
        assert_eq!(at(&live), (BTreeMap::new(), one));
        assert!(Step::CreateOwned(new).is_done(&live));
        Step::ChangeOwned(arn.clone(), "2".to_owned()).record(&mut live);
        Step::Detach(arn.clone()).record(&mut live);
        assert_eq!(at(&live), (two, BTreeMap::new()));
        Step::DeleteOwned(arn).record(&mut live);
        assert_eq!(at(&live), (BTreeMap::new(), BTreeMap::new()));
        assert_eq!(live.spec.managed_policy_arns.len(), 0);
    }
}

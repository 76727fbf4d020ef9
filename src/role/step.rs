//! One change to a role: the call that makes it, and what the role is after it.
//!
//! Owns the bookkeeping that no failure may lose: a step is recorded when AWS has confirmed it, and only then.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, StreamExt as _};

use super::RoleSpec;
use super::rules::same_key;
use crate::aws::{Error, Iam, Kind, Stop};

/// Calls on one role at the same time. IAM answers more of them with ConcurrentModification than it saves.
const AT_ONCE: usize = 4;

/// A change that takes one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SetTrust(String),
    PutInline(String, String),
    DeleteInline(String),
    Attach(String),
    Detach(String),
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
            Self::Detach(arn) => gone_is_done(iam.detach_role_policy(role, arn).await),
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
    pub(super) fn record(self, role: &mut RoleSpec) {
        match self {
            Self::SetTrust(document) => role.assume_role_policy = document,
            Self::PutInline(name, document) => drop(role.inline_policies.insert(name, document)),
            Self::DeleteInline(name) => drop(role.inline_policies.remove(&name)),
            Self::Attach(arn) => drop(role.managed_policy_arns.insert(arn)),
            Self::Detach(arn) => drop(role.managed_policy_arns.remove(&arn)),
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
        }
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
pub(super) async fn run(iam: &Iam<'_>, role: &mut RoleSpec, steps: Vec<Step>) -> Result<(), Error> {
    let failed = AtomicBool::new(false);
    let name = role.name.clone();
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
            Some((step, Ok(()))) => step.record(role),
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

    fn tags(items: &[(&str, &str)]) -> BTreeMap<String, String> {
        items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_tag_replaces_the_key_that_differs_in_case() {
        let mut role = RoleSpec { tags: tags(&[("Team", "a"), ("other", "b")]), ..RoleSpec::default() };
        Step::Tag(tags(&[("team", "c")])).record(&mut role);
        assert_eq!(role.tags, tags(&[("team", "c"), ("other", "b")]));
    }

    #[test]
    fn an_empty_description_is_none() {
        let mut role = RoleSpec { description: Some("old".to_owned()), ..RoleSpec::default() };
        Step::Describe(Some(String::new()), 7200).record(&mut role);
        assert_eq!((role.description, role.max_session_duration), (None, 7200));
    }
}

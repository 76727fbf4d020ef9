//! What has to change between a role and what is wanted of it, as steps in a safe order.
//!
//! Owns which calls are made, and none that nothing asks for. Trust is not here: whether two trust policies are the
//! same may take a question to AWS.

use std::collections::BTreeMap;

use super::RoleSpec;
use super::documents::{denies, same_policy};
use super::rules::{Rules, Unmanaged, same_key};
use super::step::Step;

/// What a role shall become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal<'a> {
    pub(super) wanted: &'a RoleSpec,
    /// What was wanted before: policies in it that are no longer wanted go, whatever the rules say about those that
    /// somebody else added.
    pub(super) prior: Option<&'a RoleSpec>,
    pub(super) rules: &'a Rules,
}

/// Steps in waves: those of one wave do not depend on each other.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Sets a boundary, before anything that it should bound.
    pub(super) boundary: Vec<Step>,
    /// Policies with a deny first, then what only allows: so no moment allows what the whole denies.
    pub(super) additions: [Vec<Step>; 2],
    /// What only allows first, policies with a deny last, for the same reason.
    pub(super) removals: [Vec<Step>; 2],
    /// Lifts the boundary, after everything that it bounded is gone.
    pub(super) unbound: Vec<Step>,
    /// Tags, description, duration.
    pub(super) labels: Vec<Step>,
}

impl Difference {
    pub(super) fn between(live: &RoleSpec, goal: Goal<'_>) -> Self {
        let wanted = goal.wanted;
        let mut difference = Self { labels: labels(live, wanted, goal.rules), ..Self::default() };
        if live.permissions_boundary != wanted.permissions_boundary {
            match &wanted.permissions_boundary {
                Some(arn) => difference.boundary.push(Step::SetBoundary(arn.clone())),
                None => difference.unbound.push(Step::ClearBoundary),
            }
        }
        difference.add(live, wanted);
        difference.remove(live, goal);
        difference
    }

    /// Whether the role can do anything more, or anything else, afterwards.
    pub(super) fn widens(&self) -> bool {
        !(self.boundary.is_empty() && self.unbound.is_empty() && self.additions.iter().all(Vec::is_empty))
    }

    fn add(&mut self, live: &RoleSpec, wanted: &RoleSpec) {
        let [denying, allowing] = &mut self.additions;
        for (name, document) in &wanted.inline_policies {
            if live.inline_policies.get(name).is_some_and(|current| same_policy(current, document)) {
                continue;
            }
            let step = Step::PutInline(name.clone(), document.clone());
            if denies(document) { denying.push(step) } else { allowing.push(step) }
        }
        let missing = wanted.managed_policy_arns.difference(&live.managed_policy_arns);
        allowing.extend(missing.cloned().map(Step::Attach));
    }

    fn remove(&mut self, live: &RoleSpec, goal: Goal<'_>) {
        let Goal { wanted, prior, rules } = goal;
        let [allowing, denying] = &mut self.removals;
        let removes = rules.unmanaged == Unmanaged::Remove;
        for (name, document) in &live.inline_policies {
            let ours = prior.is_some_and(|prior| prior.inline_policies.contains_key(name));
            // What we put there goes whatever others may put there under the same name.
            if wanted.inline_policies.contains_key(name) || !(ours || (removes && !rules.spares_inline(name)))
            {
                continue;
            }
            let step = Step::DeleteInline(name.clone());
            if denies(document) { denying.push(step) } else { allowing.push(step) }
        }
        for arn in live.managed_policy_arns.difference(&wanted.managed_policy_arns) {
            let ours = prior.is_some_and(|prior| prior.managed_policy_arns.contains(arn));
            if ours || (removes && !rules.spares_attached(arn)) {
                allowing.push(Step::Detach(arn.clone()));
            }
        }
    }
}

fn labels(live: &RoleSpec, wanted: &RoleSpec, rules: &Rules) -> Vec<Step> {
    let mut steps = Vec::new();
    let text = |description: &Option<String>| description.clone().unwrap_or_default();
    if text(&live.description) != text(&wanted.description)
        || live.max_session_duration != wanted.max_session_duration
    {
        steps.push(Step::Describe(wanted.description.clone(), wanted.max_session_duration));
    }
    let missing: BTreeMap<_, _> = wanted
        .tags
        .iter()
        .filter(|(key, value)| !rules.ignores_tag(key) && live.tags.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // A key that differs from a wanted one in case only is the wanted one to IAM: removing it would remove both.
    let surplus: Vec<_> = live
        .tags
        .keys()
        .filter(|key| !rules.spares_tag(key) && !wanted.tags.keys().any(|wanted| same_key(wanted, key)))
        .cloned()
        .collect();
    // The surplus goes first, since IAM counts to 50 at every call.
    if !surplus.is_empty() {
        steps.push(Step::Untag(surplus));
    }
    if !missing.is_empty() {
        steps.push(Step::Tag(missing));
    }
    steps
}

#[cfg(test)]
mod tests;

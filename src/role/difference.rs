//! What has to change between a role and what is wanted of it, as steps in a safe order.
//!
//! Owns which calls are made, and none that nothing asks for. Trust is not here: whether two trust policies are the
//! same may take a question to AWS.

use std::collections::BTreeMap;

use super::documents::{denies, drops_deny, same_policy, with_denies_of};
use super::owned::NewOwned;
use super::rules::{Rules, Unmanaged, same_key};
use super::step::Step;
use super::{LiveRole, RoleSpec};

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
    /// Makes owned policies, or changes those that are not attached: neither grants anything yet.
    pub(super) preparations: Vec<Step>,
    /// Policies with a deny first, then what only allows: so no moment allows what the whole denies.
    pub(super) additions: [Vec<Step>; 2],
    /// What only allows first, policies with a deny last, for the same reason.
    pub(super) removals: [Vec<Step>; 2],
    /// Changes of policies that drop a deny, between the two waves of removals: after what only allows, and before what
    /// may keep their own allows in check.
    pub(super) relaxations: Vec<Step>,
    /// Deletes owned policies, after they are detached.
    pub(super) disposals: Vec<Step>,
    /// Lifts the boundary, after everything that it bounded is gone.
    pub(super) unbound: Vec<Step>,
    /// Tags, description, duration.
    pub(super) labels: Vec<Step>,
}

impl Difference {
    pub(super) fn between(live: &LiveRole, goal: Goal<'_>) -> Self {
        let wanted = goal.wanted;
        let mut difference = Self { labels: labels(live, wanted, goal.rules), ..Self::default() };
        if live.spec.permissions_boundary != wanted.permissions_boundary {
            match &wanted.permissions_boundary {
                Some(arn) => difference.boundary.push(Step::SetBoundary(arn.clone())),
                None => difference.unbound.push(Step::ClearBoundary),
            }
        }
        difference.add(&live.spec, wanted);
        difference.add_owned(live, wanted);
        difference.remove(live, goal);
        difference.remove_owned(live, wanted);
        difference
    }

    /// Whether the role can do anything more, or anything else, afterwards.
    pub(super) fn widens(&self) -> bool {
        let waves = [&self.boundary, &self.unbound, &self.relaxations];
        !waves.into_iter().chain(&self.additions).all(Vec::is_empty)
    }

    fn add(&mut self, live: &RoleSpec, wanted: &RoleSpec) {
        for (name, document) in &wanted.inline_policies {
            let put = |document: String| Step::PutInline(name.clone(), document);
            match live.inline_policies.get(name) {
                Some(current) => self.change(current, document, put),
                None => self.addition(document).push(put(document.clone())),
            }
        }
        let [_, allowing] = &mut self.additions;
        let missing = wanted.managed_policy_arns.difference(&live.managed_policy_arns);
        allowing.extend(missing.cloned().map(Step::Attach));
    }

    fn add_owned(&mut self, live: &LiveRole, wanted: &RoleSpec) {
        for (name, document) in &wanted.owned_policies {
            let arn = live.owned_arn(name);
            let new = || NewOwned { arn: arn.clone(), document: document.clone(), tags: wanted.tags.clone() };
            let change = |document: String| Step::ChangeOwned(arn.clone(), document);
            match (live.spec.owned_policies.get(name), live.detached_policies.get(name)) {
                (Some(current), _) => self.change(current, document, change),
                (None, Some(current)) => {
                    let differs = !same_policy(current, document);
                    self.preparations.extend(differs.then(|| change(document.clone())));
                    self.addition(document).push(Step::Attach(arn));
                }
                // Attached and not known as ours, as after an import: whether it is, creating it tells.
                (None, None) if live.spec.managed_policy_arns.contains(&arn) => {
                    self.addition(document).push(Step::CreateOwned(new()));
                }
                (None, None) => {
                    self.preparations.push(Step::CreateOwned(new()));
                    self.addition(document).push(Step::AttachNew(arn));
                }
            }
        }
    }

    /// The wave to which a policy belongs that comes, or changes without dropping a deny.
    fn addition(&mut self, document: &str) -> &mut Vec<Step> {
        let [denying, allowing] = &mut self.additions;
        if denies(document) { denying } else { allowing }
    }

    /// A policy that is in force changes. One that drops a deny waits until what the deny may have kept in check is
    /// gone; if it brings another deny as well, that must not wait, so at first it denies what either denies.
    fn change(&mut self, old: &str, new: &str, step: impl Fn(String) -> Step) {
        if same_policy(old, new) {
            return;
        }
        if !drops_deny(old, new) {
            self.addition(new).push(step(new.to_owned()));
            return;
        }
        let [denying, _] = &mut self.additions;
        let both = if drops_deny(new, old) { with_denies_of(old, new) } else { None };
        denying.extend(both.map(&step));
        self.relaxations.push(step(new.to_owned()));
    }

    fn remove_owned(&mut self, live: &LiveRole, wanted: &RoleSpec) {
        let [allowing, denying] = &mut self.removals;
        for (name, document) in &live.spec.owned_policies {
            if !wanted.owned_policies.contains_key(name) {
                let step = Step::Detach(live.owned_arn(name));
                if denies(document) { denying.push(step) } else { allowing.push(step) }
            }
        }
        let surplus = live.spec.owned_policies.keys().chain(live.detached_policies.keys());
        let surplus = surplus.filter(|name| !wanted.owned_policies.contains_key(*name));
        self.disposals.extend(surplus.map(|name| Step::DeleteOwned(live.owned_arn(name))));
    }

    fn remove(&mut self, current: &LiveRole, goal: Goal<'_>) {
        let Goal { wanted, prior, rules } = goal;
        let live = &current.spec;
        let [allowing, denying] = &mut self.removals;
        let removes = rules.unmanaged == Unmanaged::Remove;
        for (name, document) in &live.inline_policies {
            let ours = prior.is_some_and(|prior| prior.inline_policies.contains_key(name));
            // What we put there goes whatever others may put there under the same name.
            if wanted.inline_policies.contains_key(name)
                || !(ours || (removes && !rules.spares_inline(name, document)))
            {
                continue;
            }
            let step = Step::DeleteInline(name.clone());
            if denies(document) { denying.push(step) } else { allowing.push(step) }
        }
        for arn in live.managed_policy_arns.difference(&wanted.managed_policy_arns) {
            if wanted.owned_policies.keys().any(|name| current.owned_arn(name) == *arn) {
                continue;
            }
            let ours = prior.is_some_and(|prior| prior.managed_policy_arns.contains(arn));
            if ours || (removes && !rules.spares_attached(arn)) {
                allowing.push(Step::Detach(arn.clone()));
            }
        }
    }
}

fn labels(live: &LiveRole, wanted: &RoleSpec, rules: &Rules) -> Vec<Step> {
    let mut steps = Vec::new();
    let text = |description: &Option<String>| description.clone().unwrap_or_default();
    if text(&live.spec.description) != text(&wanted.description)
        || live.spec.max_session_duration != wanted.max_session_duration
    {
        steps.push(Step::Describe(wanted.description.clone(), wanted.max_session_duration));
    }
    let missing: BTreeMap<_, _> = wanted
        .tags
        .iter()
        .filter(|(key, value)| !rules.ignores_tag(key) && live.spec.tags.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // A key that differs from a wanted one in case only is the wanted one to IAM: removing it would remove both.
    let is_surplus =
        |key: &&String| !rules.spares_tag(key) && !wanted.tags.keys().any(|wanted| same_key(wanted, key));
    let surplus: Vec<String> = live.spec.tags.keys().filter(is_surplus).cloned().collect();
    // Those that stay; those that come are created with their tags.
    let owned: Vec<String> = live
        .spec
        .owned_policies
        .keys()
        .chain(live.detached_policies.keys())
        .filter(|name| wanted.owned_policies.contains_key(*name))
        .map(|name| live.owned_arn(name))
        .collect();
    // The surplus goes first, since IAM counts to 50 at every call.
    if !surplus.is_empty() {
        steps.extend(owned.iter().map(|arn| Step::UntagOwned(arn.clone(), surplus.clone())));
        steps.push(Step::Untag(surplus));
    }
    if !missing.is_empty() {
        steps.extend(owned.into_iter().map(|arn| Step::TagOwned(arn, missing.clone())));
        steps.push(Step::Tag(missing));
    }
    steps
}

#[cfg(test)]
mod tests;

//! A role as AWS has it, back into the attributes of a task role.

use super::state::State;
use crate::permissions::{self, Managed, Owned, compact};
use crate::policy_size;
use crate::role::{LiveRole, RoleSpec, Rules};
use crate::tags::attributes;
use iam_policy::Kind;
use std::collections::BTreeMap;
use tfplug::schema::{Attr, Map};

/// A look at a role.
#[derive(Clone, Copy)]
pub(crate) struct Observation<'a> {
    /// The role as AWS has it.
    pub(crate) live: &'a LiveRole,
    /// What to leave alone.
    pub(crate) rules: &'a Rules,
    /// Whether the trust policy still means the same. It may take a call to tell, so the caller does.
    pub(crate) same_trust: bool,
    /// ARNs of the runner's other roles, or patterns of them.
    pub(crate) siblings: &'a [String],
}

/// The state of a role that was just made or changed as planned: the plan, and what only AWS could tell.
pub(crate) fn created(mut planned: State, live: &LiveRole) -> State {
    // The names of owned policies come from the role's, which is made up while it is created.
    if planned.managed_policies.is_unknown() {
        let managed = managed(live, &live.spec);
        planned.managed_policies = Attr::Known(managed.show());
        planned.policy_size = policy_size::measure(
            &planned.assume_role_policy,
            &planned.inline_policies,
            &Attr::Known(managed),
        );
    }
    State {
        id: Attr::Known(live.arn.clone()),
        arn: Attr::Known(live.arn.clone()),
        unique_id: Attr::Known(live.unique_id.clone()),
        create_date: Attr::Known(live.create_date.clone()),
        ..planned
    }
}

/// The state of a role as AWS has it now. What means the same as in `state` keeps its spelling; what the rules
/// leave alone is not seen.
pub(crate) fn observed(state: State, seen: Observation<'_>) -> State {
    let Observation { live, rules, same_trust, siblings } = seen;
    let ours = state.spec_before(siblings).unwrap_or_else(|_| live.spec.clone());
    let seen = rules.visible(live, &ours);
    let inline = spelled(&seen.inline_policies, &state.inline_policies);
    let kept = state.assume_role_policy.known().filter(|_| same_trust).cloned();
    let trust = kept.unwrap_or_else(|| compact(&seen.assume_role_policy, Kind::Trust));
    let policies = Attr::Known(managed(live, &seen).spelled_as(&state.managed()));
    let size = policy_size::measure(&Attr::Known(trust.clone()), &Attr::Known(inline.clone()), &policies);
    let own_tags = attributes::own((&state.tags, &state.tags_all), &seen.tags);
    State {
        name: Attr::Known(seen.name.clone()),
        path: Attr::Known(seen.path.clone()),
        account_id: Attr::Known(live.account_id.clone()),
        description: described(&state.description, seen.description.as_deref()),
        permissions_boundary: seen.permissions_boundary.clone().into(),
        max_session_duration: Attr::Known(i64::from(seen.max_session_duration)),
        assume_role_policy: Attr::Known(trust),
        managed_policies: policies.as_ref().map(Managed::show),
        inline_policies: Attr::Known(inline),
        policy_size: size,
        tags: own_tags,
        tags_all: Attr::Known(attributes::attribute(seen.tags)),
        ..created(state, live)
    }
}

/// The managed policies of a role, as far as they are `seen`.
fn managed(live: &LiveRole, seen: &RoleSpec) -> Managed {
    let owned = |(name, document): (&String, &String), is_attached| {
        (live.owned_arn(name), Owned { document: document.clone(), is_attached })
    };
    let attached = seen.owned_policies.iter().map(|policy| owned(policy, true));
    let detached = live.detached_policies.iter().map(|policy| owned(policy, false));
    Managed { attached: seen.managed_policy_arns.clone(), owned: attached.chain(detached).collect() }
}

/// The description; to IAM an empty one and none are the same.
fn described(before: &Attr<String>, live: Option<&str>) -> Attr<String> {
    match (live.unwrap_or_default(), before) {
        ("", Attr::Known(before)) if before.is_empty() => Attr::Known(String::new()),
        ("", _) => Attr::Null,
        (text, _) => Attr::Known(text.to_owned()),
    }
}

/// The inline policies as they are, in the spelling of `known` where that means the same.
fn spelled(live: &BTreeMap<String, String>, known: &Attr<Map<String>>) -> Map<String> {
    let before = |name: &String| known.known().and_then(|known| known.get(name)).and_then(Attr::known);
    let spell = |(name, text): (&String, &String)| {
        let kept = before(name).filter(|before| permissions::same(before, text)).cloned();
        (name.clone(), Attr::Known(kept.unwrap_or_else(|| compact(text, Kind::Identity))))
    };
    live.iter().map(spell).collect()
}

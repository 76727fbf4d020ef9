//! A role under judgement, with what several rules ask of it, asked once.
//!
//! Owns the way from a role to the policy engine. Never decides what is wrong.

use super::finding::Place;
use super::role::{Content, Policy, Role};
use crate::task::Task;
use iam_policy::analyze::Source;
use iam_policy::{Caller, PolicySet, Statement, Subject};
use std::cell::OnceCell;

/// A role under judgement.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// The role.
    pub(super) role: &'a Role<'a>,
    runner: &'a [Role<'a>],
    policies: OnceCell<Option<PolicySet>>,
}

impl<'a> Judged<'a> {
    /// One of the roles of a runner.
    pub(super) fn new(role: &'a Role<'a>, runner: &'a [Role<'a>]) -> Self {
        Self { role, runner, policies: OnceCell::new() }
    }

    /// Whether it is for one of these tasks.
    pub(super) fn is_for(&self, tasks: &[Task]) -> bool {
        tasks.contains(&self.role.task)
    }

    /// The runner's other roles.
    pub(super) fn siblings(&self) -> impl Iterator<Item = &'a Role<'a>> {
        let own = self.role;
        self.runner.iter().filter(move |other| !std::ptr::eq(*other, own))
    }

    /// What bears on the role; a policy is named by its position, which [`Judged::place`] understands. `None` while
    /// something is not known yet, for that may allow as well as deny. What will never be known is left out.
    pub(super) fn policies(&self) -> Option<&PolicySet> {
        self.policies.get_or_init(|| policies(self.role)).as_ref()
    }

    /// The role as the one who makes requests. Nothing else is known of them.
    pub(super) fn subject(&self) -> Subject {
        Subject::new(Caller::Role { arn: self.role.arn.clone(), session: None })
    }

    /// Where the statement stands that an analysis names.
    pub(super) fn place(&self, source: &Source) -> Option<Place> {
        Some(Place { policy: source.policy.parse().ok()?, statement: source.statement? })
    }

    /// The policy of a place.
    pub(super) fn policy(&self, place: Place) -> Option<&'a Policy> {
        self.role.policies.get(place.policy)
    }

    /// The statement of a place, as a sentence names it.
    pub(super) fn spoken(&self, place: Place) -> String {
        let Some(policy) = self.policy(place) else { return "A statement".to_owned() };
        let sid = self.statement(place).and_then(|statement| statement.sid.as_deref());
        match sid {
            Some(sid) => format!("Statement `{sid}` of the policy `{}`", policy.name),
            None => format!("Statement {} of the policy `{}`", place.statement + 1, policy.name),
        }
    }

    fn statement(&self, place: Place) -> Option<&'a Statement> {
        match &self.policy(place)?.content {
            Content::Known(document) => document.statements.as_slice().get(place.statement),
            _ => None,
        }
    }
}

fn policies(role: &Role<'_>) -> Option<PolicySet> {
    let mut set = PolicySet::new();
    for (index, policy) in role.policies.iter().enumerate() {
        set = match &policy.content {
            Content::Known(document) => set.identity(index.to_string(), document),
            Content::NotYetKnown => return None,
            Content::Unreadable(_) => set,
        };
    }
    match role.boundary.as_ref().map(|policy| &policy.content) {
        Some(Content::Known(document)) => Some(set.boundary("boundary", document)),
        Some(Content::NotYetKnown) => None,
        Some(Content::Unreadable(_)) | None => Some(set),
    }
}

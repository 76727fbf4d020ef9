//! Single steps from one role to another.
//!
//! Owns which permissions and which trust each step needs.

use crate::{
    Caller, Pattern, PolicySet, Possible, Question, Request, ResourcePolicy, Subject, Truth,
    analyze::{Escalation, Grant, escalations, grant::may_be_granted_on, pass_role},
    catalog::escalation::Path,
    possible,
};

use super::{How, Known, trust};

const ASSUME_ROLE: &str = "sts:AssumeRole";

const EDITS: [&str; 6] = [
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
];

/// What one role can do to others.
pub(super) struct Ways<'a> {
    from: &'a Known<'a>,
    /// Those that pass a role, on whatever role.
    passing: Vec<Escalation>,
}

impl<'a> Ways<'a> {
    pub(super) fn of(from: &'a Known<'a>) -> Self {
        let all = escalations(&from.role.policies, &from.subject).into_iter();
        Self { from, passing: all.filter(|one| one.pass_role().is_some()).collect() }
    }

    /// The steps to another role, or of a role to itself, each with its witness.
    pub(super) fn to(&self, to: &Known<'_>) -> Vec<(How, Option<Request>)> {
        let mut steps: Vec<(How, Option<Request>)> = Vec::new();
        if self.from.role.arn != to.role.arn {
            steps.extend(self.assume(to).map(|witness| (How::Assume, witness)));
            steps.extend(self.on("iam:UpdateAssumeRolePolicy", to).map(|witness| (How::Retrust, witness)));
            steps.extend(self.pass(to));
        }
        let edits: Vec<(&str, Option<Request>)> =
            EDITS.into_iter().filter_map(|action| Some((action, self.on(action, to)?))).collect();
        if !edits.is_empty() {
            let witness = edits.iter().find_map(|(_, witness)| witness.clone());
            steps.push((How::Edit(edits.into_iter().map(|(action, _)| action).collect()), witness));
        }
        steps
    }

    /// `Some(None)` is a maybe. Who is named by account only needs the permission as well.
    fn assume(&self, to: &Known<'_>) -> Option<Option<Request>> {
        let named = trust::names(&to.role.trust, &self.from.subject, ASSUME_ROLE);
        let by_itself = named.direct.or(named.user).or(named.role);
        let is_allowed = || self.on(ASSUME_ROLE, to).is_some();
        if named.any() == Truth::False || (by_itself == Truth::False && !is_allowed()) {
            return None;
        }
        let both = self.from.role.policies.clone().resource(
            format!("trust of {}", to.role.arn),
            &to.role.trust,
            ResourcePolicy::Trust,
        );
        answer(&both, self.from.subject.question(ASSUME_ROLE), to)
    }

    fn on(&self, action: &str, to: &Known<'_>) -> Option<Option<Request>> {
        if !may_be_granted_on(&self.from.role.policies, action, &to.role.arn) {
            return None;
        }
        answer(&self.from.role.policies, self.from.subject.question(action), to)
    }

    fn pass(&self, to: &Known<'_>) -> Option<(How, Option<Request>)> {
        if !may_be_granted_on(&self.from.role.policies, pass_role::ACTION, &to.role.arn) {
            return None;
        }
        let mut ways: Vec<(&Escalation, Option<Request>)> = Vec::new();
        for way in &self.passing {
            if let Some(witness) = self.pass_by(way.path, to) {
                // The steps besides must be sure for the whole to be.
                let sure = way.steps.iter().all(|step| {
                    step.action == pass_role::ACTION || step.grants.iter().any(Grant::is_certain)
                });
                ways.push((way, witness.filter(|_| sure)));
            }
        }
        if ways.is_empty() {
            return None;
        }
        let witness = ways.iter().find_map(|(_, witness)| witness.clone());
        Some((How::Pass(ways.into_iter().map(|(way, _)| way.path).collect()), witness))
    }

    /// Passing needs the permission for this role and service, and the role's trust in the service.
    fn pass_by(&self, path: &'static Path, to: &Known<'_>) -> Option<Option<Request>> {
        let services = pass_role::services(&path.actions);
        let question = || self.from.subject.question(pass_role::ACTION);
        if services.is_empty() {
            let possible = answer(&self.from.role.policies, question(), to)?;
            return trust::names_a_service(&to.role.trust).then_some(possible.filter(|_| false));
        }
        let each = services.iter().filter_map(|service| {
            let context = self.from.subject.context.clone().with("iam:PassedToService", [*service]);
            let witness = answer(&self.from.role.policies, question().context(context), to)?;
            let trusted = trusts(service, to)?;
            Some(witness.filter(|_| trusted))
        });
        each.max_by_key(Option::is_some)
    }
}

fn answer(policies: &PolicySet, question: Question, to: &Known<'_>) -> Option<Option<Request>> {
    match possible(policies, &question.within(Pattern::literal(&to.role.arn))) {
        Possible::Yes(witness) => Some(Some(witness)),
        Possible::Maybe => Some(None),
        Possible::No => None,
    }
}

/// Whether a role's trust lets a service in: surely, perhaps, or not.
fn trusts(service: &str, role: &Known<'_>) -> Option<bool> {
    let service = Subject::new(Caller::Service { name: service.to_owned() });
    if trust::names(&role.role.trust, &service, ASSUME_ROLE).any() == Truth::False {
        return None;
    }
    let trust = PolicySet::new().resource("trust", &role.role.trust, ResourcePolicy::Trust);
    answer(&trust, service.question(ASSUME_ROLE), role).map(|witness| witness.is_some())
}

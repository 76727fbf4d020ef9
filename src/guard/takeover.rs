//! How one role of a runner becomes another, stronger one, or gets power over it.
//!
//! Owns which role is stronger: invoker, planner, state role, builders, applier, in this order. A planner reads what it
//! could not write; a state role rewrites what the next apply believes; a builder makes what runs; an applier changes
//! everything. Who starts the runner is trusted with none of it. Of roles for other tasks nothing is known, and none is
//! compared with them.

use super::finding::{Finding, Place, allows, listed};
use super::judged::{Judged, answer};
use super::power::{ASSUME_ROLE, PASS_ROLE};
use super::role::Role;
use crate::task::Task;
use iam_policy::{
    Context, Document, Effect, Outcome, Pattern, PrincipalKind, Principals, Request, ResourcePolicy, Scope,
    Statement, evaluate,
};

/// What changes a role's permissions or its trust.
pub(super) const EDITS: [&str; 7] = [
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
];

/// What changes a customer-managed policy.
pub(super) const VERSIONS: [&str; 2] = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"];

fn strength(task: Task) -> Option<u8> {
    match task {
        Task::Invoker => Some(0),
        Task::TerraformPlanner => Some(1),
        Task::TerraformState => Some(2),
        Task::AmiBuilder | Task::DockerImageBuilder => Some(3),
        Task::TerraformApplier => Some(4),
        Task::Custom => None,
    }
}

/// Adds every way from this role to a stronger one of the runner, one for each statement and role; a statement that has
/// a finding already gets no second one.
pub(super) fn find(judged: &Judged<'_>, found: &mut Vec<Finding>, advice: [&str; 2]) {
    find_among(judged, found, advice, |own, other| other > own);
}

/// Adds every way from this role to one of its own strength: from a provisioner to the applier, or back.
pub(super) fn find_equal(judged: &Judged<'_>, found: &mut Vec<Finding>, advice: [&str; 2]) {
    find_among(judged, found, advice, |own, other| other == own);
}

fn find_among(
    judged: &Judged<'_>,
    found: &mut Vec<Finding>,
    advice: [&str; 2],
    is_asked: fn(u8, u8) -> bool,
) {
    let Some(own) = strength(judged.role.task) else { return };
    for other in
        judged.siblings().filter(|other| strength(other.task).is_some_and(|other| is_asked(own, other)))
    {
        let whom = format!("the {} `{}`", other.task.name(), other.name);
        let ways = [edits(judged, &EDITS, &other.arn), passes(judged, other)];
        let ways = ways.map(|way| (way, other.arn.as_str(), whom.clone()));
        let rewrites = other
            .own_policies()
            .map(|policy| (edits(judged, &VERSIONS, policy), policy, format!("a policy that {whom} holds")));
        for (way, target, what) in ways.into_iter().chain(rewrites) {
            let Some((actions, witness)) = way else { continue };
            let place = actions.first().and_then(|action| judged.granting(action, target));
            let allows = allows(witness.as_ref());
            let says = format!("{allows} {} on {what}", listed(&actions));
            let finding = about(judged, place, &says, advice).witness(witness.as_ref());
            let is_new = |place: Place| found.iter().all(|one: &Finding| one.statement != Some(place));
            if place.is_none_or(is_new) {
                found.push(finding);
            }
        }
        found.extend(assumes(judged, other, found, advice));
    }
}

fn about(judged: &Judged<'_>, place: Option<Place>, says: &str, advice: [&str; 2]) -> Finding {
    match place {
        Some(place) => Finding::about(judged, place, says, advice),
        None => Finding {
            path: judged.role.permissions_path.clone(),
            statement: None,
            level: None,
            what: format!("What the role holds {says}."),
            witness: None,
            why: advice[0].to_owned(),
            instead: advice[1].to_owned(),
        },
    }
}

/// Actions, and a request that is allowed, if one is known.
type Way = (Vec<&'static str>, Option<Request>);

/// The edits of another role, or of a policy, that are possible.
fn edits(judged: &Judged<'_>, actions: &[&'static str], target: &str) -> Option<Way> {
    let ask = |action: &&'static str| Some((*action, judged.can(action, Context::partial(), target)?));
    let possible: Vec<(&str, Option<Request>)> = actions.iter().filter_map(ask).collect();
    let witness = possible.iter().find_map(|(_, witness)| witness.clone());
    (!possible.is_empty()).then(|| (possible.into_iter().map(|(action, _)| action).collect(), witness))
}

/// Whether the other role can be handed to a service that it trusts.
fn passes(judged: &Judged<'_>, other: &Role<'_>) -> Option<Way> {
    let services = services(other.trust.as_ref()?);
    let mut answers = services.iter().filter_map(|service| {
        let context = Context::partial().with("iam:PassedToService", [*service]);
        judged.can(PASS_ROLE, context, &other.arn)
    });
    answers.next().map(|witness| (vec![PASS_ROLE], witness))
}

/// The services that a trust policy lets in.
fn services(trust: &Document) -> Vec<&str> {
    let allowing = trust.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let named = allowing.filter_map(|statement| match &statement.principals {
        Some(Scope::Only(Principals::Listed(listed))) => Some(listed),
        _ => None,
    });
    let services = named.flatten().filter(|(kind, _)| *kind == PrincipalKind::Service);
    services.flat_map(|(_, names)| names.iter().map(String::as_str)).collect()
}

/// What a trust policy says about roles and users; nothing if it lets in nobody but services and federated identities.
fn of_principals(trust: &Document) -> Option<Document> {
    let is_about_roles = |statement: &&Statement| match &statement.principals {
        Some(Scope::Only(Principals::Listed(listed))) => {
            listed.iter().any(|(kind, _)| *kind == PrincipalKind::Aws)
        }
        _ => true,
    };
    let statements: Vec<Statement> = trust.statements.iter().filter(is_about_roles).cloned().collect();
    let allows = statements.iter().any(|statement| statement.effect == Effect::Allow);
    allows.then(|| Document { statements: statements.into_iter().collect(), ..trust.clone() })
}

/// Whether this role can assume the other, which trusts it: by name, or with a permission of this one's.
fn assumes(
    judged: &Judged<'_>,
    other: &Role<'_>,
    found: &[Finding],
    [why, instead]: [&str; 2],
) -> Option<Finding> {
    let trust = of_principals(other.trust.as_ref()?)?;
    let own = judged.set_of(ASSUME_ROLE).unwrap_or_else(|| judged.set_for(&[]));
    let both = own.resource("trust", &trust, ResourcePolicy::Trust);
    // A search for what could be does not look at principals; a decision does.
    let request = Request::new(judged.caller(), ASSUME_ROLE, &other.arn, Context::partial());
    if evaluate(&both, &request).outcome == Outcome::Denied {
        return None;
    }
    let question = judged.question(ASSUME_ROLE).within(Pattern::literal(&other.arn));
    let witness = answer(&both, question)?;
    let place = judged.granting(ASSUME_ROLE, &other.arn);
    if place.is_some_and(|place| found.iter().any(|one| one.statement == Some(place))) {
        return None;
    }
    let finding = Finding {
        path: other.trust_path.clone(),
        statement: None,
        level: None,
        what: format!(
            "The {} `{}` trusts the {} `{}`, which can assume it.",
            other.task.name(),
            other.name,
            judged.role.task.name(),
            judged.role.name
        ),
        witness: None,
        why: why.to_owned(),
        instead: instead.to_owned(),
    };
    Some(finding.witness(witness.as_ref()))
}

//! What an applier may change in IAM, where a change of permissions can become more power for whoever makes it.
//!
//! Owns the way in which each of IAM's actions is limited: under the permissions boundary, to named resources, or not at
//! all; and that a runner's own roles, its policies and the boundary itself stay as they are.
//!
//! Source: IAM User Guide, "Permissions boundaries for IAM entities", section "Delegating responsibility to others using
//! permissions boundaries".

use super::Holder;
use super::narrow::narrow;
use super::place::{Limits, allow, place};
use crate::home::Home;
use iam_policy::catalog::{self, Action};
use iam_policy::{ActionSet, Arn, Statement};

/// The key that tells which boundary the role or user has that a request is about, or gets.
const BOUNDARY: &str = "iam:PermissionsBoundary";

/// Changes that give nobody anything by themselves: policies until they are attached, instance profiles until a role is
/// handed over (`iam:PassRole`). A policy's new version is not among them, for it may be attached to anything; nor are the
/// tags of roles and users, by which policies may decide.
const HARMLESS: &[&str] = &[
    "iam:AddRoleToInstanceProfile",
    "iam:CreateInstanceProfile",
    "iam:CreatePolicy",
    "iam:DeleteInstanceProfile",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:DeleteServerCertificate",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:TagInstanceProfile",
    "iam:TagPolicy",
    "iam:TagServerCertificate",
    "iam:UntagInstanceProfile",
    "iam:UntagPolicy",
    "iam:UntagServerCertificate",
    "iam:UpdateServerCertificate",
    "iam:UploadServerCertificate",
];

/// Changes that free a role or user from its boundary, which nobody may who works under one.
const FREEING: &[&str] = &["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"];

/// Changes for which the key tells the boundary that is to come, not the one that is there: whoever may set it on any role
/// may take any role over.
const BINDING: &[&str] = &["iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"];

/// Roles that AWS makes for its services, of which it alone decides what they may do.
const SERVICE_LINKED: &[&str] = &["iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole"];

/// What an applier may change in IAM.
#[derive(Debug, Default)]
pub(super) struct IamChanges {
    pub(super) statements: Vec<Statement>,
    /// Left out, because the role has no permissions boundary that it could pass on.
    pub(super) without_boundary: Vec<&'static Action>,
    /// Left out, because `resources` names nothing that they could be limited to.
    pub(super) undeclared: Vec<&'static Action>,
}

/// Whether an action changes something in IAM, or gives out sessions: then it is placed here and not by `place`.
pub(super) fn is_change(action: &Action) -> bool {
    matches!(action.service(), "iam" | "sts") && !action.level().is_read_only()
}

/// Statements for those of the `actions` that change IAM, within the limits that the user set.
pub(super) fn iam_changes(actions: &ActionSet, limits: &Limits, holder: &Holder<'_>) -> IamChanges {
    let sorted = Sorted::of(actions);
    let Home { partition, account_id } = holder.home;
    let of_account = |kind: &str| format!("arn:{partition}:iam::{account_id}:{kind}/*");
    let mut changes = IamChanges::default();
    match holder.permissions_boundary {
        Some(boundary) => {
            let principals = limits.resources.clone();
            let principals = principals.unwrap_or_else(|| vec![of_account("role"), of_account("user")]);
            for statement in changes.on(sorted.bounded, &principals) {
                let bounded = statement.condition("ArnEquals", BOUNDARY, [boundary]);
                changes.statements.push(bounded);
            }
        }
        None => changes.without_boundary = sorted.bounded,
    }
    changes.statements.extend(place(sorted.harmless, limits, "IamHarmless").statements);
    if !sorted.linked.is_empty() {
        let linked = allow(&sorted.linked).sid("ServiceLinkedRoles");
        changes.statements.push(linked.resource(of_account("role/aws-service-role")));
    }
    let named = limits.resources.iter().flatten().filter(|arn| names_something(arn));
    let named: Vec<String> = named.cloned().collect();
    let declared = changes.on(sorted.declared, &named);
    changes.statements.extend(declared);
    if !changes.statements.is_empty() {
        changes.statements.extend(denials(holder));
    }
    changes
}

/// Whether an ARN of IAM names things of one account by more than a wildcard. Every role, every user or everything is not
/// named.
fn names_something(arn: &str) -> bool {
    let Ok(arn) = Arn::parse(arn) else { return false };
    let literal = |text: &str| !text.is_empty() && !text.contains(['*', '?']);
    let named = arn.resource().split_once('/').is_some_and(|(kind, name)| {
        literal(kind) && name.chars().filter(|character| !['*', '?', '/'].contains(character)).count() > 1
    });
    arn.service() == "iam" && literal(arn.account()) && named
}

impl IamChanges {
    /// The actions on those of the resources that they are done to; the others are left out.
    fn on(&mut self, actions: Vec<&'static Action>, resources: &[String]) -> Vec<Statement> {
        let narrowed = narrow(actions, resources);
        self.undeclared.extend(narrowed.unscoped.into_iter().chain(narrowed.out_of_scope));
        let groups = narrowed.groups.into_iter();
        groups.map(|(on, actions)| on.iter().fold(allow(&actions), Statement::resource)).collect()
    }
}

/// IAM's changes by the way in which they are limited.
#[derive(Default)]
struct Sorted {
    bounded: Vec<&'static Action>,
    harmless: Vec<&'static Action>,
    linked: Vec<&'static Action>,
    declared: Vec<&'static Action>,
}

impl Sorted {
    fn of(actions: &ActionSet) -> Self {
        let mut sorted = Self::default();
        for action in actions.iter().filter(|action| is_change(action)) {
            let name = action.to_string();
            let is_in = |list: &[&str]| list.contains(&name.as_str());
            if is_in(FREEING) {
                continue;
            } else if action.condition_keys().any(|key| key == BOUNDARY) && !is_in(BINDING) {
                sorted.bounded.push(action);
            } else if is_in(HARMLESS) {
                sorted.harmless.push(action);
            } else if is_in(SERVICE_LINKED) {
                sorted.linked.push(action);
            } else {
                sorted.declared.push(action);
            }
        }
        sorted
    }
}

/// What stays as it is whatever else is allowed: the runner's roles, the policies that they own, the boundary.
fn denials(holder: &Holder<'_>) -> Vec<Statement> {
    let own_roles = deny(&changing("role")).sid("NotOwnRoles");
    let own_roles = holder.own_roles().fold(own_roles, Statement::resource);
    let policies = deny(&changing("policy")).sid("NotOwnPolicies");
    let policies = holder.own_policies().fold(policies, Statement::resource);
    let policies = holder.permissions_boundary.into_iter().fold(policies, Statement::resource);
    let policies = holder.attached.iter().fold(policies, Statement::resource);
    let freeing = Statement::deny(FREEING.iter().copied()).sid("BoundariesStay").resource("*");
    vec![own_roles, policies, freeing]
}

/// IAM's actions that change resources of a type.
fn changing(resource_type: &str) -> Vec<&'static Action> {
    let actions = catalog::service("iam").map(catalog::Service::actions).unwrap_or_default();
    let is_on = |action: &&Action| action.resource_types().any(|(name, _)| name == resource_type);
    actions.iter().filter(|action| !action.level().is_read_only()).filter(is_on).collect()
}

fn deny(actions: &[&'static Action]) -> Statement {
    Statement::deny(actions.iter().map(ToString::to_string))
}

#[cfg(test)]
mod tests;

//! Actions that give their caller more power than it was given.
//!
//! Owns which they are, and into which roles somebody may well change. Never looks at a whole policy.

use crate::task::Task;
use iam_policy::Scope;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;
use iam_policy::catalog::escalation::{self, Kind};
use std::collections::HashSet;
use std::sync::LazyLock;

pub(super) const PASS_ROLE: &str = "iam:PassRole";
pub(super) const ASSUME_ROLE: &str = "sts:AssumeRole";

/// How the names of roles end that only look.
const LOOKING: &[&str] = &["planner", "-plan", "readonly", "read-only", "-ro"];

/// What stands in the names of roles that only look, wherever it stands.
const LOOKS: &[&str] = &["plan", "read", "view", "lookup", "audit", "inspect", "describe"];

/// What stands in the names of roles that change things.
const CHANGES: &[&str] =
    &["admin", "appl", "deploy", "exec", "full", "master", "power", "provision", "root", "super", "write"];

/// The actions of all ways that write permissions, take limits away, give out credentials or change who is trusted; and
/// those by which roles are handed over and assumed. What starts code in a role that something has already is not among
/// them: it is a write.
static POWER: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    use Kind::{ChangesTrust, GrantsPermissions, RemovesLimit, YieldsCredentials};
    let kinds = [ChangesTrust, GrantsPermissions, RemovesLimit, YieldsCredentials];
    let paths = escalation::paths().iter().filter(|path| kinds.contains(&path.kind));
    let actions = paths.flat_map(|path| path.actions.iter().copied());
    actions.chain([PASS_ROLE, ASSUME_ROLE, "sts:AssumeRoot"]).collect()
});

/// Whether an action is one of them.
pub(super) fn is_power(action: &Action) -> bool {
    matches!(
        action.service(),
        "iam" | "sts" | "sso" | "organizations" | "identitystore" | "lakeformation" | "rolesanywhere"
    ) && POWER.contains(action.to_string().as_str())
}

/// Whether a grant is of more than sessions of roles that look harmless by their names, which is what a planner needs
/// to plan in other accounts.
pub(super) fn counts(grant: &Grant) -> bool {
    counts_beside(grant, |_| false)
}

/// The same for builders, which also push to other accounts, by roles that are named for it.
pub(super) fn counts_for_builder(grant: &Grant) -> bool {
    counts_beside(grant, |arn| {
        let name = arn.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_stronger = CHANGES.iter().any(|word| name.contains(word));
        name.contains("push") && !name.contains(['*', '?', '$']) && !is_stronger
    })
}

fn counts_beside(grant: &Grant, is_fine: fn(&str) -> bool) -> bool {
    if grant.action != ASSUME_ROLE {
        return true;
    }
    match &grant.resources {
        Scope::Only(roles) => {
            grant.unlisted > 0 || !roles.iter().all(|role| is_fine(role) || is_harmless_role(role))
        }
        Scope::Except(_) => true,
    }
}

/// Whether an ARN, or a pattern of ARNs, is of roles that look and do not touch, as far as names tell. The name has to say
/// that it looks, at its end where it has wildcards, and nothing in it may say that it changes things.
fn is_harmless_role(arn: &str) -> bool {
    let Some((_, path)) = arn.split_once(":role/") else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    if path.contains("${") {
        // What a variable stands for is not in its name.
        return false;
    }
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let looks = if name.contains(['*', '?']) { ends(LOOKING) } else { ends(LOOKING) || has(LOOKS) };
    let is_weak = matches!(Task::of_role_name(name), Task::Custom | Task::TerraformPlanner | Task::Invoker);
    looks && is_weak && !has(CHANGES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_policy::catalog::action;

    #[test]
    fn whoever_writes_permissions_or_trust_or_hands_over_roles_has_power() {
        for name in ["iam:PutRolePolicy", "iam:PassRole", "iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy"]
        {
            assert!(is_power(action(name).unwrap()), "{name}");
        }
        for name in ["ec2:RunInstances", "lambda:UpdateFunctionCode", "iam:CreateUser", "iam:GetRole"] {
            assert!(!is_power(action(name).unwrap()), "{name}");
        }
    }

    #[test]
    fn planners_of_other_accounts_are_no_power() {
        for arn in [
            "arn:aws:iam::444455556666:role/acme-terraform-planner",
            "arn:aws:iam::*:role/terraform-planner",
            "arn:aws:iam::*:role/ci/*-planner",
            "arn:aws:iam::444455556666:role/network-lookup",
        ] {
            assert!(is_harmless_role(arn), "{arn}");
        }
    }

    #[test]
    fn stronger_roles_and_any_role_are_power() {
        for arn in [
            "*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::444455556666:role/acme-terraform-applier",
            "arn:aws:iam::444455556666:role/pipelines-apply",
            "arn:aws:iam::*:role/OrganizationAccountAccessRole",
            "arn:aws:iam::444455556666:role/acme-*",
            "arn:aws:iam::*:role/*admin*-plan",
            "arn:aws:iam::444455556666:role/${aws:PrincipalTag/planned-role}",
            "arn:aws:iam::444455556666:role/PowerUser",
            "arn:aws:iam::444455556666:role/terraform",
            "arn:aws:iam::444455556666:role/cdk-hnb659fds-cfn-exec-role-444455556666-eu-west-1",
        ] {
            assert!(!is_harmless_role(arn), "{arn}");
        }
    }
}

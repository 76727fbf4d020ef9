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

/// Roles by which AWS's own services administer an account, and what else is known to be one for everything.
const ADMINISTRATORS: &[&str] = &[
    "OrganizationAccountAccessRole",
    "AWSControlTowerExecution",
    "AWSCloudFormationStackSetExecutionRole",
    "stacksets-exec-",
    "AWSReservedSSO_AdministratorAccess",
    "AWSReservedSSO_PowerUserAccess",
];

/// How the names of roles end that only look.
const LOOKING: &[&str] = &["planner", "-plan", "readonly", "read-only", "-ro"];

/// How the names of roles end that change things.
const CHANGING: &[&str] = &["admin", "administrator", "applier", "-apply", "-deploy", "deployer"];

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
    if grant.action != ASSUME_ROLE {
        return true;
    }
    match &grant.resources {
        Scope::Only(roles) => grant.unlisted > 0 || !roles.iter().all(|role| is_harmless_role(role)),
        Scope::Except(_) => true,
    }
}

/// Whether an ARN, or a pattern of ARNs, is of roles that are not known to be stronger than a planner. A name that is
/// told whole is taken for harmless unless it says otherwise; one with wildcards has to say that it is.
fn is_harmless_role(arn: &str) -> bool {
    let Some((_, path)) = arn.split_once(":role/") else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if name.contains(['*', '?']) {
        return ends(LOOKING);
    }
    let administers = ADMINISTRATORS.iter().any(|known| name.starts_with(known));
    let is_weak = matches!(Task::of_role_name(name), Task::Custom | Task::TerraformPlanner | Task::Invoker);
    is_weak && !administers && !ends(CHANGING)
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
        ] {
            assert!(!is_harmless_role(arn), "{arn}");
        }
    }
}

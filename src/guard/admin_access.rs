//! `admin-access`: a role that may do everything.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule};
use iam_policy::analyze::grants;
use iam_policy::{Context, OneOrMany, Scope, Statement};

pub(super) const RULE: Rule = Rule {
    name: "admin-access",
    level: Level::Deny,
    summary: "A role may do everything, changes of its own permissions included",
    title: "Role administers the account",
    prose: "\
A role holds a statement that allows everything on everything, such as AWS's `AdministratorAccess` or `\"Action\": \"*\"`, \
and neither a deny nor its permissions boundary takes the power over IAM out of it.

Such a role can give any permission to anybody, make users with passwords, and take off every limit that somebody else \
has set. None of the runner's tasks needs that, and no other rule of the guard means anything for a role that could undo \
what it checks.

The guard looks at what is left under denies and boundary: `AdministratorAccess` under a boundary that allows a few \
services, or that lets IAM be changed only under the same boundary, is not found.

## What to write instead

Say what the stacks contain, in `permissions.resource_types` or `permissions.services`. If a list is out of reach for \
now, use AWS's `PowerUserAccess`, which leaves out IAM, with a second statement for the roles that the stacks have, or \
set a `permissions_boundary`.
",
    yields: true,
    find,
};

/// Ways to any permission, any one of which is enough.
const WAYS: [&str; 5] = [
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:CreatePolicyVersion",
];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known() {
        return;
    }
    let is_broad = |statement: &Statement| match &statement.actions {
        Scope::Only(names) => names.iter().any(|name| name.chars().all(|character| "*:".contains(character))),
        Scope::Except(_) => true,
    };
    let everywhere = judged.allows().iter().filter(|one| is_everywhere(one.statement.resources.as_ref()));
    for allow in everywhere.filter(|one| is_broad(one.statement)) {
        // Whoever may only pass on a boundary cannot do more than the boundary allows.
        let context = Context::partial().without("iam:PermissionsBoundary");
        let subject = judged.subject().context(context);
        let witness = WAYS.iter().find_map(|action| {
            let granted = grants(&judged.set_of(action)?, &subject, action);
            granted.into_iter().find(|grant| super::judged::place_of(grant) == Some(allow.place))
        });
        let Some(grant) = witness else { continue };
        let finding = Finding::about(
            judged,
            allow.place,
            "allows everything on everything, changes of permissions included",
            [
                "Whoever has this role has the account, and can take off every limit that was set for it.",
                "Name what the task takes, in `permissions.resource_types` or `permissions.services`, or limit the role \
                 by a `permissions_boundary`.",
            ],
        );
        found.push(finding.witness(grant.witness.as_ref()));
    }
}

/// Whether a statement is about every resource, or all but some.
fn is_everywhere(resources: Option<&Scope<OneOrMany<String>>>) -> bool {
    match resources {
        Some(Scope::Only(listed)) => listed.iter().any(|one| one.chars().all(|character| character == '*')),
        Some(Scope::Except(_)) => true,
        None => false,
    }
}

//! `unknown-policy`: a managed policy whose content cannot be known.

use super::finding::Finding;
use super::judged::Judged;
use super::role::Content;
use super::{Level, Rule};
use crate::task::Task;

pub(super) const RULE: Rule = Rule {
    name: "unknown-policy",
    level: Level::Deny,
    summary: "A role holds a managed policy whose content cannot be known",
    title: "Unknown policy",
    prose: "\
A role holds a managed policy, or has a permissions boundary, that could neither be read nor found among AWS's own.

Everything else that the guard says about the role is said without that policy: it may allow anything. On a planner that \
is an error, since one policy that allows a write is enough; elsewhere it is a warning.

## What to write instead

Check the ARN. Let whoever plans read the policy (`iam:GetPolicy`, `iam:GetPolicyVersion`), or put its document into \
`permissions.inline_policies`.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let all = judged.role.policies.iter().chain(&judged.role.boundary);
    for policy in all {
        let Content::Unreadable(reason) = &policy.content else { continue };
        let is_planner = judged.is_for(&[Task::TerraformPlanner]);
        found.push(Finding {
            path: policy.path.clone(),
            statement: None,
            level: (!is_planner).then_some(Level::Warn),
            what: format!("What the policy `{}` says is not known: {reason}.", policy.name),
            witness: None,
            why: "It may allow anything, and was left out of everything else that was checked.".to_owned(),
            instead: "Check the ARN, let whoever plans read the policy, or give its document in \
                      `permissions.inline_policies`."
                .to_owned(),
        });
    }
}

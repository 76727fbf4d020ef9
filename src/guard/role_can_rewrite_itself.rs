//! `role-can-rewrite-itself`: a role that changes its own permissions, boundary or trust.

use super::finding::{Finding, allows, listed};
use super::judged::{ANY_OTHER, Judged};
use super::{Level, Rule, takeover};
use crate::home::Home;
use crate::task::Task;
use iam_policy::catalog;
use iam_policy::{Context, Request};

pub(super) const RULE: Rule = Rule {
    name: "role-can-rewrite-itself",
    level: Level::Deny,
    summary: "A role can change its own policies, boundary or trust",
    title: "Role can rewrite itself",
    prose: "\
An applier, or a role for a task of your own, may change itself: its inline policies, what is attached to it, its \
permissions boundary, its trust policy, or a customer-managed policy that it holds. Or it may make somebody else as strong \
as it likes: any user, group, role or policy of the account, without the condition that they have a permissions boundary. \
Credentials of any user, and what any SAML provider signs with, come to the same. In a runner, an applier that can change, \
assume or hand over another one, or rewrite a policy that it holds, such as a provisioner the applier's, is found too.

What such a role may do is not what its policies say, but whatever it writes into them. A single apply of a compromised \
module can let in anybody, and the next review sees nothing of it.

The condition key `iam:PermissionsBoundary` is taken into account with the boundary that the role has. A role under a \
boundary that may change whatever is under the same boundary can change itself too, up to that boundary.

Planners and builders are found by `planner-can-escalate` and `builder-can-escalate`.

## What to write instead

`permissions.resource_types` with IAM types comes with a deny that keeps the runner's own roles, their policies and the \
boundary as they are. In a policy written by hand, limit changes of IAM to a path that the runner's roles are not in, or \
deny them on the role itself, and put what makes or changes roles under `iam:PermissionsBoundary`, for a role that it may \
write freely is a role that may do anything:

```json
{
  \"Effect\": \"Deny\",
  \"NotAction\": [\"iam:Get*\", \"iam:List*\"],
  \"Resource\": \"arn:aws:iam::111122223333:role/infra-live-terraform-applier\"
}
```
",
    yields: true,
    find,
};

/// What makes a user, a group, a role or a policy as strong as the caller likes, or the caller one of them: a SAML provider
/// says who everybody is that comes in by it.
const OTHERS: [(&str, &[&str]); 5] = [
    (
        "user",
        &[
            "iam:AttachUserPolicy",
            "iam:PutUserPolicy",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:UpdateLoginProfile",
            "iam:CreateServiceSpecificCredential",
            "iam:ResetServiceSpecificCredential",
            "iam:UploadSigningCertificate",
            "iam:UploadSSHPublicKey",
        ],
    ),
    ("group", &["iam:AttachGroupPolicy", "iam:PutGroupPolicy", "iam:AddUserToGroup"]),
    ("role", &["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]),
    ("policy", &takeover::VERSIONS),
    ("saml-provider", &["iam:UpdateSAMLProvider"]),
];

const BOUNDARY: &str = "iam:PermissionsBoundary";

/// The policy that is attached.
const POLICY: &str = "iam:PolicyARN";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformApplier, Task::Custom]) {
        return;
    }
    let role = judged.role;
    let own = role.own_policies().map(|arn| (arn, &takeover::VERSIONS[..]));
    let targets = std::iter::once((role.arn.as_str(), &takeover::EDITS[..])).chain(own);
    for (target, actions) in targets {
        let possible: Vec<(&str, Option<Request>)> =
            actions.iter().filter_map(|action| Some((*action, changes(judged, action, target)?))).collect();
        let Some(place) = possible.first().and_then(|(action, _)| judged.granting(action, target)) else {
            continue;
        };
        if judged.is_named(place) || found.iter().any(|one| one.statement == Some(place)) {
            continue;
        }
        let what = if target == role.arn { "the role itself" } else { "a policy that the role holds" };
        let witness = possible.iter().find_map(|(_, witness)| witness.clone());
        let allows = allows(witness.as_ref());
        let says = format!("{allows} {} on {what}", listed(possible.iter().map(|(action, _)| action)));
        let advice = [
            "What this role may do is whatever it writes into its own policies, and no plan would show it.",
            "Limit changes of IAM to a path that the role is not in, or deny them on the role, its policies and its \
             boundary.",
        ];
        found.push(Finding::about(judged, place, &says, advice).witness(witness.as_ref()));
    }
    beside(judged, found);
    let advice = [
        "The roles of a runner hold different things so that one of them does not give away the others.",
        "Keep what one applier may do in IAM away from the other's role, and let neither assume the other.",
    ];
    takeover::find_equal(judged, found, advice);
}

/// What the role can make of anybody else, whoever that is: somebody without a permissions boundary and without a tag. A
/// policy that it attaches is one that nobody has named.
fn beside(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let Home { partition, account_id } = judged.role.home;
    let anybody = Context::partial()
        .without(BOUNDARY)
        .with(POLICY, [format!("arn:{partition}:iam::aws:policy/AdministratorAccess")]);
    let anything = judged.towards_anything();
    let anybody = anything.untagged(anybody);
    for (kind, actions) in OTHERS {
        let target = format!("arn:{partition}:iam::{account_id}:{kind}/{ANY_OTHER}");
        let allowed =
            |action: &&&str| matches!(anything.can(action, anybody.clone(), &target), Some(Some(_)));
        let possible: Vec<&&str> = actions.iter().filter(allowed).collect();
        let Some(place) = possible.first().and_then(|action| anything.granting(action, &target)) else {
            continue;
        };
        if judged.is_named(place) || found.iter().any(|one| one.statement == Some(place)) {
            continue;
        }
        let says = format!("allows {} on any {kind} of the account", listed(possible));
        let advice = [
            "What this role may do is whatever it makes somebody else, and no plan would show it.",
            "Name what the stacks manage; put changes of users and roles under `iam:PermissionsBoundary`, or use \
             `resource_types`, which does.",
        ];
        found.push(Finding::about(judged, place, &says, advice));
    }
}

/// Whether the role can do this to itself. The boundary that a request tells of is the role's own, and where AWS tells of
/// none a condition on it does not hold.
fn changes(judged: &Judged<'_>, action: &str, target: &str) -> Option<Option<Request>> {
    let has_key =
        catalog::action(action).is_ok_and(|action| action.condition_keys().any(|key| key == BOUNDARY));
    let sets = action == "iam:PutRolePermissionsBoundary";
    let context = match &judged.role.boundary {
        _ if !has_key => Context::partial().without(BOUNDARY),
        _ if sets => Context::partial(),
        Some(boundary) => Context::partial().with(BOUNDARY, [boundary.name.as_str()]),
        None => Context::partial().without(BOUNDARY),
    };
    judged.can(action, context, target)
}

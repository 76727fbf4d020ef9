//! When AWS refuses half-way: what was made is in state, the next apply finishes it, and nothing is forgotten.

use libtest_mimic::Trial;

use super::{ROLE, TRUST, allow, role};
use crate::support::{Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", a_role_half_made_is_in_state_and_finished_by_the_next_apply)
        .on_ministack(an_interrupted_apply_keeps_what_was_made)
        .on_ministack(an_update_that_fails_half_way_shows_what_is_missing)
        .on_ministack(a_permission_given_by_half_an_update_is_known_to_be_ours)
        .on_ministack(a_protected_role_half_made_can_be_replaced)
        .on_ministack(a_delete_that_fails_keeps_the_role_in_state)
        .on_ministack(throttling_and_broken_servers_are_waited_for)
        .on_ministack(a_principal_that_is_not_there_yet_is_waited_for)
        .on_ministack(a_refusal_names_the_call_the_account_and_the_request)
        .into_iter()
        .collect()
}

fn with_policies(names: &[&str]) -> String {
    let policies: String =
        names.iter().map(|name| format!("      {name} = {}\n", allow("sqs:ListQueues"))).collect();
    role(&format!("{TRUST}\n  permissions = {{\n    inline_policies = {{\n{policies}    }}\n  }}"))
}

fn a_role_half_made_is_in_state_and_finished_by_the_next_apply(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    let account = site.account();
    account.answer_with("PutRolePolicy", Fault::error("LimitExceeded"));
    workspace.apply_error(&["Cannot create the role runner-custom", "LimitExceeded"]);
    assert!(account.role("runner-custom").is_some(), "it was made");
    assert_eq!(workspace.state().addresses(), [ROLE]);
    workspace.apply();
    assert_eq!(account.inline_policies("runner-custom").len(), 1);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_interrupted_apply_keeps_what_was_made(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    let account = site.account();
    account.answer_with("PutRolePolicy", Fault::error("ConcurrentModification").times(10_000));
    let stopped = workspace.run_interrupted(&["apply", "-auto-approve", "-no-color"], || {
        account.calls().iter().any(|call| call == "PutRolePolicy")
    });
    stopped.assert_failed();
    assert!(account.role("runner-custom").is_some(), "it was made");
    assert_eq!(workspace.state().addresses(), [ROLE]);
    account.answer_with("PutRolePolicy", Fault::error("ConcurrentModification").times(0));
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_update_that_fails_half_way_shows_what_is_missing(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    workspace.apply();
    workspace.rewrite(&with_policies(&["one", "two"]).replace("task =", "description = \"new\"\n  task ="));
    site.account().answer_with("PutRolePolicy", Fault::error("LimitExceeded"));
    workspace.apply_error(&["Cannot update the role runner-custom", "LimitExceeded"]);
    let plan = workspace.plan_with(&["-refresh=false"]);
    assert!(plan.changed(ROLE).contains(&"inline_policies"), "{:?}", plan.changed(ROLE));
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(site.account().inline_policies("runner-custom").len(), 2);
    workspace.destroy();
}

fn a_permission_given_by_half_an_update_is_known_to_be_ours(site: &Site) {
    let with =
        |permissions: &str| role(&format!("{TRUST}\n  unmanaged_policies = \"ignore\"\n{permissions}"));
    let workspace = site.workspace(&with(""));
    workspace.apply();
    workspace.rewrite(&with(&format!(
        "  permissions = {{\n    inline_policies = {{ a = {} }}\n    managed_policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n  }}",
        allow("s3:*")
    )));
    let account = site.account();
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied"));
    workspace.apply_error(&["Cannot update the role runner-custom", "AccessDenied"]);
    assert_eq!(account.inline_policies("runner-custom").len(), 1, "this half was done");
    workspace.rewrite(&with(""));
    workspace.apply();
    assert_eq!(account.inline_policies("runner-custom").len(), 0, "and it is taken away again");
    workspace.destroy();
}

fn a_protected_role_half_made_can_be_replaced(site: &Site) {
    let protected = with_policies(&["one"]).replace("task =", "deletion_protection = true\n  task =");
    let workspace = site.workspace(&protected);
    let account = site.account();
    account.answer_with("PutRolePolicy", Fault::error("LimitExceeded"));
    workspace.apply_error(&["LimitExceeded"]);
    workspace.apply();
    assert_eq!(workspace.state().attribute(ROLE, "deletion_protection"), &serde_json::json!(true));
    workspace.rewrite(&with_policies(&["one"]));
    workspace.apply();
    workspace.destroy();
}

fn a_delete_that_fails_keeps_the_role_in_state(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    workspace.apply();
    site.account().answer_with("DeleteRole", Fault::error("AccessDenied"));
    let refused = workspace.run(&["destroy", "-auto-approve", "-no-color"]);
    refused.assert_failed();
    refused.assert_says(&["Cannot delete the role runner-custom", "AccessDenied"]);
    assert_eq!(workspace.state().addresses(), [ROLE]);
    workspace.destroy();
}

fn throttling_and_broken_servers_are_waited_for(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    let account = site.account();
    account.answer_with("CreateRole", Fault::throttled().times(2));
    account.answer_with("PutRolePolicy", Fault::internal());
    workspace.apply();
    account.answer_with("GetRole", Fault::throttled());
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_principal_that_is_not_there_yet_is_waited_for(site: &Site) {
    let workspace = site
        .workspace(&role("  trust = { aws = [{ principals = [\"arn:aws:iam::222222222222:role/soon\"] }] }"));
    let account = site.account();
    account.answer_with(
        "CreateRole",
        Fault::error("MalformedPolicyDocument")
            .saying("Invalid principal in policy: \"AWS\":\"arn:aws:iam::222222222222:role/soon\"")
            .times(2),
    );
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_refusal_names_the_call_the_account_and_the_request(site: &Site) {
    let workspace = site.workspace(&with_policies(&["one"]));
    let account = site.account();
    account.answer_with("CreateRole", Fault::error("AccessDenied"));
    let said = workspace.apply_error(&["iam:CreateRole", "AccessDenied", account.id(), "request"]);
    assert!(!said.says("test\""), "no key is shown");
    assert_eq!(workspace.state().addresses(), Vec::<&str>::new());
}

//! When AWS refuses half-way: every role that was made is in state, and the next apply finishes the others.

use libtest_mimic::Trial;

use super::{RUNNER, planner_and_applier, runner};
use crate::support::{Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", a_runner_half_made_is_in_state_and_the_next_apply_finishes_it)
        .on_ministack(untainted_what_is_there_of_a_runner_stays_and_only_the_rest_is_made)
        .on_ministack(a_task_whose_role_fails_leaves_the_others_and_is_made_by_the_next_apply)
        .on_ministack(a_rename_that_fails_half_way_forgets_no_role)
        .on_ministack(a_destroy_that_fails_keeps_what_is_left)
        .on_ministack(an_interrupted_apply_keeps_the_roles_that_were_made)
        .on_ministack(every_role_that_fails_is_named)
        .into_iter()
        .collect()
}

fn tasks(state: &serde_json::Value) -> Vec<String> {
    state.as_object().into_iter().flatten().map(|(task, _)| task.clone()).collect()
}

fn a_runner_half_made_is_in_state_and_the_next_apply_finishes_it(site: &Site) {
    let workspace = site.workspace(&planner_and_applier("  deletion_protection = true"));
    let account = site.account();
    account.answer_with("CreateRole", Fault::error("LimitExceeded"));
    workspace.apply_error(&["Cannot create the role runner-terraform-", "LimitExceeded"]);
    let made = tasks(workspace.state().attribute(RUNNER, "roles"));
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(account.role(&format!("runner-{}", made[0])).is_some());
    workspace.apply();
    assert_eq!(tasks(workspace.state().attribute(RUNNER, "roles")).len(), 2);
    workspace.plan().assert_empty();
    workspace.rewrite(&planner_and_applier(""));
    workspace.apply();
    workspace.destroy();
}

fn untainted_what_is_there_of_a_runner_stays_and_only_the_rest_is_made(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    let account = site.account();
    account.answer_with("CreateRole", Fault::error("LimitExceeded"));
    workspace.apply_error(&["LimitExceeded"]);
    workspace.run(&["untaint", RUNNER]).assert_succeeded();
    let calls = account.calls_during(|| drop(workspace.apply()));
    assert_eq!(calls.iter().filter(|call| *call == "CreateRole").count(), 1);
    assert!(!calls.iter().any(|call| call == "DeleteRole"), "{calls:?}");
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_task_whose_role_fails_leaves_the_others_and_is_made_by_the_next_apply(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let account = site.account();
    workspace.rewrite(&planner_and_applier(
        "  tags = { a = \"1\" }\n  state = { bucket = \"acme-tfstate\", key_prefixes = [\"a/\"], lock = \"s3\" }\n  state_role = {}",
    ));
    account.answer_with("CreateRole", Fault::error("LimitExceeded"));
    workspace.apply_error(&["Cannot create the role runner-terraform-state", "LimitExceeded"]);
    assert_eq!(
        tasks(workspace.state().attribute(RUNNER, "roles")),
        ["terraform-applier", "terraform-planner"]
    );
    let tags = account.tags("runner-terraform-planner");
    assert_eq!(tags.get("a").map(String::as_str), Some("1"), "what could be done was done");
    assert_eq!(workspace.plan().actions(RUNNER), ["update"]);
    let calls = account.calls_during(|| drop(workspace.apply()));
    assert!(!calls.iter().any(|call| call == "TagRole"), "and is not done again: {calls:?}");
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_rename_that_fails_half_way_forgets_no_role(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let account = site.account();
    let renamed = planner_and_applier("").replace("planner = {}", "planner = { name = \"plan\" }");
    workspace.rewrite(&renamed);
    account.answer_with("DeleteRole", Fault::error("AccessDenied"));
    workspace.apply_error(&["Cannot delete the role runner-terraform-planner", "AccessDenied"]);
    let name = || workspace.state().attribute(RUNNER, "roles")["terraform-planner"]["name"].clone();
    assert_eq!(name(), "runner-terraform-planner");
    account.answer_with("CreateRole", Fault::error("LimitExceeded"));
    workspace.apply_error(&["Cannot create the role plan", "LimitExceeded"]);
    assert_eq!(tasks(workspace.state().attribute(RUNNER, "roles")), ["terraform-applier"]);
    workspace.apply();
    assert_eq!(name(), "plan");
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_destroy_that_fails_keeps_what_is_left(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    site.account().answer_with("DeleteRole", Fault::error("AccessDenied"));
    let refused = workspace.run(&["destroy", "-auto-approve", "-no-color"]);
    refused.assert_failed();
    refused.assert_says(&["Cannot delete the role runner-terraform-", "AccessDenied"]);
    assert_eq!(tasks(workspace.state().attribute(RUNNER, "roles")).len(), 1);
    workspace.destroy();
}

fn an_interrupted_apply_keeps_the_roles_that_were_made(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    let account = site.account();
    account.answer_with("PutRolePolicy", Fault::error("ConcurrentModification").times(10_000));
    let stopped = workspace.run_interrupted(&["apply", "-auto-approve", "-no-color"], || {
        account.calls().iter().any(|call| call == "PutRolePolicy")
    });
    stopped.assert_failed();
    let is_made = |task: &&str| account.role(&format!("runner-{task}")).is_some();
    let made: Vec<&str> = ["terraform-applier", "terraform-planner"].into_iter().filter(is_made).collect();
    assert!(!made.is_empty(), "a role was made, since a policy was to be put into it");
    assert_eq!(tasks(workspace.state().attribute(RUNNER, "roles")), made);
    account.answer_with("PutRolePolicy", Fault::error("ConcurrentModification").times(0));
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn every_role_that_fails_is_named(site: &Site) {
    let workspace =
        site.workspace(&runner("  manages = { services = [\"sqs\"] }\n  planner = {}\n  applier = {}"));
    site.account().answer_with("CreateRole", Fault::error("LimitExceeded").times(2));
    workspace.apply_error(&["role runner-terraform-planner", "role runner-terraform-applier"]);
    assert_eq!(workspace.state().addresses().len(), 0, "nothing was made");
}

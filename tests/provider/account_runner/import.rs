//! Roles that exist become a runner, and a runner's roles become single ones, without being made again.

use libtest_mimic::Trial;
use serde_json::json;

use super::{RUNNER, planner_and_applier};
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(an_import_by_name_or_account_and_name_changes_no_role)
        .on_each_terraform_since("1.12", an_import_block_by_identity_changes_no_role)
        .on_each_terraform_since("1.8", single_roles_become_a_runner_without_being_made_again)
        .on_each_terraform_since("1.8", a_runner_becomes_single_roles_without_being_made_again)
        .on_ministack(what_does_not_name_a_runner_is_refused)
        .into_iter()
        .collect()
}

/// The calls that change something.
fn changes(calls: Vec<String>) -> Vec<String> {
    let reads = ["Get", "List", "Assume"];
    calls.into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

fn an_import_by_name_or_account_and_name_changes_no_role(site: &Site) {
    let workspace = site.workspace(&planner_and_applier("  path = \"/ci/\"\n  tags = { a = \"1\" }"));
    workspace.apply();
    let account = site.account();
    for id in ["runner".to_owned(), format!("{}/runner", account.id())] {
        workspace.run(&["state", "rm", RUNNER]).assert_succeeded();
        workspace.import(RUNNER, &id);
        let calls = account.calls_during(|| drop(workspace.apply()));
        assert_eq!(changes(calls), Vec::<String>::new());
        workspace.plan().assert_empty();
    }
    workspace.destroy();
}

fn an_import_block_by_identity_changes_no_role(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    workspace.run(&["state", "rm", RUNNER]).assert_succeeded();
    let account = site.account();
    workspace.rewrite(&format!(
        "{}\nimport {{\n  to = {RUNNER}\n  identity = {{ account_id = \"{}\", name = \"runner\" }}\n}}\n",
        planner_and_applier(""),
        account.id()
    ));
    let calls = account.calls_during(|| drop(workspace.apply()));
    assert_eq!(changes(calls), Vec::<String>::new());
    workspace.plan().assert_empty();
    workspace.destroy();
}

/// Two single roles that hold and trust the same as those of the runner.
fn single_roles(planner: &str, applier: &str) -> String {
    let role = |address: &str, name: &str, task: &str| {
        format!(
            r#"
resource "deployrunner_task_role" "{address}" {{
  name        = "{name}"
  task        = "{task}"
  trust       = {{ services = [{{ service = "codebuild.amazonaws.com" }}] }}
  permissions = {{ services = ["sqs"] }}
}}
"#
        )
    };
    role("planner", planner, "terraform-planner") + &role("applier", applier, "terraform-applier")
}

const FORGET_ROLES: &str = r"
removed {
  from = deployrunner_task_role.planner
  lifecycle { destroy = false }
}
removed {
  from = deployrunner_task_role.applier
  lifecycle { destroy = false }
}
";

fn single_roles_become_a_runner_without_being_made_again(site: &Site) {
    let account = site.account();
    let id = |name: &str| account.role(name).expect("it is there").role_id().to_owned();
    let workspace = site.workspace(&single_roles("ci-plan", "runner-terraform-applier"));
    workspace.apply();
    let ids = (id("ci-plan"), id("runner-terraform-applier"));
    let runner = planner_and_applier("").replace("planner = {}", "planner = { name = \"ci-plan\" }");
    workspace.rewrite(&format!(
        "{runner}{FORGET_ROLES}\nimport {{\n  to = {RUNNER}\n  id = \"{}/runner,terraform-planner=ci-plan\"\n}}\n",
        account.id()
    ));
    let calls = account.calls_during(|| drop(workspace.apply()));
    assert_eq!(changes(calls), Vec::<String>::new());
    assert_eq!((id("ci-plan"), id("runner-terraform-applier")), ids);
    workspace.plan().assert_empty();
    assert_eq!(workspace.state().addresses(), [RUNNER]);
    workspace.rewrite(&runner);
    workspace.destroy();
}

fn a_runner_becomes_single_roles_without_being_made_again(site: &Site) {
    let account = site.account();
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let names = ["runner-terraform-planner", "runner-terraform-applier"];
    let singles = single_roles(names[0], names[1]);
    workspace.rewrite(&format!(
        "{singles}\nremoved {{\n  from = {RUNNER}\n  lifecycle {{ destroy = false }}\n}}\n\
         import {{\n  to = deployrunner_task_role.planner\n  id = \"{}\"\n}}\nimport {{\n  to = deployrunner_task_role.applier\n  id = \"{}\"\n}}\n",
        names[0], names[1]
    ));
    let calls = account.calls_during(|| drop(workspace.apply()));
    assert_eq!(changes(calls), Vec::<String>::new());
    workspace.plan().assert_empty();
    workspace.rewrite(&singles);
    workspace.destroy();
}

fn what_does_not_name_a_runner_is_refused(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    let account = site.account();
    let service = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "codebuild.amazonaws.com" }, "Action": "sts:AssumeRole",
    }]});
    for (id, says) in [
        ("runner", "the account has no role that begins with"),
        ("x/runner", "is not an account ID"),
        ("runner,plan=ci-plan", "\"plan\" is none of terraform-planner"),
        ("runner,terraform-planner", "is not a task and the name of its role"),
        ("runner,terraform-planner=nobody", "the account has no role of that name"),
        ("runner,provisioner-=nobody", "is none of terraform-planner"),
        ("runner,provisioner-terraform-planner=nobody", "is none of terraform-planner"),
        ("runner,invoker=a,invoker=b", "stands there twice"),
    ] {
        workspace.import_error(RUNNER, id, &["Invalid import ID", says]);
    }
    for name in ["runner-ami-builder", "runner-docker-image-builder"] {
        account.create_role(name, &service);
    }
    workspace.import_error(RUNNER, "runner", &["a runner has one builder"]);
    for name in ["runner-ami-builder", "runner-docker-image-builder"] {
        account.delete_role(name);
    }
}

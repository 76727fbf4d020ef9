//! Made, planned again, changed in place, taken away: each role for itself.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::json;

use super::{RUNNER, planner_and_applier, runner};
use crate::support::{Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .everywhere(ten_lines_make_a_planner_an_applier_and_a_builder)
        .on_each_emulator(what_is_said_once_comes_to_every_task)
        .on_ministack(adding_renaming_and_removing_a_task_touch_only_its_role)
        .on_ministack(roles_are_made_and_deleted_at_the_same_time)
        .on_ministack(a_name_goes_from_one_task_to_another)
        .on_ministack(a_task_overrides_what_the_runner_says)
        .on_ministack(drift_of_one_role_is_shown_and_mended_there_alone)
        .on_ministack(a_role_deleted_outside_is_made_again_and_no_other)
        .on_ministack(a_new_name_path_or_account_makes_a_new_runner)
        .on_ministack(a_runner_lives_in_a_member_account)
        .on_ministack(a_protected_runner_keeps_every_role)
        .on_ministack(a_value_that_is_not_known_yet_is_told_at_apply)
        .into_iter()
        .collect()
}

/// The example of the README.
fn ten_lines() -> String {
    let trust = r#"trust = { github = [{ repository = "acme/infra-live", branches = ["main"] }] }"#;
    let runner = runner(
        r#"
  manages = { services = ["ec2", "rds", "s3"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner = {}
  applier = {}
  builder = { permissions = { ecr_push = { repository_arns = ["arn:aws:ecr:eu-west-1:111111111111:repository/*"] } } }
"#,
    );
    runner.replace("trust = { services = [{ service = \"codebuild.amazonaws.com\" }] }", trust)
}

fn ten_lines_make_a_planner_an_applier_and_a_builder(site: &Site) {
    let workspace = site.workspace(&ten_lines());
    let plan = workspace.plan();
    let account = site.account();
    let planned = plan.after(RUNNER).clone();
    let names = ["docker-image-builder", "terraform-applier", "terraform-planner"];
    for task in names {
        let role = &planned["roles"][task];
        assert_eq!(role["arn"], format!("arn:aws:iam::{}:role/runner-{task}", account.id()));
        assert!(role["inline_policies"]["deployrunner"].is_string(), "the plan shows what {task} may do");
        let subjects = role["assume_role_policy"].as_str().expect("the plan shows who may be it");
        assert_eq!(subjects.contains(":pull_request"), task == "terraform-planner", "{subjects}");
    }
    assert_eq!(planned["roles"].as_object().map(serde_json::Map::len), Some(3));
    workspace.apply();
    for task in names {
        let role = account.role(&format!("runner-{task}")).expect("it was made");
        assert_eq!(workspace.state().attribute(RUNNER, "roles")[task]["unique_id"], role.role_id());
    }
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn what_is_said_once_comes_to_every_task(site: &Site) {
    let workspace = site.workspace(&runner(
        r#"
  path                 = "/ci/"
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
  tags                 = { team = "platform", task = "any" }
  manages              = { services = ["sqs"] }
  state                = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner    = { tags = { task = "plan" }, description = "Plans." }
  applier    = { max_session_duration = 7200 }
  state_role = {}
  provisioners = {
    public-api = { permissions = { services = ["ecs"] } }
  }
"#,
    ));
    workspace.apply();
    let account = site.account();
    let tags = |task: &str| {
        BTreeMap::from([("team", "platform"), ("task", task)].map(|(k, v)| (k.into(), v.into())))
    };
    for (role, task) in [
        ("runner-terraform-planner", "plan"),
        ("runner-terraform-applier", "any"),
        ("runner-terraform-state", "any"),
        ("runner-provisioner-public-api", "any"),
    ] {
        let live = account.role(role).expect("it was made");
        assert_eq!(live.path(), "/ci/");
        assert_eq!(account.boundary(role).as_deref(), Some("arn:aws:iam::aws:policy/PowerUserAccess"));
        assert_eq!(account.tags(role), tags(task), "{role}");
    }
    let policy = |role: &str| account.inline_policies(role)["deployrunner"].to_string();
    assert!(policy("runner-terraform-planner").contains("sqs:GetQueueAttributes"));
    assert!(!policy("runner-terraform-planner").contains("sqs:CreateQueue"));
    assert!(policy("runner-terraform-applier").contains("sqs:CreateQueue"));
    for role in ["runner-terraform-planner", "runner-terraform-applier", "runner-terraform-state"] {
        assert!(policy(role).contains("acme-tfstate/prod/"), "{role} uses the state");
    }
    let provisioner = policy("runner-provisioner-public-api");
    assert!(provisioner.contains("ecs:CreateService") && !provisioner.contains("acme-tfstate"));
    workspace.plan().assert_empty();
    workspace.destroy();
}

/// The calls that change something.
fn changes(calls: Vec<String>) -> Vec<String> {
    let reads = ["Get", "List", "Assume"];
    let mut changes: Vec<String> =
        calls.into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect();
    changes.sort();
    changes
}

fn adding_renaming_and_removing_a_task_touch_only_its_role(site: &Site) {
    let account = site.account();
    let iam = r#"manages = { resource_types = ["aws_sqs_queue", "aws_iam_role"] }
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess""#;
    let with = |tasks: &str| runner(&format!("  {iam}\n  applier = {{}}\n{tasks}"));
    let workspace = site.workspace(&with(""));
    workspace.apply();
    let step = |tasks: &str, role: Option<&str>, expected: &[&str]| {
        workspace.rewrite(&with(tasks));
        let before = workspace.state().attribute(RUNNER, "roles").clone();
        let calls = changes(account.calls_during(|| drop(workspace.apply())));
        assert_eq!(calls, expected, "{tasks}");
        let after = workspace.state().attribute(RUNNER, "roles").clone();
        for (task, was) in before.as_object().into_iter().flatten() {
            if Some(task.as_str()) != role {
                assert_eq!(after[task], *was, "{task} stays as it is after {tasks}");
            }
        }
        workspace.plan().assert_empty();
    };
    step("  planner = {}", None, &["CreateRole", "PutRolePolicy"]);
    step(
        "  planner = { name = \"runner-plan\" }",
        Some("terraform-planner"),
        &["CreateRole", "DeleteRole", "DeleteRolePolicy", "PutRolePolicy"],
    );
    assert!(account.role("runner-terraform-planner").is_none() && account.role("runner-plan").is_some());
    step("", Some("terraform-planner"), &["DeleteRole", "DeleteRolePolicy"]);
    assert!(account.role("runner-plan").is_none());
    workspace.destroy();
}

fn a_name_goes_from_one_task_to_another(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let swapped = planner_and_applier("")
        .replace("planner = {}", "planner = { name = \"runner-terraform-applier\" }")
        .replace("applier = {}", "applier = { name = \"runner-terraform-planner\" }");
    workspace.rewrite(&swapped);
    workspace.apply();
    workspace.plan().assert_empty();
    let policy = site.account().inline_policies("runner-terraform-planner")["deployrunner"].to_string();
    assert!(policy.contains("sqs:CreateQueue"), "it is the applier's now: {policy}");
    workspace.destroy();
}

/// While the second step of one role is put off, the first steps of all are done.
fn roles_are_made_and_deleted_at_the_same_time(site: &Site) {
    let account = site.account();
    let before_the_third = |first: &str, second: &str, calls: Vec<String>| {
        let third = calls.iter().enumerate().filter(|(_, call)| *call == second).nth(2);
        let (third, _) = third.expect("it was put off twice");
        assert_eq!(calls[..third].iter().filter(|call| *call == first).count(), 2, "{calls:?}");
    };
    let busy = || Fault::error("ConcurrentModification").times(4);
    let workspace = site.workspace(&planner_and_applier(""));
    account.answer_with("PutRolePolicy", busy());
    before_the_third("CreateRole", "PutRolePolicy", account.calls_during(|| drop(workspace.apply())));
    account.answer_with("DeleteRole", busy());
    before_the_third("DeleteRolePolicy", "DeleteRole", account.calls_during(|| workspace.destroy()));
}

fn a_task_overrides_what_the_runner_says(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    workspace.rewrite(&runner(
        r#"
  manages = { services = ["sqs"] }
  planner = { permissions = { services = ["sns"] } }
  applier = { trust = { services = [{ service = "ecs-tasks.amazonaws.com" }] }, permissions = { allow_destroy = true } }
"#,
    ));
    workspace.apply();
    let account = site.account();
    let policy =
        |task: &str| account.inline_policies(&format!("runner-terraform-{task}"))["deployrunner"].to_string();
    assert!(policy("planner").contains("sns:") && !policy("planner").contains("sqs:"));
    assert!(policy("applier").contains("sqs:DeleteQueue"), "what it does not say is still the runner's");
    let roles = workspace.state().attribute(RUNNER, "roles").clone();
    let trust = |task: &str| roles[task]["assume_role_policy"].to_string();
    assert!(trust("terraform-applier").contains("ecs-tasks.amazonaws.com"));
    assert!(trust("terraform-planner").contains("codebuild.amazonaws.com"));
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn drift_of_one_role_is_shown_and_mended_there_alone(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let account = site.account();
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }] });
    account.put_inline_policy("runner-terraform-planner", "stray", &policy);
    let plan = workspace.plan();
    assert_eq!((plan.actions(RUNNER), plan.changed(RUNNER)), (vec!["update"], vec!["roles"]));
    assert!(plan.before(RUNNER)["roles"]["terraform-planner"]["inline_policies"]["stray"].is_string());
    assert_eq!(changes(account.calls_during(|| drop(workspace.apply()))), ["DeleteRolePolicy"]);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_role_deleted_outside_is_made_again_and_no_other(site: &Site) {
    let workspace = site.workspace(&planner_and_applier(""));
    workspace.apply();
    let account = site.account();
    account.delete_role("runner-terraform-planner");
    let plan = workspace.plan();
    assert_eq!(plan.actions(RUNNER), ["update"]);
    assert_eq!(changes(account.calls_during(|| drop(workspace.apply()))), ["CreateRole", "PutRolePolicy"]);
    workspace.plan().assert_empty();
    account.delete_role("runner-terraform-planner");
    account.delete_role("runner-terraform-applier");
    assert_eq!(workspace.plan().actions(RUNNER), ["create"], "without any role there is no runner");
    workspace.apply();
    workspace.destroy();
}

fn a_new_name_path_or_account_makes_a_new_runner(site: &Site) {
    let member = site.member_account("Access", None);
    let provider = r#"  account_role = { name = "Access" }"#;
    let first = planner_and_applier("");
    let workspace = site.workspace_with(provider, &first);
    workspace.apply();
    let renamed = first.replace("\"runner\"", "\"other\"");
    let moved = renamed.replace("name  =", "path = \"/ci/\"\n  name  =");
    let elsewhere = moved.replace("name  =", &format!("account_id = \"{}\"\n  name  =", member.id()));
    for next in [renamed, moved, elsewhere] {
        workspace.configure(provider, &next);
        assert_eq!(workspace.plan().actions(RUNNER), ["delete", "create"], "{next}");
        workspace.apply();
        workspace.plan().assert_empty();
    }
    assert!(member.role("other-terraform-planner").is_some());
    workspace.destroy();
}

fn a_runner_lives_in_a_member_account(site: &Site) {
    let member = site.member_account("Access", None);
    let provider = r#"  account_role = { name = "Access" }"#;
    let body = planner_and_applier(&format!("  account_id = \"{}\"", member.id()));
    let workspace = site.workspace_with(provider, &body);
    let arn = format!("arn:aws:iam::{}:role/runner-terraform-applier", member.id());
    assert_eq!(workspace.plan().after(RUNNER)["roles"]["terraform-applier"]["arn"], arn);
    workspace.apply();
    assert!(member.role("runner-terraform-applier").is_some());
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_protected_runner_keeps_every_role(site: &Site) {
    let protected = planner_and_applier("  deletion_protection = true");
    let workspace = site.workspace(&protected);
    workspace.apply();
    let says = ["The runner's roles are protected from deletion", "deletion_protection = false"];
    let refused = workspace.run(&["destroy", "-auto-approve", "-no-color"]);
    refused.assert_failed();
    refused.assert_says(&says);
    for next in [
        protected.replace("  planner = {}\n", ""),
        protected.replace("planner = {}", "planner = { name = \"plan\" }"),
        protected.replace("\"runner\"", "\"other\""),
    ] {
        workspace.rewrite(&next);
        workspace.plan_error(&says);
    }
    workspace.rewrite(&planner_and_applier("").replace("  planner = {}\n", ""));
    workspace.plan_error(&says);
    workspace.rewrite(&planner_and_applier(""));
    workspace.apply();
    workspace.destroy();
}

fn a_value_that_is_not_known_yet_is_told_at_apply(site: &Site) {
    let later = r#"
resource "deployrunner_task_role" "caller" {
  name_prefix = "caller-"
  task        = "custom"
  trust       = { services = [{ service = "codebuild.amazonaws.com" }] }
}
"#;
    let body = format!(
        "{later}{}",
        planner_and_applier(
            "  invoker = {\n    permissions = { inline_policies = { a = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sts:GetCallerIdentity\", Resource = \"*\", Condition = { StringEquals = { \"aws:PrincipalArn\" = deployrunner_task_role.caller.arn } } }] }) } }\n  }"
        )
    );
    let workspace = site.workspace(&body);
    let plan = workspace.plan();
    let roles = &plan.after(RUNNER)["roles"];
    assert!(roles["terraform-planner"]["inline_policies"].is_object(), "the others are told in full");
    assert!(roles["invoker"]["arn"].is_string() && !roles["invoker"]["policy_size"].is_object());
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

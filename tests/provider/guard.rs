//! The guard: a configuration that breaks the separation fails in the plan, and nothing was created.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", a_planner_with_one_stray_write_is_refused_in_the_plan)
        .on_each_emulator(a_policy_of_the_account_is_read_and_judged)
        .on_ministack(a_boundary_of_the_account_counts)
        .on_ministack(a_policy_that_aws_does_not_show_is_refused_on_a_planner)
        .on_ministack(a_policy_that_is_not_there_is_refused_on_a_planner)
        .on_ministack(what_is_not_known_at_plan_is_judged_before_the_first_write)
        .on_ministack(a_role_whose_name_is_made_up_is_judged)
        .on_ministack(a_rule_is_a_warning_or_off_where_somebody_says_so)
        .on_ministack(a_misspelt_rule_or_level_is_refused)
        .on_ministack(the_roles_of_a_runner_are_judged_against_each_other)
        .on_ministack(a_finding_in_a_runner_is_at_the_argument_that_it_came_from)
        .into_iter()
        .collect()
}

const ROLE: &str = "deployrunner_task_role.this";

fn allow(action: &str) -> String {
    format!(
        r#"jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "*" }}] }})"#
    )
}

/// A planner with these arguments beside name, task and trust.
fn planner(arguments: &str) -> String {
    format!(
        r#"
resource "deployrunner_task_role" "this" {{
  name  = "planner"
  task  = "terraform-planner"
  trust = {{ services = [{{ service = "codebuild.amazonaws.com" }}] }}
{arguments}
}}
"#
    )
}

fn with_policy(action: &str) -> String {
    planner(&format!("  permissions = {{ inline_policies = {{ stray = {} }} }}", allow(action)))
}

/// The calls of this account that change something.
fn changes(calls: Vec<String>) -> Vec<String> {
    let reads = ["Get", "List", "Assume"];
    calls.into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

fn a_planner_with_one_stray_write_is_refused_in_the_plan(site: &Site) {
    let workspace = site.workspace(&with_policy("sqs:SendMessage"));
    let calls = site.account().calls_during(|| {
        workspace.apply_error(&[
            "`planner-can-write`",
            "`stray`",
            "sqs:SendMessage",
            "Why it matters:",
            "Instead:",
            "permissions.inline_policies",
        ]);
    });
    assert_eq!(changes(calls), Vec::<String>::new());
    workspace.rewrite(&with_policy("sqs:GetQueueAttributes"));
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

/// A managed policy of the account that allows one action, and its ARN.
fn policy(site: &Site, name: &str, action: &str) -> String {
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] });
    let root = site.account();
    let call = root.iam().create_policy().policy_name(name).policy_document(document.to_string()).send();
    let made = root.must(call);
    made.policy.and_then(|policy| policy.arn).expect("a policy has an ARN")
}

fn forget(site: &Site, arn: &str) {
    let root = site.account();
    root.must(root.iam().delete_policy().policy_arn(arn).send());
}

fn a_policy_of_the_account_is_read_and_judged(site: &Site) {
    let reads = policy(site, "reads", "sqs:GetQueueAttributes");
    let writes = policy(site, "writes", "sqs:DeleteQueue");
    let with = |arn: &str| planner(&format!("  permissions = {{ managed_policy_arns = [\"{arn}\"] }}"));
    let workspace = site.workspace(&with(&writes));
    workspace.plan_error(&["`planner-can-write`", "sqs:DeleteQueue", "policy/writes"]);
    workspace.rewrite(&with(&reads));
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
    forget(site, &reads);
    forget(site, &writes);
}

fn a_boundary_of_the_account_counts(site: &Site) {
    let boundary = policy(site, "boundary", "sqs:Get*");
    let body = |arguments: &str| {
        planner(&format!(
            "{arguments}\n  permissions = {{ base = \"none\", inline_policies = {{ stray = {} }} }}",
            allow("sqs:*")
        ))
    };
    let workspace = site.workspace(&body(""));
    workspace.plan_error(&["`planner-can-write`"]);
    workspace.rewrite(&body(&format!("  permissions_boundary = \"{boundary}\"")));
    workspace.plan();
    forget(site, &boundary);
}

fn a_policy_that_aws_does_not_show_is_refused_on_a_planner(site: &Site) {
    let reads = policy(site, "reads", "sqs:GetQueueAttributes");
    let workspace =
        site.workspace(&planner(&format!("  permissions = {{ managed_policy_arns = [\"{reads}\"] }}")));
    site.account().answer_with("GetPolicy", crate::support::Fault::error("AccessDenied"));
    workspace.plan_error(&["`unknown-policy`", "policy/reads"]);
    forget(site, &reads);
}

fn a_policy_that_is_not_there_is_refused_on_a_planner(site: &Site) {
    for missing in [
        format!("arn:aws:iam::{}:policy/not-there", site.account().id()),
        "arn:aws:iam::aws:policy/ReadOnlyAcess".to_owned(),
    ] {
        let arguments = format!(
            "  permissions = {{ managed_policy_arns = [\"{missing}\"], inline_policies = {{ stray = {} }} }}",
            allow("sqs:SendMessage")
        );
        site.workspace(&planner(&arguments)).plan_error(&["`unknown-policy`", "`planner-can-write`"]);
    }
}

fn what_is_not_known_at_plan_is_judged_before_the_first_write(site: &Site) {
    let later = |action: &str| {
        format!(
            r#"
resource "terraform_data" "later" {{
  input = "{action}"
}}
{}"#,
            with_policy("${terraform_data.later.output}")
        )
    };
    let workspace = site.workspace(&later("sqs:SendMessage"));
    let plan = workspace.plan();
    assert_eq!(plan.actions(ROLE), ["create"], "nothing can be said of it yet");
    let calls = site.account().calls_during(|| {
        workspace.apply_error(&["`planner-can-write`", "sqs:SendMessage"]);
    });
    assert_eq!(changes(calls), Vec::<String>::new());
    workspace.rewrite(&later("sqs:GetQueueAttributes"));
    workspace.apply();
    workspace.destroy();
}

fn a_role_whose_name_is_made_up_is_judged(site: &Site) {
    let body = with_policy("sqs:SendMessage").replace("name  = \"planner\"", "name_prefix = \"planner-\"");
    site.workspace(&body).plan_error(&["`planner-can-write`", "planner-*"]);
}

fn a_rule_is_a_warning_or_off_where_somebody_says_so(site: &Site) {
    let bad = with_policy("sqs:SendMessage");
    let says = |workspace: &Workspace, texts: &[&str], not: &str| {
        let output = workspace.run(&["plan", "-no-color", "-input=false"]);
        output.assert_succeeded();
        output.assert_says(texts);
        assert!(!output.stdout.contains(not), "{output}");
    };
    let level = |level: &str| format!("guard = {{ planner-can-write = \"{level}\" }}");
    let on_role = |said: &str| bad.replace("name  =", &format!("{}\n  name  =", level(said)));
    let warned = ["Warning:", "sqs:SendMessage", "Why it matters:"];
    let off = ["Warning: Rules of the guard are off", "`planner-can-write`"];
    says(&site.workspace(&on_role("warn")), &warned, "are off");
    says(&site.workspace(&on_role("off")), &off, "Why it matters:");
    says(&site.workspace_with(&level("warn"), &bad), &warned, "are off");
    says(&site.workspace_with(&level("off"), &bad), &off, "Why it matters:");
    says(&site.workspace_with(&level("off"), &on_role("warn")), &warned, "are off");
    site.workspace_with(&level("off"), &on_role("deny")).plan_error(&["`planner-can-write`"]);
    let second = bad.replace("\"this\"", "\"second\"").replace("\"planner\"", "\"second\"");
    let both = site.workspace_with(&level("off"), &format!("{bad}{second}"));
    let told = both.run(&["plan", "-no-color", "-input=false"]);
    assert_eq!(told.stdout.matches("Rules of the guard are off").count(), 1, "{told}");
    assert!(!told.stdout.contains("similar warning"), "{told}");
}

fn a_misspelt_rule_or_level_is_refused(site: &Site) {
    let with = |guard: &str| {
        with_policy("sqs:GetQueueAttributes").replace("name  =", &format!("{guard}\n  name  ="))
    };
    site.workspace(&with("guard = { planner-can-wirte = \"off\" }")).validate_error(&[
        "The guard has no rule",
        "Did you mean",
        "`planner-can-write`",
    ]);
    site.workspace(&with("guard = { planner-can-write = \"none\" }"))
        .validate_error(&["`deny`, `warn` or `off`"]);
}

/// A runner with a planner, an applier, and `arguments`.
fn runner(arguments: &str) -> String {
    format!(
        r#"
resource "deployrunner_account_runner" "this" {{
  name  = "runner"
  trust = {{ github = [{{ repository = "acme/infra-live", branches = ["main"] }}] }}
{arguments}
}}
"#
    )
}

fn the_roles_of_a_runner_are_judged_against_each_other(site: &Site) {
    let account = site.account().id();
    let assume = format!(
        r#"jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::{account}:role/runner-terraform-applier" }}] }})"#
    );
    let body = runner(&format!(
        r#"
  manages = {{ services = ["sqs"] }}
  planner = {{ permissions = {{ inline_policies = {{ hop = {assume} }} }} }}
  applier = {{ trust = {{ aws = [{{ principals = ["arn:aws:iam::{account}:role/runner-terraform-planner"], match = "condition" }}] }} }}
"#
    ));
    site.workspace(&body).plan_error(&["`planner-can-escalate`", "runner-terraform-applier"]);
}

fn a_finding_in_a_runner_is_at_the_argument_that_it_came_from(site: &Site) {
    let open = runner("  manages = { services = [\"sqs\"] }\n  planner = {}\n  applier = {}")
        .replace("branches = [\"main\"]", "branches = [\"*\"]");
    let refused = site.workspace(&open).plan_error(&["`applier-trusts-unreviewed-code`"]);
    assert!(refused.stderr.contains("trust = {") || refused.stdout.contains("trust = {"), "{refused}");
    let stray = runner(&format!(
        "  planner = {{\n    permissions = {{\n      inline_policies = {{ stray = {} }}\n    }}\n  }}",
        allow("sqs:SendMessage")
    ));
    let refused =
        site.workspace(&stray).plan_error(&["`planner-can-write`", "planner.permissions.inline_policies"]);
    drop(refused);
}

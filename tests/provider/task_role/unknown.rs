//! Values that are not known at plan: what follows from them is unknown, the rest is not, and apply does what the
//! plan said.

use libtest_mimic::Trial;

use super::ROLE;
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", the_arn_of_another_new_role_is_known_in_the_plan)
        .on_each_terraform_since("1.0", what_is_unknown_in_trust_and_policies_is_filled_in_at_apply)
        .on_ministack(an_unknown_provider_block_is_an_error_that_names_the_attribute)
        .into_iter()
        .collect()
}

fn the_arn_of_another_new_role_is_known_in_the_plan(site: &Site) {
    let workspace = site.workspace(
        r#"
resource "deployrunner_task_role" "caller" {
  name  = "caller"
  task  = "invoker"
  trust = { services = [{ service = "codebuild.amazonaws.com" }] }
}

resource "deployrunner_task_role" "this" {
  name  = "runner-custom"
  task  = "custom"
  trust = { aws = [{ principals = [deployrunner_task_role.caller.arn] }] }
}
"#,
    );
    let plan = workspace.plan();
    let arn = format!("arn:aws:iam::{}:role/caller", site.account().id());
    assert!(plan.after(ROLE)["assume_role_policy"].as_str().is_some_and(|policy| policy.contains(&arn)));
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn what_is_unknown_in_trust_and_policies_is_filled_in_at_apply(site: &Site) {
    let workspace = site.workspace(
        r#"
resource "deployrunner_task_role" "caller" {
  name_prefix = "caller-"
  task        = "invoker"
  trust       = { services = [{ service = "codebuild.amazonaws.com" }] }
}

resource "deployrunner_task_role" "this" {
  name  = "runner-custom"
  task  = "custom"
  tags  = { caller = deployrunner_task_role.caller.unique_id, known = "yes" }
  trust = { aws = [{ principals = [deployrunner_task_role.caller.arn] }] }
  permissions = {
    inline_policies = {
      known = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }] })
      new = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = deployrunner_task_role.caller.arn }]
      })
    }
  }
}
"#,
    );
    let plan = workspace.plan();
    let unknown = plan.after_unknown(ROLE);
    assert_eq!(unknown["assume_role_policy"], true);
    assert_eq!(unknown["inline_policies"]["new"], true);
    assert_eq!(plan.after(ROLE)["inline_policies"]["known"].as_str().map(str::is_empty), Some(false));
    assert_eq!(unknown["arn"], serde_json::Value::Null, "the ARN does not depend on it");
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(site.account().inline_policies("runner-custom").len(), 2);
    workspace.destroy();
}

fn an_unknown_provider_block_is_an_error_that_names_the_attribute(site: &Site) {
    let workspace = site.workspace_with(
        "  assume_role = [{ role_arn = terraform_data.later.output }]",
        r#"
resource "terraform_data" "later" {
  input = "arn:aws:iam::111111111111:role/later"
}

resource "deployrunner_task_role" "this" {
  name  = "runner-custom"
  task  = "custom"
  trust = { services = [{ service = "codebuild.amazonaws.com" }] }
}
"#,
    );
    workspace.plan_error(&["The provider configuration is not known yet", "assume_role[0].role_arn"]);
    assert_eq!(site.account().role_names(), Vec::<String>::new());
}

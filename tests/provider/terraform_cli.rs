//! Each version of Terraform's CLI starts the provider, speaks to it, and takes it through a role's whole life.

use libtest_mimic::Trial;

use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", the_command_is_the_version_it_is_named_after)
        .on_each_terraform_since("1.0", the_provider_schema_is_read)
        .everywhere(a_role_is_created_planned_again_and_destroyed)
        .on_each_terraform_since("1.0", a_run_leaves_no_socket_behind)
        .into_iter()
        .collect()
}

const ROLE: &str = r#"
resource "deployrunner_task_role" "this" {
  name  = "terraform-cli"
  task  = "custom"
  trust = { services = [{ service = "codebuild.amazonaws.com" }] }
  permissions = {
    inline_policies = {
      logs = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }]
      })
    }
  }
}

output "arn" {
  value = deployrunner_task_role.this.arn
}
"#;

fn the_command_is_the_version_it_is_named_after(site: &Site) {
    let said = site.empty_workspace().run(&["version", "-json"]);
    said.assert_succeeded();
    said.assert_says(&[&format!(r#""terraform_version": "{}""#, site.terraform().version())]);
}

fn the_provider_schema_is_read(site: &Site) {
    let said = site.workspace(ROLE).run(&["providers", "schema", "-json"]);
    said.assert_succeeded();
    said.assert_says(&["deployrunner_task_role"]);
}

fn a_role_is_created_planned_again_and_destroyed(site: &Site) {
    let workspace = site.workspace(ROLE);
    workspace.validate();
    assert_eq!(workspace.plan().actions("deployrunner_task_role.this"), ["create"]);

    workspace.apply();
    workspace.plan().assert_empty();
    let arn = format!("arn:aws:iam::{}:role/terraform-cli", site.account().id());
    assert_eq!(workspace.output("arn"), arn);
    assert!(site.account().role("terraform-cli").is_some());

    workspace.destroy();
}

fn a_run_leaves_no_socket_behind(site: &Site) {
    let workspace = site.workspace(ROLE);
    workspace.plan();
    assert_eq!(workspace.temporary_files(), Vec::<String>::new());
}

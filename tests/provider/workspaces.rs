//! What the words of a [`Workspace`] mean, shown on a resource that is built into Terraform.
//!
//! Needs no provider: when these hold and the others do not, the fault is not in the test ground.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", a_plan_says_what_it_would_do)
        .on_each_terraform_since("1.8", what_is_unknown_is_told_from_what_is_null)
        .on_each_terraform_since("1.8", a_refusal_is_found_however_it_is_wrapped)
        .on_each_terraform_since("1.8", an_import_is_followed_by_an_empty_plan)
        .into_iter()
        .collect()
}

const DATA: &str = "terraform_data.this";

fn workspace(site: &Site, input: &str) -> Workspace {
    let workspace = site.empty_workspace();
    write(&workspace, input);
    workspace
}

fn write(workspace: &Workspace, input: &str) {
    let main = format!(
        r#"
resource "terraform_data" "this" {{
  input            = {input}
  triggers_replace = null
}}

variable "region" {{
  default = "nowhere"
}}

output "input" {{
  value = terraform_data.this.output
}}
"#
    );
    workspace.write("main.tf", &main);
}

fn a_plan_says_what_it_would_do(site: &Site) {
    let workspace = workspace(site, r#""first""#);
    let plan = workspace.plan();
    assert_eq!((plan.is_empty(), plan.actions(DATA)), (false, vec!["create"]));

    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(workspace.output("input"), "first");

    write(&workspace, "var.region");
    workspace.set("TF_VAR_region", "second");
    let plan = workspace.plan();
    assert_eq!(plan.actions(DATA), ["update"]);
    assert_eq!(plan.changed(DATA), ["input", "output"]);
    assert_eq!(
        (&plan.before(DATA)["input"], &plan.after(DATA)["input"]),
        (&json!("first"), &json!("second"))
    );
    assert_eq!(plan.drifted(), Vec::<&str>::new());
    assert_eq!(workspace.plan_with(&["-destroy"]).actions(DATA), ["delete"]);
    assert_eq!(workspace.plan_with(&["-replace", DATA]).actions(DATA), ["delete", "create"]);
    workspace.destroy();
}

fn what_is_unknown_is_told_from_what_is_null(site: &Site) {
    let workspace = workspace(site, "null");
    let plan = workspace.plan();
    assert_eq!(plan.after_unknown(DATA)["id"], true);
    assert_eq!(plan.after(DATA)["input"], json!(null));

    workspace.apply_with(&["-parallelism=1"]);
    let state = workspace.state();
    assert_eq!(state.attribute(DATA, "input"), &json!(null));
    assert_eq!(state.text(DATA, "id").len(), 36);
    workspace.destroy();
}

fn a_refusal_is_found_however_it_is_wrapped(site: &Site) {
    let long =
        "this sentence is so long that Terraform breaks it over more than one line of its eighty columns";
    let workspace = workspace(site, &format!(r#"file("{long}")"#));
    workspace.validate_error(&["no file exists at", long]);
    workspace.plan_error(&[long]);
    workspace.apply_error(&[long]);
    workspace.import_error("terraform_data.other", "id", &["terraform_data.other", "does not exist"]);
}

fn an_import_is_followed_by_an_empty_plan(site: &Site) {
    let workspace = workspace(site, "null");
    workspace.import(DATA, "an-id");
    assert_eq!(workspace.state().addresses(), [DATA]);
    workspace.validate();
    workspace.plan().assert_empty();
    workspace.destroy();
}

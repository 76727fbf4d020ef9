//! Terraform's AWS provider under the roles that `permissions` gives for a resource type, with IAM enforced: the applier
//! creates, changes and refreshes a resource of the type, and deletes it once it may; the planner sees it and changes
//! nothing.
//!
//! Owns what is tried. The types are in `least_privilege/cases.rs`, their configurations in files beside it: a resource
//! `this` made by the role under trial, and what it stands on, made by the account's root. `setting.tf` belongs to all.

mod cases;
mod stack;

use std::collections::BTreeSet;
use std::fs;

use libtest_mimic::Trial;

use self::cases::{CASES, Case};
use self::stack::{Stack, Stage};
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    let of_case = |case: &'static Case| {
        let claim =
            format!("least_privilege::the_roles_for_{}_do_their_task_and_no_more", case.resource_type);
        (claim, move |site: &Site| the_roles_do_their_task_and_no_more(site, case))
    };
    let trials = CASES
        .iter()
        .map(of_case)
        .fold(ground.trials(), |trials, (claim, test)| trials.of_table(&claim, test));
    let whole = Trial::test("least_privilege::every_configuration_is_tried", || {
        every_configuration_is_tried();
        Ok(())
    });
    trials.into_iter().chain([whole]).collect()
}

const PLANNER: &str = "ci-terraform-planner";
const APPLIER: &str = "ci-terraform-applier";

/// The applier works under it, and so do the roles that it makes.
const BOUNDARY: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn the_roles_do_their_task_and_no_more(site: &Site, case: &Case) {
    let roles = site.workspace(&roles(site, case, false));
    roles.apply();
    let stack = Stack::new(site, case.resource_type);

    stack.set(APPLIER, Stage::Before);
    stack.apply().assert_succeeded();
    stack.destroy().assert_refused(case.deleted_by);
    stack.set(PLANNER, Stage::After);
    stack.apply().assert_refused("");

    // Nothing of the two refused runs has happened, and the planner can tell.
    stack.set(PLANNER, Stage::Before);
    stack.assert_no_changes();
    stack.set(APPLIER, Stage::After);
    stack.apply().assert_says(&["0 added, 1 changed, 0 destroyed"]);
    stack.assert_no_changes();

    roles.rewrite(&self::roles(site, case, true));
    roles.apply();
    stack.destroy().assert_succeeded();
    roles.destroy();
}

/// The configuration of both roles.
fn roles(site: &Site, case: &Case, allow_destroy: bool) -> String {
    let account = site.account().id();
    let role = |task: &str, arguments: &str, permissions: &str| {
        format!(
            r#"
resource "deployrunner_task_role" "{task}" {{
  name  = "ci-{task}"
  task  = "{task}"
  trust = {{ aws = [{{ principals = ["{account}"] }}] }}
{arguments}
  permissions = {{
    resource_types = ["{}"]
{}
  }}
}}
"#,
            case.resource_type,
            permissions.replace("ACCOUNT", account)
        )
    };
    let limits = format!("  permissions_boundary = \"{BOUNDARY}\"\n");
    let applier = format!("    allow_destroy = {allow_destroy}\n{}", case.applier);
    role("terraform-planner", "", case.planner) + &role("terraform-applier", &limits, &applier)
}

fn every_configuration_is_tried() {
    let names =
        fs::read_dir(stack::folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let written: BTreeSet<String> = names
        .filter_map(|name| Some(name.strip_suffix(".tf")?.to_owned()))
        .filter(|name| name != stack::SETTING)
        .collect();
    let tried: BTreeSet<String> = CASES.iter().map(|case| case.resource_type.to_owned()).collect();
    assert_eq!(written, tried);
}

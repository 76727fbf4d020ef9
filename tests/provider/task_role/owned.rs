//! Permissions that do not fit inline: the policies that a role owns show in the plan, come and go with what is asked
//! for, and outlive nothing.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ROLE, TRUST};
use crate::support::{Fault, Ground, Plan, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(what_does_not_fit_inline_is_shown_owned_and_gone_with_the_role)
        .on_each_emulator(every_drift_of_an_owned_policy_is_seen_and_put_right)
        .on_ministack(owned_policies_are_named_after_a_generated_name)
        .on_ministack(a_half_made_policy_is_finished_by_the_next_apply)
        .on_ministack(an_update_that_fails_half_way_forgets_no_policy)
        .on_ministack(a_policy_of_the_name_that_is_not_ours_is_told_and_left_alone)
        .on_ministack(a_deleted_role_leaves_policies_that_are_told_and_taken_over)
        .on_ministack(an_imported_role_takes_over_its_policies)
        .on_ministack(a_role_in_another_path_is_replaced_with_its_policies)
        .into_iter()
        .collect()
}

const NAME: &str = "runner";
/// More than fits into inline policies.
const MANY: &str = r#"["ec2", "rds", "s3"]"#;

fn planner(services: &str, arguments: &str) -> String {
    format!(
        r#"
resource "deployrunner_task_role" "this" {{
  task        = "terraform-planner"
  permissions = {{ services = {services} }}
{TRUST}
{arguments}
}}
"#
    )
}

fn named(services: &str) -> String {
    planner(services, &format!("  name = \"{NAME}\""))
}

/// The owned policies that a resource shows: documents by ARN.
fn shown(resource: &Value) -> BTreeMap<String, Value> {
    let shown = resource["managed_policies"].as_object().unwrap().values();
    let parsed = shown.map(|text| serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap());
    let owned = parsed.filter(|shown| shown.get("PolicyDocument").is_some());
    owned
        .map(|shown| (shown["PolicyArn"].as_str().unwrap().to_owned(), shown["PolicyDocument"].clone()))
        .collect()
}

/// Owned policies that are planned, by ARN.
fn planned(plan: &Plan) -> BTreeMap<String, Value> {
    shown(plan.after(ROLE))
}

/// Fails unless the account has just these customer-managed policies, each attached and with its document.
#[track_caller]
fn assert_held(site: &Site, role: &str, owned: &BTreeMap<String, Value>) {
    let account = site.account();
    assert_eq!(account.policy_documents(), *owned);
    assert_eq!(account.attached_policies(role), owned.keys().cloned().collect());
}

fn what_does_not_fit_inline_is_shown_owned_and_gone_with_the_role(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    let plan = workspace.plan();
    let before = planned(&plan);
    assert!(before.len() > 2, "{:?}", before.keys());
    assert_eq!(plan.after(ROLE)["policy_size"]["managed_policies"]["used"], json!(before.len()));
    workspace.apply();
    assert_held(site, NAME, &before);
    workspace.plan().assert_empty();

    workspace.rewrite(&named(r#"["ec2", "rds", "s3", "sqs"]"#));
    let plan = workspace.plan();
    assert_eq!(plan.actions(ROLE), ["update"]);
    let after = planned(&plan);
    let changed = after.iter().filter(|(arn, document)| before.get(*arn) != Some(*document)).count();
    assert_eq!(changed, 1, "one more service changes one policy");
    workspace.apply();
    assert_held(site, NAME, &after);
    workspace.plan().assert_empty();

    workspace.rewrite(&named(r#"["s3"]"#));
    workspace.apply();
    assert_held(site, NAME, &BTreeMap::new());
    workspace.plan().assert_empty();
    workspace.rewrite(&named(MANY));
    workspace.apply();
    workspace.destroy();
    assert_eq!(site.account().policy_documents(), BTreeMap::new());
}

fn every_drift_of_an_owned_policy_is_seen_and_put_right(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    let owned = planned(&workspace.plan());
    let arn = owned.keys().next().unwrap();
    workspace.apply();
    let account = site.account();
    let other = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let changes: [(&str, &dyn Fn()); 3] = [
        ("changed", &|| account.change_policy(arn, &other)),
        ("detached", &|| account.detach(NAME, arn)),
        ("deleted", &|| {
            account.detach(NAME, arn);
            account.delete_policy(arn);
        }),
    ];
    for (what, change) in changes {
        change();
        let plan = workspace.plan();
        assert_eq!(plan.actions(ROLE), ["update"], "{what}");
        assert!(plan.changed(ROLE).contains(&"managed_policies"), "{what}: {:?}", plan.changed(ROLE));
        workspace.apply();
        assert_held(site, NAME, &owned);
        workspace.plan().assert_empty();
    }
    // The same in other words is no drift.
    let mut reordered = owned[arn].clone();
    reordered["Statement"].as_array_mut().unwrap().reverse();
    account.change_policy(arn, &reordered);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn owned_policies_are_named_after_a_generated_name(site: &Site) {
    let workspace = site.workspace(&planner(MANY, "  name_prefix = \"runner-\""));
    assert_eq!(workspace.plan().after_unknown(ROLE)["managed_policies"], json!(true));
    workspace.apply();
    let state = workspace.state();
    let (name, held) =
        (state.text(ROLE, "name").to_owned(), state.attribute(ROLE, "managed_policies").clone());
    let owned = shown(&json!({ "managed_policies": held }));
    assert!(!owned.is_empty() && owned.keys().all(|arn| arn.contains(&format!("policy/{name}-"))));
    assert_held(site, &name, &owned);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_half_made_policy_is_finished_by_the_next_apply(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    let owned = planned(&workspace.plan());
    let account = site.account();
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied").times(10));
    workspace.apply_error(&["Cannot create the role runner", "AccessDenied"]);
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied").times(0));
    assert_eq!(account.policy_documents(), owned, "they were made");
    let state = workspace.state();
    let remembered = state.attribute(ROLE, "managed_policies").as_object().unwrap();
    assert!(remembered.values().all(|text| text.as_str().unwrap().contains(r#""Attached":false"#)));
    workspace.apply();
    assert_held(site, NAME, &owned);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_update_that_fails_half_way_forgets_no_policy(site: &Site) {
    let workspace = site.workspace(&named(r#"["s3"]"#));
    workspace.apply();
    workspace.rewrite(&named(MANY));
    let owned = planned(&workspace.plan());
    let account = site.account();
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied").times(10));
    workspace.apply_error(&["Cannot update the role runner", "AccessDenied"]);
    account.answer_with("AttachRolePolicy", Fault::error("AccessDenied").times(0));
    assert_eq!(account.policy_documents(), owned, "they were made");
    assert_eq!(workspace.plan_with(&["-refresh=false"]).actions(ROLE), ["update"]);
    // What was made on the way to something is deleted on the way back.
    workspace.rewrite(&named(r#"["s3"]"#));
    workspace.apply();
    assert_eq!(account.policy_documents(), BTreeMap::new());
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_policy_of_the_name_that_is_not_ours_is_told_and_left_alone(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    let owned = planned(&workspace.plan());
    let (account, taken) = (site.account(), owned.keys().next().unwrap());
    let theirs = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ec2:*", "Resource": "*" }] });
    account.create_policy(taken.rsplit('/').next().unwrap(), &theirs);
    let said = workspace.apply_error(&["EntityAlreadyExists", taken, "It was left as it is"]);
    assert!(!said.says("The role runner exists already"));
    assert_eq!(account.policy_documents()[taken], theirs);
    account.delete_policy(taken);
    workspace.apply();
    assert_held(site, NAME, &owned);
    workspace.destroy();
}

fn a_deleted_role_leaves_policies_that_are_told_and_taken_over(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    let owned = planned(&workspace.plan());
    workspace.apply();
    site.account().delete_role(NAME);
    let said = workspace.run(&["plan", "-no-color"]);
    said.assert_succeeded();
    said.assert_says(&["A deleted role left policies behind", owned.keys().next().unwrap()]);
    workspace.apply();
    assert_held(site, NAME, &owned);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_imported_role_takes_over_its_policies(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    workspace.apply();
    let owned = shown(workspace.plan().before(ROLE));
    workspace.run(&["state", "rm", ROLE]).assert_succeeded();
    workspace.import(ROLE, NAME);
    workspace.apply();
    assert_held(site, NAME, &owned);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_role_in_another_path_is_replaced_with_its_policies(site: &Site) {
    let workspace = site.workspace(&named(MANY));
    workspace.apply();
    workspace.rewrite(&planner(MANY, "  name = \"runner\"\n  path = \"/ci/\"\n  tags = { team = \"x\" }"));
    workspace.apply();
    let documents = site.account().policy_documents();
    assert!(!documents.is_empty() && documents.keys().all(|arn| arn.contains(":policy/ci/runner-")));
    for arn in documents.keys() {
        assert_eq!(site.account().policy_tags(arn), [("team".to_owned(), "x".to_owned())].into());
    }
    workspace.plan().assert_empty();
    workspace.destroy();
}

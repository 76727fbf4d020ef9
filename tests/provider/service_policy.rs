//! `deployrunner_service_policy`: services and access levels become a policy, and a misspelt one is refused where it is.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", all_actions_of_a_level_are_in_the_policy)
        .on_ministack(resources_limit_what_can_be_limited_and_nothing_else_is_granted)
        .on_ministack(a_policy_can_deny)
        .on_ministack(what_is_not_known_yet_is_read_at_apply)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const ADDRESS: &str = "data.deployrunner_service_policy.this";

fn with(arguments: &str) -> String {
    format!("data \"deployrunner_service_policy\" \"this\" {{\n{arguments}\n}}\n")
}

/// The data source's attributes after an apply. It calls nobody: there is no provider block, and so no endpoint.
fn read(site: &Site, arguments: &str) -> impl Fn(&str) -> Value + use<> {
    let workspace = site.empty_workspace();
    workspace.write("main.tf", &with(arguments));
    workspace.write("versions.tf", "terraform {\n  required_providers {\n    deployrunner = { source = \"deployrunner/deployrunner\" }\n  }\n}\n");
    workspace.apply();
    let state = workspace.state();
    move |name| state.attribute(ADDRESS, name).clone()
}

fn document(json: &Value) -> Value {
    serde_json::from_str(json.as_str().unwrap()).unwrap()
}

fn all_actions_of_a_level_are_in_the_policy(site: &Site) {
    let found = read(site, "services = [\"sts\"]\naccess_levels = [\"read\", \"tagging\"]");
    let actions = found("actions");
    let names: Vec<&str> = actions.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(names.contains(&"sts:GetCallerIdentity") && names.contains(&"sts:TagSession"), "{names:?}");
    assert!(!names.contains(&"sts:AssumeRole") && names.is_sorted(), "{names:?}");
    let statement = &document(&found("json"))["Statement"][0];
    assert_eq!((&statement["Effect"], &statement["Resource"]), (&json!("Allow"), &json!("*")));
    assert_eq!(statement["Action"], actions);
    let (json, minified) = (found("json"), found("minified_json"));
    assert!(minified.as_str().unwrap().len() < json.as_str().unwrap().len());
    assert_eq!((found("unscoped_actions"), found("out_of_scope_actions")), (json!([]), json!([])));
    assert!(found("catalog_date").as_str().unwrap().starts_with("20"));
}

fn resources_limit_what_can_be_limited_and_nothing_else_is_granted(site: &Site) {
    let bucket = "arn:aws:s3:::state";
    let found = read(
        site,
        &format!(
            "services = [\"s3\", \"sqs\"]\naccess_levels = [\"list\", \"read\"]\nresources = [\"{bucket}\", \"{bucket}/*\"]"
        ),
    );
    let policy = document(&found("json"));
    let on = |resource: &str| {
        let statements = policy["Statement"].as_array().unwrap();
        statements.iter().find(|one| one["Resource"] == resource).unwrap()["Action"].to_string()
    };
    assert!(on(bucket).contains("s3:ListBucket\"") && !on(bucket).contains("s3:GetObject\""));
    let objects = on(&format!("{bucket}/*"));
    assert!(objects.contains("s3:GetObject\"") && !objects.contains("s3:ListBucket\""));
    assert!(!policy.to_string().contains("\"*\""), "nothing is granted on everything");
    assert!(found("unscoped_actions").to_string().contains("s3:ListAllMyBuckets"));
    assert!(found("out_of_scope_actions").to_string().contains("sqs:ReceiveMessage"));
}

fn a_policy_can_deny(site: &Site) {
    let found =
        read(site, "services = [\"iam\"]\naccess_levels = [\"permissions-management\"]\neffect = \"Deny\"");
    assert_eq!(document(&found("json"))["Statement"][0]["Effect"], "Deny");
    assert_eq!(document(&found("minified_json"))["Statement"]["Effect"], "Deny");
}

fn what_is_not_known_yet_is_read_at_apply(site: &Site) {
    let body = with(
        "services = [\"iam\"]\naccess_levels = [\"read\"]\nresources = [\"arn:aws:iam::111122223333:role/${deployrunner_task_role.this.unique_id}\"]",
    );
    let role = "resource \"deployrunner_task_role\" \"this\" {\n  name = \"runner\"\n  task = \"custom\"\n  trust = { services = [{ service = \"codebuild.amazonaws.com\" }] }\n}\n";
    let workspace = site.workspace(&(body + role));
    assert_eq!(workspace.plan().after_unknown(ADDRESS)["json"], true);
    workspace.apply();
    assert!(workspace.state().text(ADDRESS, "json").contains("iam:GetRole"));
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let s3 = |more: &str| format!("services = [\"s3\"]\naccess_levels = [\"read\"]\n{more}");
    let workspace = site.workspace("");
    for (arguments, texts) in [
        (
            "services = [\"dinamodb\"]\naccess_levels = [\"read\"]".to_owned(),
            ["services = [\"dinamodb\"]", "Did you mean \"dynamodb\"?"],
        ),
        (
            "services = [\"s3\"]\naccess_levels = [\"reed\"]".to_owned(),
            ["access_levels = [\"reed\"]", "Did you mean \"read\"?"],
        ),
        (
            "services = [\"s3\"]\naccess_levels = []".to_owned(),
            ["access_levels = []", "`access_levels` is empty"],
        ),
        (
            "services = [\"sts\"]\naccess_levels = [\"permissions-management\"]".to_owned(),
            ["access_levels = ", "None of these services has an action of any of these levels"],
        ),
        (s3("resources = [\"*\"]"), ["resources = [\"*\"]", "`*` limits nothing"]),
        (s3("resources = [\"state/*\"]"), ["resources = ", "does not start with `arn:`"]),
        (
            s3("resources = [\"arn:aws:sqs:eu-west-1:111122223333:jobs\"]"),
            ["resources = ", "is done to `arn:aws:sqs:eu-west-1:111122223333:jobs`"],
        ),
        (s3("effect = \"deny\""), ["effect = \"deny\"", "Did you mean \"Deny\"?"]),
        (
            s3("resource = [\"*\"]"),
            ["An argument named \"resource\" is not expected", "Did you mean \"resources\"?"],
        ),
    ] {
        workspace.rewrite(&with(&arguments));
        workspace.plan_error(&texts);
    }
}

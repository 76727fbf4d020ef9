//! `deployrunner_resource_type_policy`: what operations on resources take becomes a policy, gaps are told, and no role
//! is handed over unnamed.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", reading_takes_less_than_making)
        .on_ministack(a_type_has_three_names)
        .on_ministack(only_named_roles_are_handed_over)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const ADDRESS: &str = "data.deployrunner_resource_type_policy.this";

fn with(arguments: &str) -> String {
    format!("data \"deployrunner_resource_type_policy\" \"this\" {{\n{arguments}\n}}\n")
}

/// The data source's attributes after an apply.
fn read(site: &Site, arguments: &str) -> impl Fn(&str) -> Value + use<> {
    let workspace = site.workspace(&with(arguments));
    workspace.apply();
    let state = workspace.state();
    move |name| state.attribute(ADDRESS, name).clone()
}

fn has(actions: &Value, action: &str) -> bool {
    actions.as_array().unwrap().iter().any(|one| one == action)
}

fn reading_takes_less_than_making(site: &Site) {
    let reading = read(site, "resource_types = [\"aws_s3_bucket\"]\noperations = [\"read\"]");
    let making = read(site, "resource_types = [\"aws_s3_bucket\"]\noperations = [\"create\", \"delete\"]");
    let (read, made) = (reading("actions"), making("actions"));
    assert!(has(&read, "s3:GetBucketVersioning") && !has(&read, "s3:CreateBucket"), "{read}");
    assert!(has(&made, "s3:CreateBucket") && has(&made, "s3:DeleteBucket"), "{made}");
    let policy: Value = serde_json::from_str(reading("json").as_str().unwrap()).unwrap();
    assert_eq!(policy["Statement"][0]["Action"], read);
    assert!(reading("minified_json").as_str().unwrap().len() < reading("json").as_str().unwrap().len());
    assert_eq!((reading("unknown_operations"), reading("passes_role")), (json!([]), json!(false)));
    assert!(reading("catalog_date").as_str().unwrap().starts_with("20"));
}

fn a_type_has_three_names(site: &Site) {
    let of = |name: &str| {
        read(site, &format!("resource_types = [\"{name}\"]\noperations = [\"delete\"]"))("actions")
    };
    let actions = of("AWS::SQS::Queue");
    assert!(has(&actions, "sqs:DeleteQueue"), "{actions}");
    assert_eq!(actions, of("awscc_sqs_queue"));
    assert!(has(&of("aws_sqs_queue"), "sqs:DeleteQueue"));
}

fn only_named_roles_are_handed_over(site: &Site) {
    let function = "resource_types = [\"aws_lambda_function\"]\noperations = [\"create\"]";
    let without = read(site, function);
    assert_eq!(without("passes_role"), true);
    assert!(!has(&without("actions"), "iam:PassRole"));
    assert!(!without("minified_json").as_str().unwrap().to_lowercase().contains("iam:pass"));
    let role = "arn:aws:iam::111122223333:role/service/worker";
    let named = read(site, &format!("{function}\npass_role_arns = [\"{role}\"]"));
    assert!(has(&named("actions"), "iam:PassRole"));
    let policy: Value = serde_json::from_str(named("json").as_str().unwrap()).unwrap();
    let passing = &policy["Statement"][1];
    assert_eq!((&passing["Action"], &passing["Resource"]), (&json!("iam:PassRole"), &json!(role)));
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    for (arguments, texts) in [
        (
            "resource_types = [\"aws_s3_buckett\"]\noperations = [\"read\"]",
            ["resource_types = [\"aws_s3_buckett\"]", "did you mean `aws_s3_bucket`"],
        ),
        (
            "resource_types = [\"AWS::S3::Buket\"]\noperations = [\"read\"]",
            ["resource_types = ", "did you mean `AWS::S3::Bucket`"],
        ),
        (
            "resource_types = [\"aws_s3_bucket\"]\noperations = [\"reed\"]",
            ["operations = [\"reed\"]", "Did you mean \"read\"?"],
        ),
        (
            "resource_types = []\noperations = [\"read\"]",
            ["resource_types = []", "`resource_types` is empty"],
        ),
        (
            "resource_types = [\"aws_s3_bucket\"]\noperations = [\"read\"]\npass_role_arns = [\"*\"]",
            ["pass_role_arns = [\"*\"]", "A role ARN looks like"],
        ),
        (
            "resource_type = [\"aws_s3_bucket\"]\noperations = [\"read\"]",
            ["An argument named \"resource_type\" is not expected", "Did you mean \"resource_types\"?"],
        ),
    ] {
        workspace.rewrite(&with(arguments));
        workspace.plan_error(&texts);
    }
}

//! `deployrunner_policy_analysis`: what the holder of some policies can do, and a helpful error for what is no policy.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", findings_are_objects_to_ask)
        .on_ministack(a_harmless_policy_has_no_findings)
        .on_ministack(a_boundary_takes_away)
        .on_ministack(an_aws_managed_policy_is_judged_in_a_named_version)
        .on_ministack(a_condition_on_the_caller_is_decided_once_the_role_is_known)
        .on_ministack(a_condition_on_the_resources_account_leaves_the_action_uncertain)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const ADDRESS: &str = "data.deployrunner_policy_analysis.this";

fn with(arguments: &str) -> String {
    format!("data \"deployrunner_policy_analysis\" \"this\" {{\n{arguments}\n}}\n")
}

/// A list of one policy with these statements.
fn policies(statements: &str) -> String {
    format!("policies = [jsonencode({{ Version = \"2012-10-17\", Statement = [{statements}] }})]")
}

/// The data source's attributes after an apply.
fn read(site: &Site, arguments: &str) -> impl Fn(&str) -> Value + use<> {
    let workspace = site.workspace(&with(arguments));
    workspace.apply();
    workspace.plan().assert_empty();
    let state = workspace.state();
    move |name| state.attribute(ADDRESS, name).clone()
}

fn findings_are_objects_to_ask(site: &Site) {
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-*";
    let statements = [
        format!(
            "{{ Effect = \"Allow\", Action = \"secretsmanager:GetSecretValue\", Resource = \"{secret}\" }}"
        ),
        "{ Effect = \"Allow\", Action = [\"iam:PutRolePolicy\", \"s3:GetObjct\"], Resource = \"*\" }"
            .to_owned(),
        "{ Effect = \"Allow\", Action = \"s3:ListAllMyBuckets\", Resource = \"arn:aws:s3:::bucket\" }"
            .to_owned(),
    ];
    let found = read(site, &policies(&statements.join(", ")));
    let actions = found("actions");
    assert_eq!(actions["read"], json!(["secretsmanager:GetSecretValue"]));
    assert_eq!(actions["permissions-management"], json!(["iam:PutRolePolicy"]));
    assert_eq!((&actions["write"], &actions["tagging"]), (&json!([]), &json!([])));
    assert_eq!(found("services")["secretsmanager"], json!(["read"]));
    let unknown = &found("unknown_actions")[0];
    assert_eq!((&unknown["action"], &unknown["nearest"]), (&json!("s3:GetObjct"), &json!("s3:GetObject")));
    let read = &found("secrets")[0];
    assert_eq!(read["action"], "secretsmanager:GetSecretValue");
    assert_eq!((&read["tier"], &read["resources"]), (&json!("credential"), &json!([secret])));
    assert!(read["witness_resource"].as_str().unwrap().starts_with("arn:aws:secretsmanager:"));
    assert!(read["reason"].as_str().unwrap().contains("`policies[0]`"), "{read}");
    let path = &found("escalation_paths")[0];
    assert_eq!((&path["actions"], &path["certain"]), (&json!(["iam:PutRolePolicy"]), &json!(true)), "{path}");
    let void = &found("ineffective_scopes")[0];
    assert_eq!((&void["action"], &void["effect"]), (&json!("s3:ListAllMyBuckets"), &json!("Allow")));
    assert_eq!(void["resource_types"], json!([]));
    assert_eq!(found("inline_policy_size")["quota"], 10_240);
    assert_eq!(found("managed_policy_sizes")[0]["quota"], 6_144);
    assert_eq!(found("managed_policies"), json!([]));
    assert!(found("catalog_date").as_str().unwrap().starts_with("20"));
}

fn a_harmless_policy_has_no_findings(site: &Site) {
    let found =
        read(site, &policies("{ Effect = \"Allow\", Action = \"ec2:DescribeVpcs\", Resource = \"*\" }"));
    assert_eq!(found("actions")["list"], json!(["ec2:DescribeVpcs"]));
    for name in ["unknown_actions", "secrets", "escalation_paths", "ineffective_scopes", "uncertain_actions"]
    {
        assert_eq!(found(name), json!([]), "{name}");
    }
}

fn a_boundary_takes_away(site: &Site) {
    let all = policies("{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }");
    let boundary = "permissions_boundary = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sqs:List*\", Resource = \"*\" }] })";
    let found = read(site, &format!("{all}\n{boundary}"));
    assert_eq!(found("services").as_object().unwrap().keys().collect::<Vec<_>>(), ["sqs"]);
    assert_eq!(found("actions")["write"], json!([]));
    assert_eq!(found("escalation_paths"), json!([]));
}

fn an_aws_managed_policy_is_judged_in_a_named_version(site: &Site) {
    let arn = "arn:aws:iam::aws:policy/SecurityAudit";
    let found = read(site, &format!("managed_policy_arns = [\"{arn}\"]"));
    let judged = &found("managed_policies")[0];
    assert_eq!(judged["arn"], arn);
    assert!(judged["version"].as_str().unwrap().starts_with('v'), "{judged}");
    assert!(found("actions")["read"].to_string().contains("iam:GetRole\""));
    assert!(found("secrets").to_string().contains("lambda:GetFunctionConfiguration"));
    assert_eq!(found("managed_policy_sizes"), json!([]));
}

fn a_condition_on_the_caller_is_decided_once_the_role_is_known(site: &Site) {
    let conditional = policies(
        "{ Effect = \"Allow\", Action = \"sqs:ListQueues\", Resource = \"*\", Condition = { ArnEquals = { \"aws:PrincipalArn\" = \"arn:aws:iam::111122223333:role/other\" } } }",
    );
    let all = read(site, &conditional);
    assert!(all("services").as_object().unwrap().contains_key("sqs"));
    let role = |name: &str| {
        let arguments = format!("{conditional}\nrole_arn = \"arn:aws:iam::111122223333:role/{name}\"");
        read(site, &arguments)("services")
    };
    assert_eq!(role("planner"), json!({}));
    assert!(role("other").as_object().unwrap().contains_key("sqs"));
}

fn a_condition_on_the_resources_account_leaves_the_action_uncertain(site: &Site) {
    let conditional = policies(
        "{ Effect = \"Allow\", Action = \"sqs:SendMessage\", Resource = \"*\", Condition = { StringEquals = { \"aws:ResourceAccount\" = \"111122223333\" } } }",
    );
    let found = read(site, &conditional);
    assert_eq!(found("actions")["write"], json!(["sqs:SendMessage"]), "never less than what may be");
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    let good = policies("{ Effect = \"Allow\", Action = \"sqs:ListQueues\", Resource = \"*\" }");
    let bad = policies("{ Effect = \"allow\", Action = \"sqs:ListQueues\", Resource = \"*\" }");
    let with_good = |more: &str| format!("{good}\n{more}");
    for (arguments, texts) in [
        (String::new(), ["There is nothing to analyze", "`managed_policy_arns`"]),
        (bad, ["policies = [", "`Statement[0].Effect`"]),
        (
            with_good("managed_policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAcces\"]"),
            ["managed_policy_arns = ", "did you mean `arn:aws:iam::aws:policy/ReadOnlyAccess`"],
        ),
        (
            with_good("managed_policy_arns = [\"arn:aws:iam::111122223333:policy/Mine\"]"),
            ["managed_policy_arns = ", "Give its document in `policies`"],
        ),
        (
            with_good("managed_policy_arns = [\"ReadOnlyAccess\"]"),
            ["managed_policy_arns = ", "A policy ARN looks like"],
        ),
        (with_good("permissions_boundary = \"{}\""), ["permissions_boundary = ", "missing `Statement`"]),
        (
            with_good("permissions_boundary = \"arn:aws:iam::111122223333:policy/Mine\""),
            ["permissions_boundary = ", "AWS does not manage it"],
        ),
        (with_good("role_arn = \"planner\""), ["role_arn = \"planner\"", "A role ARN looks like"]),
        (
            good.replace("policies =", "polices ="),
            ["An argument named \"polices\" is not expected", "Did you mean \"policies\"?"],
        ),
    ] {
        workspace.rewrite(&with(&arguments));
        workspace.plan_error(&texts);
    }
}

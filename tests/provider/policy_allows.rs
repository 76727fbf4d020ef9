//! `policy_allows`: three answers, each as AWS would decide, and no reassuring answer to what is no request.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", it_answers_true_false_or_null)
        .on_ministack(a_trust_policy_is_asked_as_the_caller_of_the_context)
        .on_each_terraform_since("1.8", a_null_answer_fails_a_check)
        .on_each_terraform_since("1.8", what_is_no_request_is_refused)
        .into_iter()
        .collect()
}

const OBJECT: &str = "\"arn:aws:s3:::state/prod/a.tfstate\"";

/// Reads of a prefix for an organization, and no read of one object without MFA.
const READER: &str = r#"jsonencode({ Version = "2012-10-17", Statement = [
  { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::state/prod/*", Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } } },
  { Effect = "Deny", Action = "*", Resource = "arn:aws:s3:::state/prod/secret", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "false" } } },
] })"#;

fn asked(rest: &str) -> String {
    format!("policy_allows({READER}, {rest})")
}

fn it_answers_true_false_or_null(site: &Site) {
    let calls = [
        asked(&format!("\"s3:GetObject\", {OBJECT}")),
        asked(&format!("\"S3:getobject\", {OBJECT}, {{ \"aws:principalorgid\" = [\"o-a1b2c3d4e5\"] }}")),
        asked(&format!("\"s3:GetObject\", {OBJECT}, {{ \"aws:PrincipalOrgID\" = [\"o-other\"] }}")),
        asked(&format!("\"s3:GetObject\", {OBJECT}, {{ \"aws:PrincipalOrgID\" = [] }}")),
        asked(&format!("\"s3:PutObject\", {OBJECT}")),
        asked("\"s3:GetObject\", \"arn:aws:s3:::state/dev/a.tfstate\""),
        asked(
            "\"s3:GetObject\", \"arn:aws:s3:::state/prod/secret\", { \"aws:PrincipalOrgID\" = [\"o-a1b2c3d4e5\"] }",
        ),
        asked("\"s3:ListAllMyBuckets\", \"*\""),
    ];
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    let expected = [
        json!(null),
        json!(true),
        json!(false),
        json!(false),
        json!(false),
        json!(false),
        json!(null),
        json!(false),
    ];
    for ((call, result), expected) in calls.iter().zip(function::results(site, &calls)).zip(expected) {
        assert_eq!(result, expected, "{call}");
    }
}

fn a_trust_policy_is_asked_as_the_caller_of_the_context(site: &Site) {
    let issuer = "token.actions.githubusercontent.com";
    let provider = format!("arn:aws:iam::111122223333:oidc-provider/{issuer}");
    let trust = format!(
        r#"jsonencode({{ Version = "2012-10-17", Statement = [
  {{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = {{ Federated = "{provider}" }}, Condition = {{ StringLike = {{ "{issuer}:sub" = "repo:acme/live:*" }} }} }},
  {{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = "444455556666", Service = "ecs-tasks.amazonaws.com" }} }},
] }})"#
    );
    let role = "\"arn:aws:iam::111122223333:role/runner\"";
    let token = |context: &str| {
        format!(
            "policy_allows({trust}, \"sts:AssumeRoleWithWebIdentity\", {role}, {{ \"aws:FederatedProvider\" = [\"{provider}\"], {context} }})"
        )
    };
    let caller =
        |context: &str| format!("policy_allows({trust}, \"sts:AssumeRole\", {role}, {{ {context} }})");
    let calls = [
        (token(&format!("\"{issuer}:sub\" = [\"repo:acme/live:pull_request\"]")), json!(true)),
        (token(&format!("\"{issuer}:sub\" = [\"repo:evil/live:pull_request\"]")), json!(false)),
        (token(""), json!(null)),
        (caller(r#""aws:PrincipalArn" = ["arn:aws:iam::444455556666:role/ci"]"#), json!(true)),
        (caller(r#""aws:PrincipalArn" = ["arn:aws:iam::999999999999:role/ci"]"#), json!(false)),
        (caller(r#""aws:PrincipalServiceName" = ["ecs-tasks.amazonaws.com"]"#), json!(true)),
        (caller(r#""aws:PrincipalServiceName" = ["ec2.amazonaws.com"]"#), json!(false)),
        (caller(""), json!(null)),
    ];
    let asked: Vec<&str> = calls.iter().map(|(call, _)| call.as_str()).collect();
    for ((call, expected), result) in calls.iter().zip(function::results(site, &asked)) {
        assert_eq!(&result, expected, "{call}");
    }
}

fn a_null_answer_fails_a_check(site: &Site) {
    let question = format!("policy_allows(local.policy, \"s3:GetObject\", {OBJECT})");
    let check = |answer: &str| {
        format!(
            "check \"is_{answer}\" {{\n  assert {{\n    condition     = provider::deployrunner::{question} == {answer}\n    error_message = \"not {answer}\"\n  }}\n}}\n"
        )
    };
    let policy = format!("locals {{\n  policy = {READER}\n}}\n");
    let output = site.workspace(&(policy + &check("true") + &check("false"))).apply();
    output.assert_says(&["not true", "not false"]);
}

fn what_is_no_request_is_refused(site: &Site) {
    let cases = [
        (asked(&format!("\"s3:GetObjct\", {OBJECT}")), "s3:GetObjct", "did you mean `s3:GetObject`"),
        (asked(&format!("\"s3:Get*\", {OBJECT}")), "s3:Get*", "has a wildcard"),
        (asked("\"s3:GetObject\", \"*\""), "*", "`s3:GetObject` is done to a resource"),
        (asked("\"s3:GetObject\", \"arn:aws:s3:::state/*\""), "arn:aws:s3:::state/*", "has a wildcard"),
        (asked("\"s3:GetObject\", \"state/key\""), "state/key", "does not start with `arn:`"),
        (
            asked(&format!("\"s3:GetObject\", {OBJECT}, {{ PrincipalOrgID = [\"o-1\"] }}")),
            "{",
            "`PrincipalOrgID` has no prefix",
        ),
        (asked(&format!("\"s3:GetObject\", {OBJECT}, {{}}, tomap({{}})")), "tomap(", "one context at most"),
        (
            asked(&format!("\"s3:GetObject\", {OBJECT}, {{ \"aws:PrincipalOrgID\" = \"o-1\" }}")),
            "{",
            "list of string required",
        ),
        (format!("policy_allows(\"{{}}\", \"s3:GetObject\", {OBJECT})"), "{}", "missing `Statement`"),
    ];
    let texts: Vec<[&str; 1]> = cases.iter().map(|(_, _, text)| [*text]).collect();
    let cases: Vec<(&str, &str, &[&str])> = cases
        .iter()
        .zip(&texts)
        .map(|((call, argument, _), texts)| (call.as_str(), *argument, texts.as_slice()))
        .collect();
    function::assert_refused(site, &cases);
}

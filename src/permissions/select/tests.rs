//! What each task gets and does not get.

use super::*;
use crate::permissions::probe::set;

fn services(names: &[&str]) -> Permissions {
    Permissions { services: set(names), ..Permissions::default() }
}

fn of_types(names: &[&str]) -> Permissions {
    Permissions { resource_types: set(names), ..Permissions::default() }
}

fn has(actions: &ActionSet, names: &[&str]) {
    for name in names {
        assert!(contains(actions, name), "{name} is missing");
    }
}

fn lacks(actions: &ActionSet, names: &[&str]) {
    for name in names {
        assert!(catalog::action(name).is_ok() && !contains(actions, name), "{name} is there");
    }
}

#[test]
fn a_planner_lists_and_reads_and_nothing_else_whatever_is_named() {
    let all: Vec<&str> = catalog::services().map(|service| service.prefix()).collect();
    let types: Vec<String> = catalog::resource_types().collect();
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    for permissions in [services(&all), of_types(&types)] {
        let selected = for_planner(&permissions);
        assert!(selected.actions.len() > 2_000);
        for action in selected.actions.iter() {
            assert!(action.level().is_read_only() && !is_secret(action), "{action}");
        }
    }
}

#[test]
fn a_planner_reads_configuration_and_no_secrets_or_content() {
    let selected = for_planner(&services(&["secretsmanager", "ssm", "s3", "lambda", "dynamodb"]));
    has(&selected.actions, &["secretsmanager:DescribeSecret", "lambda:GetFunction", "s3:ListBucket"]);
    let content = ["secretsmanager:GetSecretValue", "ssm:GetParameter", "s3:GetObject", "dynamodb:GetItem"];
    lacks(&selected.actions, &content);
    has(&selected.secrets, &content);
}

#[test]
fn a_planner_of_types_reads_what_a_refresh_calls() {
    let selected = for_planner(&of_types(&["aws_sqs_queue", "AWS::SNS::Topic"]));
    has(&selected.actions, &["sqs:GetQueueAttributes", "sqs:ListQueueTags", "sns:GetTopicAttributes"]);
    lacks(&selected.actions, &["sqs:CreateQueue", "sqs:ReceiveMessage"]);
}

#[test]
fn an_applier_creates_and_updates_and_deletes_only_when_that_is_allowed() {
    let types = ["aws_s3_bucket", "aws_dynamodb_table", "AWS::SQS::Queue"];
    let selected = for_applier(&of_types(&types));
    has(
        &selected.actions,
        &["s3:CreateBucket", "dynamodb:UpdateTable", "sqs:CreateQueue", "sqs:SetQueueAttributes"],
    );
    let deletes = ["s3:DeleteBucket", "dynamodb:DeleteTable", "sqs:DeleteQueue"];
    lacks(&selected.actions, &deletes);
    has(&selected.deletes, &deletes);
    let selected = for_applier(&Permissions { allow_destroy: Attr::Known(true), ..of_types(&types) });
    has(&selected.actions, &deletes);
    assert!(selected.deletes.is_empty());
}

#[test]
fn a_delete_that_an_update_calls_is_no_delete() {
    let selected = for_applier(&of_types(&["aws_security_group", "aws_iam_policy"]));
    has(&selected.actions, &["ec2:RevokeSecurityGroupIngress", "iam:DeletePolicyVersion"]);
    lacks(&selected.actions, &["ec2:DeleteSecurityGroup", "iam:DeletePolicy"]);
}

#[test]
fn no_type_gives_its_own_delete_without_allow_destroy() {
    for name in catalog::resource_types().filter(|name| name.starts_with("aws_")) {
        let one = catalog::resource_type(&name).unwrap();
        let delete = one.calls(Operation::Delete).unwrap_or_default();
        let selected = for_applier(&of_types(&[&name]));
        for action in selected.actions.iter().filter(|action| action.destroys() && !is_kept(action)) {
            let name_of = action.to_string();
            assert!(!delete.contains(&name_of) || PARTS.contains(&name_of.as_str()), "{name}: {action}");
        }
    }
}

#[test]
fn a_planner_of_services_runs_nothing() {
    let names =
        ["eks", "bedrock", "sagemaker", "redshift", "codestar-connections", "quicksight", "s3-outposts"];
    let selected = for_planner(&services(&names));
    lacks(
        &selected.actions,
        &[
            "eks:AccessKubernetesApi",
            "bedrock:InvokeModel",
            "sagemaker:InvokeEndpoint",
            "redshift:FetchResults",
            "codestar-connections:PassConnection",
            "quicksight:GetAuthCode",
            "s3-outposts:GetObject",
        ],
    );
}

#[test]
fn services_give_no_known_way_to_more_permissions() {
    let selected = for_applier(&services(&["sso", "organizations", "account", "eks"]));
    lacks(
        &selected.actions,
        &["sso:CreateAccountAssignment", "organizations:LeaveOrganization", "account:CloseAccount"],
    );
}

#[test]
fn services_change_no_permissions_and_types_do() {
    let selected = for_applier(&services(&["s3"]));
    lacks(&selected.actions, &["s3:PutBucketPolicy"]);
    has(&selected.permission_changes, &["s3:PutBucketPolicy"]);
    has(&for_applier(&of_types(&["aws_s3_bucket_policy"])).actions, &["s3:PutBucketPolicy"]);
}

#[test]
fn no_type_and_no_service_hands_over_a_role_by_itself() {
    let all: Vec<String> = catalog::resource_types().collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut selected = for_applier(&of_types(&all));
    lacks(&selected.actions, &[PASS_ROLE]);
    assert!(
        selected.passes_role
            && selected.unknown.iter().all(|name| !name.to_lowercase().starts_with("iam:pass"))
    );
    selected = for_applier(&services(&["iam"]));
    lacks(&selected.actions, &[PASS_ROLE]);
}

#[test]
fn without_allow_destroy_no_service_gives_an_action_that_destroys() {
    let all: Vec<&str> = catalog::services().map(|service| service.prefix()).collect();
    let selected = for_applier(&services(&all));
    assert!(selected.actions.iter().all(|action| !action.destroys() || is_kept(action)));
    assert!(selected.deletes.len() > 2_000);
}

#[test]
fn an_applier_of_any_service_opens_no_session_and_runs_nothing() {
    let prefixes: BTreeSet<&str> = RUNS.iter().filter_map(|name| Some(name.split_once(':')?.0)).collect();
    let selected = for_applier(&services(&prefixes.into_iter().collect::<Vec<_>>()));
    lacks(&selected.actions, RUNS);
    assert_eq!(selected.runs.len(), RUNS.len());
}

//! What tasks may do, decided by the policy engine on the statements as they are.

use super::*;
use crate::permissions::PassRoles;
use crate::permissions::probe::set;
use crate::permissions::tests::{allows, holder};
use tfplug::schema::Attr;

fn tried(permissions: &Permissions, task: Task) -> Result<Generated, Diagnostics> {
    generated(permissions, task, &holder("ci-terraform-applier"), &Path::attribute("permissions"))
}

fn statements(permissions: &Permissions, task: Task) -> Vec<Statement> {
    let generated = tried(permissions, task).unwrap();
    [generated.rest, generated.stacks].concat()
}

fn refused(permissions: &Permissions, task: Task) -> String {
    let found = tried(permissions, task).unwrap_err();
    let first = found.iter().next().unwrap();
    format!("{}: {}", first.path.as_ref().unwrap(), first.detail)
}

use Task::{TerraformApplier, TerraformPlanner};

const BUCKET: &str = "arn:aws:s3:::acme-data";
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf";

#[test]
fn a_planner_of_whom_nothing_is_said_has_read_only_access_less_secrets() {
    let nothing = Permissions::default();
    let generated = tried(&nothing, TerraformPlanner).unwrap();
    assert_eq!(generated.attached, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    let all = Statement::allow(["*"]).resource("*");
    let held = [generated.rest, vec![all]].concat();
    for (action, resource) in [
        ("s3:GetObject", "arn:aws:s3:::acme-data/key"),
        ("secretsmanager:GetSecretValue", SECRET),
        ("ssm:GetParameter", "arn:aws:ssm:eu-west-1:111111111111:parameter/db"),
        ("dynamodb:Scan", "arn:aws:dynamodb:eu-west-1:111111111111:table/t"),
        ("secretsmanager:BatchGetSecretValue", "*"),
        ("ec2:GetPasswordData", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"),
    ] {
        assert!(!allows(&held, (action, resource), &[]), "{action}");
    }
    assert!(allows(&held, ("lambda:GetFunction", "arn:aws:lambda:eu-west-1:111111111111:function:f"), &[]));
    let public = "arn:aws:ssm:eu-west-1::parameter/aws/service/ami-amazon-linux-latest/al2023";
    assert!(allows(&held, ("ssm:GetParameter", public), &[]));
}

#[test]
fn a_base_of_none_is_nothing() {
    let none = Permissions { base: Attr::Known("none".to_owned()), ..Permissions::default() };
    let generated = tried(&none, TerraformPlanner).unwrap();
    assert!(generated.attached.is_empty() && generated.rest.is_empty() && generated.stacks.is_empty());
}

#[test]
fn services_take_the_place_of_the_base_and_may_stand_beside_it() {
    let services = Permissions { services: set(&["s3"]), ..Permissions::default() };
    assert!(tried(&services, TerraformPlanner).unwrap().attached.is_empty());
    let both = Permissions { base: Attr::Known("read-only".to_owned()), ..services };
    assert_eq!(tried(&both, TerraformPlanner).unwrap().attached.len(), 1);
}

#[test]
fn a_named_secret_is_read_and_no_other() {
    let other = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:other-AbCdEf";
    for base in ["read-only", "none"] {
        let permissions = Permissions {
            base: Attr::Known(base.to_owned()),
            read_secrets: set(&[SECRET]),
            ..Permissions::default()
        };
        let held = statements(&permissions, TerraformPlanner);
        assert!(allows(&held, ("secretsmanager:GetSecretValue", SECRET), &[]), "{base}");
        assert!(!allows(&held, ("secretsmanager:GetSecretValue", other), &[]), "{base}");
        assert!(!allows(&held, ("secretsmanager:PutSecretValue", SECRET), &[]), "{base}");
    }
}

#[test]
fn the_password_of_the_registry_comes_with_a_named_repository_and_otherwise_stays_denied() {
    let repository = "arn:aws:ecr:eu-west-1:111111111111:repository/app";
    for base in ["read-only", "none"] {
        let base = Attr::Known(base.to_owned());
        let with = |arns| Permissions { base: base.clone(), read_secrets: arns, ..Permissions::default() };
        let held = statements(&with(set(&[repository])), TerraformPlanner);
        assert!(allows(&held, ("ecr:GetAuthorizationToken", "*"), &[]));
        assert!(allows(&held, ("ecr:BatchGetImage", repository), &[]));
        assert!(!allows(&held, ("ecr:PutImage", repository), &[]));
        let held = statements(&with(set(&[SECRET])), TerraformPlanner);
        assert!(!allows(&held, ("ecr:GetAuthorizationToken", "*"), &[]));
    }
}

#[test]
fn a_named_key_decrypts_and_a_named_role_is_refused() {
    let key = "arn:aws:kms:eu-west-1:111111111111:key/1";
    let with = |arn| Permissions { read_secrets: set(&[arn]), ..Permissions::default() };
    let held = statements(&with(key), TerraformPlanner);
    assert!(allows(&held, ("kms:Decrypt", key), &[]));
    let detail = refused(&with("arn:aws:iam::111111111111:role/app"), TerraformPlanner);
    assert!(detail.starts_with("permissions.read_secrets: No action is known"), "{detail}");
}

#[test]
fn resources_narrow_what_can_be_narrowed_and_the_rest_is_said() {
    let permissions =
        Permissions { services: set(&["s3"]), resources: set(&[BUCKET]), ..Permissions::default() };
    let held = statements(&permissions, TerraformPlanner);
    assert!(allows(&held, ("s3:GetBucketVersioning", BUCKET), &[]));
    assert!(!allows(&held, ("s3:GetBucketVersioning", "arn:aws:s3:::other"), &[]));
    assert!(allows(&held, ("s3:ListAllMyBuckets", "*"), &[]));
    let said = tried(&permissions, TerraformPlanner).unwrap().summary.join("\n");
    assert!(said.contains("since IAM cannot limit them to any: s3:"), "{said}");
}

#[test]
fn regions_limit_regional_services_and_leave_global_ones() {
    let permissions = Permissions {
        services: set(&["sqs", "route53"]),
        regions: set(&["eu-west-1"]),
        ..Permissions::default()
    };
    let held = statements(&permissions, TerraformApplier);
    let queue = "arn:aws:sqs:us-east-1:111111111111:q";
    assert!(!allows(&held, ("sqs:CreateQueue", queue), &[("aws:RequestedRegion", "us-east-1")]));
    assert!(allows(&held, ("sqs:CreateQueue", queue), &[("aws:RequestedRegion", "eu-west-1")]));
    let zone = "arn:aws:route53:::hostedzone/Z1";
    assert!(allows(
        &held,
        ("route53:UpdateHostedZoneComment", zone),
        &[("aws:RequestedRegion", "us-east-1")]
    ));
}

#[test]
fn a_resource_of_no_service_and_a_service_without_resource_are_refused() {
    let permissions = Permissions {
        services: set(&["s3", "sqs"]),
        resources: set(&[BUCKET, "arn:aws:lambda:eu-west-1:111111111111:function:f"]),
        ..Permissions::default()
    };
    let detail = refused(&permissions, TerraformApplier);
    assert!(detail.starts_with("permissions.resources: None of the actions"), "{detail}");
    let permissions = Permissions { resources: set(&[BUCKET]), ..permissions };
    let detail = refused(&permissions, TerraformApplier);
    assert!(detail.contains("names nothing of the service `sqs`"), "{detail}");
}

#[test]
fn only_declared_roles_are_handed_over_and_only_to_the_services_named() {
    let role = "arn:aws:iam::111111111111:role/app";
    let pass = PassRoles { role_arns: set(&[role]), services: set(&["lambda.amazonaws.com"]) };
    let types = set(&["aws_lambda_function"]);
    let without = Permissions { resource_types: types, ..Permissions::default() };
    let said = tried(&without, TerraformApplier).unwrap().summary.join("\n");
    assert!(said.contains("No role may be handed to a service (`pass_roles`)"), "{said}");
    let with = Permissions { pass_roles: Attr::Known(vec![Attr::Known(pass)]), ..without };
    let held = statements(&with, TerraformApplier);
    let to = |service| [("iam:PassedToService", service)];
    assert!(allows(&held, ("iam:PassRole", role), &to("lambda.amazonaws.com")));
    assert!(!allows(&held, ("iam:PassRole", role), &to("ec2.amazonaws.com")));
    assert!(!allows(
        &held,
        ("iam:PassRole", "arn:aws:iam::111111111111:role/admin"),
        &to("lambda.amazonaws.com")
    ));
}

#[test]
fn a_grant_on_a_key_is_only_made_for_a_service() {
    let permissions =
        Permissions { resource_types: set(&["AWS::RDS::DBInstance"]), ..Permissions::default() };
    let held = statements(&permissions, TerraformApplier);
    let key = ("kms:CreateGrant", "arn:aws:kms:eu-west-1:111111111111:key/1");
    assert!(allows(&held, key, &[("kms:GrantIsForAWSResource", "true")]));
    assert!(!allows(&held, key, &[]));
}

#[test]
fn what_deletes_as_well_as_changes_only_changes_until_deletes_are_allowed() {
    let types = set(&["aws_api_gateway_rest_api", "aws_route53_record"]);
    let permissions = Permissions { resource_types: types, ..Permissions::default() };
    let api = ("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/restapis/a1b2");
    let tags = ("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/tags/arn%3Aaws%3Aapigateway");
    let records = ("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1");
    let batch = |action| [("route53:ChangeResourceRecordSetsActions", action)];
    let held = statements(&permissions, TerraformApplier);
    assert!(!allows(&held, api, &[]) && allows(&held, tags, &[]));
    assert!(allows(&held, records, &batch("UPSERT")) && !allows(&held, records, &batch("DELETE")));
    assert!(!allows(&held, records, &[]));
    let permissions = Permissions { allow_destroy: Attr::Known(true), ..permissions };
    let held = statements(&permissions, TerraformApplier);
    assert!(allows(&held, api, &[]) && allows(&held, records, &batch("DELETE")));
}

#[test]
fn a_planner_reads_api_gateway_but_its_keys() {
    let of_types =
        Permissions { resource_types: set(&["aws_api_gateway_rest_api"]), ..Permissions::default() };
    let of_services = Permissions { services: set(&["apigateway"]), ..Permissions::default() };
    let all = vec![Statement::allow(["*"]).resource("*")];
    let base = [statements(&Permissions::default(), TerraformPlanner), all].concat();
    for held in [statements(&of_types, TerraformPlanner), statements(&of_services, TerraformPlanner), base] {
        let reads = |path: &str| {
            let resource = format!("arn:aws:apigateway:eu-west-1::/{path}");
            allows(&held, ("apigateway:GET", resource.as_str()), &[])
        };
        assert!(
            ["restapis", "restapis/a1/stages", "apis/a1", "domainnames", "tags/x"].into_iter().all(reads)
        );
        assert!(!["apikeys", "apikeys/k1", "usageplans", "usageplans/p1/keys"].into_iter().any(reads));
    }
    let elsewhere = Permissions { resources: set(&["arn:aws:apigateway:*::/apikeys/*"]), ..of_types };
    assert!(refused(&elsewhere, TerraformPlanner).contains("apikeys"));
}

#[test]
fn an_applier_of_services_runs_nothing_in_what_they_have() {
    let services = set(&["ssm", "ecs", "codebuild", "ec2-instance-connect", "glue"]);
    let permissions = Permissions { services, ..Permissions::default() };
    let held = statements(&permissions, TerraformApplier);
    for action in
        ["ssm:SendCommand", "ecs:ExecuteCommand", "ecs:RunTask", "codebuild:StartBuild", "glue:RunStatement"]
    {
        assert!(!allows(&held, (action, "*"), &[]), "{action}");
    }
    assert!(allows(&held, ("ecs:UpdateService", "arn:aws:ecs:eu-west-1:111111111111:service/a/b"), &[]));
    let types = set(&["aws_cloud9_environment_ec2"]);
    let held = statements(&Permissions { resource_types: types, ..permissions }, TerraformApplier);
    let instance = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1";
    assert!(allows(&held, ("ssm:StartSession", instance), &[]), "the type takes it");
}

#[test]
fn what_is_in_another_partition_is_refused() {
    let queue = set(&["arn:aws-cn:sqs:cn-north-1:111111111111:jobs"]);
    let permissions = Permissions { services: set(&["sqs"]), resources: queue, ..Permissions::default() };
    let detail = refused(&permissions, TerraformApplier);
    assert!(detail.starts_with("permissions.resources: ") && detail.contains("`aws-cn`"), "{detail}");
    let open = set(&["arn:*:sqs:*:111111111111:jobs"]);
    assert!(tried(&Permissions { resources: open, ..permissions }, TerraformApplier).is_ok());
    let entry = PassRoles {
        role_arns: set(&["arn:aws-us-gov:iam::111111111111:role/app"]),
        services: set(&["lambda.amazonaws.com"]),
    };
    let pass_roles = Attr::Known([Attr::Known(entry)].into_iter().collect());
    let detail = refused(&Permissions { pass_roles, ..Permissions::default() }, TerraformApplier);
    assert!(detail.starts_with("permissions.pass_roles[0].role_arns: "), "{detail}");
}

#[test]
fn roles_cannot_be_managed_without_a_boundary() {
    let permissions = Permissions { resource_types: set(&["aws_iam_role"]), ..Permissions::default() };
    let detail = refused(&permissions, TerraformApplier);
    assert!(detail.contains("Give this role a `permissions_boundary`"), "{detail}");
}

#[test]
fn the_same_words_give_the_same_policy() {
    let permissions = |services: &[&str]| Permissions { services: set(services), ..Permissions::default() };
    let one = statements(&permissions(&["sqs", "s3"]), TerraformApplier);
    assert_eq!(one, statements(&permissions(&["s3", "sqs"]), TerraformApplier));
}

//! The resource types that are tried.
//!
//! Owns what each takes besides its own name: roles to hand over, names that IAM's changes are limited to, secrets.

/// One resource type. Its configuration is the file of its name.
pub(super) struct Case {
    /// As the AWS provider names it.
    pub(super) resource_type: &'static str,
    /// The action without which a resource of the type stays.
    pub(super) deleted_by: &'static str,
    /// Further arguments of the applier's `permissions`. `ACCOUNT` stands for the account's ID.
    pub(super) applier: &'static str,
    /// The same for the planner.
    pub(super) planner: &'static str,
}

impl Case {
    const fn new(resource_type: &'static str, deleted_by: &'static str) -> Self {
        Self { resource_type, deleted_by, applier: "", planner: "" }
    }

    const fn applier(self, applier: &'static str) -> Self {
        Self { applier, ..self }
    }

    const fn planner(self, planner: &'static str) -> Self {
        Self { planner, ..self }
    }
}

pub(super) const CASES: &[Case] = &[
    Case::new("aws_acm_certificate", "acm:DeleteCertificate"),
    Case::new("aws_cloudwatch_event_rule", "events:DeleteRule"),
    Case::new("aws_cloudwatch_log_group", "logs:DeleteLogGroup"),
    Case::new("aws_db_subnet_group", "rds:DeleteDBSubnetGroup"),
    Case::new("aws_dynamodb_table", "dynamodb:DeleteTable"),
    Case::new("aws_ecr_repository", "ecr:DeleteRepository"),
    Case::new("aws_ecs_task_definition", "ecs:DeregisterTaskDefinition").applier(
        r#"
pass_roles = [{
  role_arns = ["arn:aws:iam::ACCOUNT:role/web-task"]
  services  = ["ecs-tasks.amazonaws.com"]
}]"#,
    ),
    Case::new("aws_efs_file_system", "elasticfilesystem:DeleteFileSystem"),
    Case::new("aws_iam_instance_profile", "iam:DeleteInstanceProfile").applier(
        r#"
pass_roles = [{
  role_arns = ["arn:aws:iam::ACCOUNT:role/app"]
  services  = ["ec2.amazonaws.com"]
}]"#,
    ),
    // A new version of a policy counts for everybody who has it, so that the applier's policies are named.
    Case::new("aws_iam_policy", "iam:DeletePolicy")
        .applier(r#"resources = ["arn:aws:iam::ACCOUNT:policy/logs"]"#),
    // Who is trusted is not limited by a boundary, so that the applier's roles are named.
    Case::new("aws_iam_role", "iam:DeleteRole").applier(r#"resources = ["arn:aws:iam::ACCOUNT:role/app"]"#),
    Case::new("aws_iam_role_policy", "iam:DeleteRolePolicy"),
    Case::new("aws_instance", "ec2:TerminateInstances"),
    Case::new("aws_kms_alias", "kms:DeleteAlias"),
    Case::new("aws_kms_key", "kms:ScheduleKeyDeletion"),
    Case::new("aws_lambda_function", "lambda:DeleteFunction").applier(
        r#"
pass_roles = [{
  role_arns = ["arn:aws:iam::ACCOUNT:role/function"]
  services  = ["lambda.amazonaws.com"]
}]"#,
    ),
    Case::new("aws_lb_target_group", "elasticloadbalancing:DeleteTargetGroup"),
    Case::new("aws_s3_bucket", "s3:DeleteBucket"),
    Case::new("aws_s3_bucket_policy", "s3:DeleteBucketPolicy"),
    Case::new("aws_secretsmanager_secret", "secretsmanager:DeleteSecret"),
    // Before the provider deletes one, it looks for network interfaces that were left in it.
    Case::new("aws_security_group", "ec2:DescribeNetworkInterfaces"),
    Case::new("aws_sfn_state_machine", "states:DeleteStateMachine").applier(
        r#"
pass_roles = [{
  role_arns = ["arn:aws:iam::ACCOUNT:role/machine"]
  services  = ["states.amazonaws.com"]
}]"#,
    ),
    Case::new("aws_sns_topic", "sns:DeleteTopic"),
    Case::new("aws_sqs_queue", "sqs:DeleteQueue"),
    // Whether a parameter has changed is in its value.
    Case::new("aws_ssm_parameter", "ssm:DeleteParameter")
        .planner(r#"read_secrets = ["arn:aws:ssm:us-east-1:ACCOUNT:parameter/app/level"]"#),
    // As before a security group is deleted.
    Case::new("aws_subnet", "ec2:DescribeNetworkInterfaces"),
    Case::new("aws_vpc", "ec2:DeleteVpc"),
];

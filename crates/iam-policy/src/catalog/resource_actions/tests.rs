//! The resource types as a whole: what is known of how many, and that it is right where it can be checked.

use super::*;
use crate::catalog::{
    AWS_PROVIDER, AccessLevel, CLOUDFORMATION_DATE, CLOUDFORMATION_SOURCE, action, resource_type,
    resource_types, service,
};

fn of_aws_provider() -> impl Iterator<Item = ResourceActions> {
    terraform::names().map(|name| resource_type(&name).unwrap())
}

fn sorted(name: &str, operation: Operation) -> Vec<String> {
    resource_type(name).unwrap().actions(operation).unwrap()
}

/// What makes a thing, rather than what every making of a thing takes.
fn makes(name: &str) -> bool {
    let general = ["ec2:CreateTags", "iam:PassRole", "iam:CreateServiceLinkedRole"];
    let level = action(name).map(|action| action.level());
    !general.contains(&name) && matches!(level, Ok(AccessLevel::Write | AccessLevel::PermissionsManagement))
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

#[test]
fn the_counts_are_those_of_the_pinned_editions() {
    assert_eq!((CLOUDFORMATION_SOURCE, CLOUDFORMATION_DATE), ("cfn-lint 1.58.0", "2026-10-20"));
    assert_eq!(AWS_PROVIDER, "6.62.0");
    let cloudformation: Vec<_> = cloudformation::names().map(|name| resource_type(&name).unwrap()).collect();
    assert_eq!(cloudformation.len(), 1_884);
    let known = |operation| cloudformation.iter().filter(|one| one.handlers(operation).is_some()).count();
    assert_eq!(Operation::ALL.map(known), [1_758, 1_747, 1_583, 1_755, 1_679]);
    assert_eq!(terraform::names().count(), 1_711);
    assert_eq!(of_aws_provider().filter(|one| one.calls.is_some()).count(), 1_678);
    assert_eq!(cloudformation::awscc_names().count(), 1_758);
}

/// The measure: of the AWS provider's types, those that have a counterpart are all but the ones that a person looked at
/// and found to have none (`data/terraform-exceptions.txt`); a type that nobody looked at counts as if it had one.
#[test]
fn counterparts_are_known_of_nearly_all_types_that_have_one() {
    let names: Vec<String> = terraform::names().collect();
    let mapped = of_aws_provider().filter(|one| !one.handlers.is_empty()).count();
    let undecided = names.iter().filter(|name| terraform::tests::undecided(name)).count();
    let percent = 100 * mapped / (mapped + undecided);
    println!("{} types, {mapped} with a counterpart, {undecided} undecided: {percent} %", names.len());
    assert!(percent >= 85, "{percent} %");
}

/// A second measure, which no person's word is in: a type's counterpart is confirmed if the counterpart's create or
/// update handler takes an action of level write that the provider's create calls.
#[test]
fn counterparts_are_confirmed_by_what_the_provider_calls() {
    let mut checked = 0;
    let mut unconfirmed = Vec::new();
    for one in of_aws_provider().filter(|one| !one.handlers.is_empty()) {
        let made = |operation| one.handlers(operation).unwrap_or_default();
        let handled: BTreeSet<String> =
            [Operation::Create, Operation::Update].into_iter().flat_map(made).collect();
        let calls = one.calls(Operation::Create).unwrap_or_default();
        let calls: Vec<&String> = calls.iter().filter(|call| makes(call)).collect();
        if handled.is_empty() || calls.is_empty() {
            continue;
        }
        checked += 1;
        if !calls.iter().any(|call| handled.iter().any(|pattern| matches(pattern, call))) {
            unconfirmed.push(one.name().to_owned());
        }
    }
    println!("{checked} counterparts can be checked, unconfirmed: {unconfirmed:?}");
    assert!(checked > 1_000, "{checked}");
    // The handlers of these two call other operations for the same thing: an older one, and Kafka's own.
    assert_eq!(unconfirmed, ["aws_iot_policy_attachment", "aws_msk_topic"]);
}

/// A third: a type without a counterpart has what the provider calls instead.
#[test]
fn something_is_known_of_nearly_every_type() {
    let unknown: Vec<String> = of_aws_provider()
        .filter(|one| Operation::ALL.iter().all(|operation| one.actions(*operation).is_none()))
        .map(|one| one.name().to_owned())
        .collect();
    println!("nothing is known of {unknown:?}");
    assert!(unknown.len() <= 20, "{unknown:?}");
}

#[test]
fn every_action_is_one_of_the_catalogue() {
    for name in resource_types() {
        let one = resource_type(&name).unwrap();
        for pattern in Operation::ALL.into_iter().flat_map(|operation| one.actions(operation)).flatten() {
            let (prefix, short) = pattern.split_once(':').unwrap();
            let service = service(prefix).unwrap_or_else(|| panic!("{name}: {pattern}"));
            let start = short.strip_suffix('*');
            let known = service.action(short).is_some_and(|action| action.name() == short)
                || start.is_some_and(|start| {
                    service.actions().iter().any(|action| action.name().starts_with(start))
                });
            assert!(known, "{name}: {pattern}");
        }
    }
}

/// A handler that takes a whole service is AWS's word, and more than anybody wants to grant.
#[test]
fn handlers_that_take_a_whole_service_are_few_and_known() {
    let mut whole = BTreeSet::new();
    for one in cloudformation::names().map(|name| resource_type(&name).unwrap()) {
        let mut patterns = Operation::ALL.into_iter().flat_map(|operation| one.actions(operation)).flatten();
        if patterns.any(|pattern| pattern.ends_with(":*")) {
            whole.insert(one.name().to_owned());
        }
    }
    assert_eq!(whole.into_iter().collect::<Vec<_>>(), ["AWS::SCN::Instance", "AWS::SecurityLake::DataLake"]);
}

/// What the provider calls to read is what a plan takes.
#[test]
fn the_provider_reads_without_writing() {
    for one in of_aws_provider() {
        for call in one.calls(Operation::Read).unwrap_or_default() {
            let level = action(&call).unwrap().level();
            assert!(level <= AccessLevel::Read, "{}: {call} is {level}", one.name());
        }
    }
}

#[test]
fn a_refresh_takes_what_the_provider_reads_and_cloudformation_does_not() {
    let bucket = sorted("aws_s3_bucket", Operation::Read);
    for action in
        ["s3:GetBucketAcl", "s3:GetBucketRequestPayment", "s3:GetEncryptionConfiguration", "s3:ListBucket"]
    {
        assert!(bucket.iter().any(|one| one == action), "{action}");
    }
    let role = sorted("aws_iam_role", Operation::Read);
    for action in ["iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"] {
        assert!(role.iter().any(|one| one == action), "{action}");
    }
    let function = sorted("aws_lambda_function", Operation::Read);
    for action in ["lambda:ListVersionsByFunction", "lambda:GetFunctionCodeSigningConfig"] {
        assert!(function.iter().any(|one| one == action), "{action}");
    }
}

#[test]
fn what_the_provider_asks_of_other_services_is_there() {
    use Operation::{Create, Delete, Read};
    for (name, operation, action) in [
        ("aws_dynamodb_table", Read, "kms:DescribeKey"),
        ("aws_efs_mount_target", Create, "ec2:DescribeSubnets"),
        ("aws_elastic_beanstalk_environment", Read, "ec2:DescribeSecurityGroups"),
        ("aws_elb", Read, "ec2:DescribeSecurityGroups"),
        ("aws_gamelift_game_server_group", Read, "autoscaling:DescribeAutoScalingGroups"),
        ("aws_launch_configuration", Read, "ec2:DescribeImages"),
        ("aws_lb", Delete, "ec2:DescribeNetworkInterfaces"),
        ("aws_ram_sharing_with_organization", Read, "organizations:ListAWSServiceAccessForOrganization"),
        ("aws_transfer_server", Read, "ec2:DescribeVpcEndpoints"),
    ] {
        let calls = resource_type(name).unwrap().calls(operation).unwrap();
        assert!(calls.contains(action), "{name}: {action} to {operation}");
    }
}

#[test]
fn release_3_of_the_provider_reads_what_it_reads_otherwise() {
    for (name, action) in [
        ("aws_cloudwatch_log_group", "logs:ListTagsLogGroup"),
        ("aws_kinesis_stream", "kinesis:DescribeStream"),
        ("aws_kinesis_stream", "kinesis:ListTagsForStream"),
        ("aws_vpc", "ec2:DescribeVpcClassicLink"),
        ("aws_vpc", "ec2:DescribeVpcClassicLinkDnsSupport"),
    ] {
        let calls = resource_type(name).unwrap().calls(Operation::Read).unwrap();
        assert!(calls.contains(action), "{name}: {action}");
    }
}

#[test]
fn a_refresh_takes_no_credential_that_the_provider_does_not_read() {
    let value = "secretsmanager:GetSecretValue".to_owned();
    assert!(!sorted("aws_secretsmanager_secret", Operation::Read).contains(&value));
    assert!(sorted("aws_secretsmanager_secret_version", Operation::Read).contains(&value));
    assert!(sorted("awscc_secretsmanager_secret", Operation::Read).contains(&value));
    assert!(sorted("aws_lambda_function", Operation::Read).contains(&DECRYPT.to_owned()));
    for one in of_aws_provider() {
        let Some(calls) = one.calls(Operation::Read) else { continue };
        for action in one.actions(Operation::Read).unwrap_or_default() {
            let is_credential = secrets::tier(&action) == Some(Tier::Credential);
            assert!(
                !is_credential || action == DECRYPT || calls.contains(&action),
                "{}: {action}",
                one.name()
            );
        }
    }
}

#[test]
fn a_part_of_an_object_takes_only_its_own_actions() {
    let attach = resource_type("aws_iam_role_policy_attachment").unwrap();
    assert_eq!(attach.cloudformation_types().count(), 0);
    assert_eq!(
        attach.actions(Operation::Create).unwrap(),
        ["iam:AttachRolePolicy", "iam:ListAttachedRolePolicies"]
    );
    assert_eq!(attach.actions(Operation::Delete).unwrap(), ["iam:DetachRolePolicy"]);
    assert_eq!(attach.actions(Operation::List), None);
    assert_eq!(sorted("aws_s3_bucket_versioning", Operation::Delete), ["s3:PutBucketVersioning"]);
    assert_eq!(sorted("aws_route", Operation::Read).len(), 1);
    let rule = sorted("aws_security_group_rule", Operation::Delete);
    assert!(rule.contains(&"ec2:RevokeSecurityGroupIngress".to_owned()));
    assert!(!rule.contains(&"ec2:DeleteSecurityGroup".to_owned()));
}

#[test]
fn a_first_load_balancer_or_service_makes_a_service_linked_role() {
    let linked = "iam:CreateServiceLinkedRole".to_owned();
    let balancer = resource_type("aws_lb").unwrap();
    for operation in [Operation::Create, Operation::Read] {
        let actions = balancer.actions(operation).unwrap();
        assert_eq!(actions.contains(&linked), operation == Operation::Create);
        let network = ["InternetGateways", "SecurityGroups", "Subnets", "Vpcs"];
        let described = network.iter().all(|what| actions.contains(&format!("ec2:Describe{what}")));
        assert_eq!(described, operation == Operation::Create);
    }
    assert!(sorted("aws_ecs_service", Operation::Create).contains(&linked));
}

#[test]
fn an_operation_that_calls_nothing_is_known() {
    assert_eq!(sorted("aws_acm_certificate_validation", Operation::Delete), Vec::<String>::new());
}

#[test]
fn a_type_has_the_same_handlers_by_each_of_its_names() {
    let names = ["AWS::S3::Bucket", "aws_s3_bucket", "awscc_s3_bucket"];
    let handlers = names.map(|name| resource_type(name).unwrap().handlers(Operation::Create).unwrap());
    assert_eq!(handlers[0], handlers[1]);
    assert_eq!(handlers[0], handlers[2]);
    assert!(handlers[0].contains("s3:CreateBucket"));
    assert_eq!(resource_type("awscc_s3_bucket").unwrap().calls(Operation::Create), None);
}

#[test]
fn every_name_is_known_and_there_once() {
    let names: BTreeSet<String> = resource_types().collect();
    assert_eq!(names.len(), resource_types().count());
    assert!(names.iter().all(|name| resource_type(name).is_ok_and(|one| one.name() == name)));
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    for (wrong, right) in [
        ("aws_s3_buckt", Some("aws_s3_bucket")),
        ("AWS_S3_Bucket", Some("aws_s3_bucket")),
        ("AWS::s3::bucket", Some("AWS::S3::Bucket")),
        ("aws::lambda::Function", Some("AWS::Lambda::Function")),
        ("AWSCC_s3_buckets", Some("awscc_s3_bucket")),
        ("S3::Bucket", Some("AWS::S3::Bucket")),
        ("kubernetes", None),
    ] {
        let error = resource_type(wrong).err().unwrap();
        assert_eq!(error.nearest.as_deref(), right, "{wrong}");
    }
    assert_eq!(
        resource_type("aws_s3_buckt").err().unwrap().to_string(),
        "unknown resource type `aws_s3_buckt`, the catalogue has CloudFormation's of 2026-10-20 and those of the AWS \
         provider 6.62.0, did you mean `aws_s3_bucket`"
    );
}

/// Looked at one by one, where names deceive or differ.
#[test]
fn counterparts_are_the_ones_that_a_person_would_name() {
    for line in COUNTERPARTS.lines() {
        let (name, counterparts) = line.split_once(' ').unwrap_or((line, ""));
        let one = resource_type(&format!("aws_{name}")).unwrap();
        let found: Vec<String> = one.cloudformation_types().map(|name| name.replace("AWS::", "")).collect();
        assert_eq!(found.join(" "), counterparts, "{name}");
    }
    assert!(COUNTERPARTS.lines().count() >= 60);
}

const COUNTERPARTS: &str = "\
acm_certificate CertificateManager::Certificate
alb_listener ElasticLoadBalancingV2::Listener
ami
api_gateway_integration
apigatewayv2_integration ApiGatewayV2::Integration
appautoscaling_policy ApplicationAutoScaling::ScalingPolicy
autoscaling_attachment
autoscaling_policy AutoScaling::ScalingPolicy
cloudtrail CloudTrail::Trail
cloudwatch_composite_alarm CloudWatch::CompositeAlarm
cloudwatch_event_rule Events::Rule
cloudwatch_event_target
cloudwatch_log_group Logs::LogGroup
cloudwatch_metric_alarm CloudWatch::Alarm
cloudwatch_query_definition Logs::QueryDefinition
codepipeline CodePipeline::Pipeline
cognito_identity_provider Cognito::UserPoolIdentityProvider
cognito_managed_user_pool_client
db_instance RDS::DBInstance
db_parameter_group RDS::DBParameterGroup
default_vpc
docdb_cluster_instance DocDB::DBInstance
dx_connection DirectConnect::Connection
dynamodb_global_table
dynamodb_table DynamoDB::Table
dynamodb_table_item
ebs_volume EC2::Volume
ec2_fleet EC2::EC2Fleet
ecr_lifecycle_policy
ecr_repository ECR::Repository
ecrpublic_repository ECR::PublicRepository
eip EC2::EIP
eks_node_group EKS::Nodegroup
elasticache_cluster ElastiCache::CacheCluster
elasticsearch_domain Elasticsearch::Domain
elb ElasticLoadBalancing::LoadBalancer
fsx_windows_file_system FSx::FileSystem
glue_catalog_table Glue::Table
iam_group_membership
iam_openid_connect_provider IAM::OIDCProvider
iam_policy IAM::ManagedPolicy
iam_role_policy IAM::RolePolicy
iam_user_policy_attachment
instance EC2::Instance
key_pair EC2::KeyPair
keyspaces_table Cassandra::Table
kms_grant
lambda_function_url Lambda::Url
lambda_permission Lambda::Permission
launch_configuration AutoScaling::LaunchConfiguration
lb ElasticLoadBalancingV2::LoadBalancer
lb_target_group_attachment
lex_bot
lexv2models_bot Lex::Bot
mq_broker AmazonMQ::Broker
msk_cluster MSK::Cluster
mskconnect_connector KafkaConnect::Connector
neptune_cluster Neptune::DBCluster
network_acl_rule EC2::NetworkAclEntry
opensearch_domain OpenSearchService::Domain
opensearchserverless_collection OpenSearchServerless::Collection
prometheus_workspace APS::Workspace
rds_cluster RDS::DBCluster
rds_cluster_instance RDS::DBInstance
redshift_subnet_group Redshift::ClusterSubnetGroup
route EC2::Route
route53_record Route53::RecordSet
route53_resolver_rule Route53Resolver::ResolverRule
route53_zone Route53::HostedZone
s3_bucket_policy S3::BucketPolicy
s3_bucket_versioning
s3_directory_bucket S3Express::DirectoryBucket
s3control_bucket S3Outposts::Bucket
secretsmanager_secret_version
security_group_rule
ses_email_identity
sesv2_email_identity SES::EmailIdentity
sfn_state_machine StepFunctions::StateMachine
sns_topic_subscription SNS::Subscription
sqs_queue_redrive_policy
ssm_parameter SSM::Parameter
ssoadmin_account_assignment SSO::Assignment
timestreamwrite_table Timestream::Table
vpc_dhcp_options EC2::DHCPOptions
vpc_security_group_ingress_rule EC2::SecurityGroupIngress
wafv2_web_acl WAFv2::WebACL
workspaces_pool WorkSpaces::WorkspacesPool";

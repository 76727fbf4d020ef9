//! CloudFormation's resource types, and the names that they have in Terraform's Cloud Control provider, `awscc`.
//!
//! Owns the data about them, packed, and the rule for those names. Never says anything of the AWS provider's types.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::handlers::Handlers;
use super::packed::{PackedText, first_word};

static HANDLERS: PackedText = PackedText::new(include_bytes!("data/cloudformation/handlers.packed"));

/// A line a type, sorted: its name without `AWS::`, and a `-` if its schema has no handlers.
const NAMES: &str = include_str!("data/cloudformation/names.txt");

/// The types that Cloud Control can serve: those that have handlers.
static BY_AWSCC_NAME: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
    let served = NAMES.lines().filter(|line| !line.contains(' '));
    served.filter_map(|name| Some((awscc_name(name)?, name))).collect()
});

/// What begins every type's name but a handful.
const AWS: &str = "AWS::";

/// What begins the names of the Cloud Control provider.
pub(super) const AWSCC: &str = "awscc_";

/// The handlers of a type, such as `AWS::S3::Bucket`.
pub(super) fn by_name(name: &str) -> Option<Handlers> {
    by_short_name(name.strip_prefix(AWS).unwrap_or(name)).filter(|handlers| name_of(*handlers) == name)
}

/// The handlers of a type whose name is without `AWS::`.
pub(super) fn by_short_name(name: &str) -> Option<Handlers> {
    HANDLERS.entry(name).map(Handlers::new)
}

/// The handlers of a type by its name in the Cloud Control provider, such as `awscc_s3_bucket`.
pub(super) fn by_awscc_name(name: &str) -> Option<Handlers> {
    BY_AWSCC_NAME.get(name).copied().and_then(by_short_name)
}

/// The whole name of the type, such as `AWS::S3::Bucket`.
pub(super) fn name_of(handlers: Handlers) -> String {
    whole(handlers.name())
}

fn whole(name: &str) -> String {
    if name.split("::").count() == 2 { format!("{AWS}{name}") } else { name.to_owned() }
}

/// The whole names of all types.
pub(super) fn names() -> impl Iterator<Item = String> {
    NAMES.lines().map(first_word).map(whole)
}

/// The names of all types in the Cloud Control provider.
pub(super) fn awscc_names() -> impl Iterator<Item = String> {
    BY_AWSCC_NAME.keys().cloned()
}

/// The name of a type in the Cloud Control provider: the service in lower case, the type in snake case. Types of others
/// than AWS have none.
fn awscc_name(short: &str) -> Option<String> {
    let (service, name) = short.split_once("::").filter(|(_, name)| !name.contains("::"))?;
    Some(format!("{AWSCC}{}_{}", service.to_ascii_lowercase(), snake_case(name)))
}

/// Words begin at a capital or a digit behind a small letter or a digit, and at the last of several capitals if a small
/// letter follows. Some names of products are one word.
fn snake_case(name: &str) -> String {
    let products = [
        ("CloudFormation", "Cloudformation"),
        ("CloudFront", "Cloudfront"),
        ("CloudWatch", "Cloudwatch"),
        ("FSx", "Fsx"),
        ("OTel", "Otel"),
    ];
    let name = products.iter().fold(name.to_owned(), |name, (product, word)| name.replace(product, word));
    let mut snake = String::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts = before.is_some_and(|before| {
            let small_follows = letters.peek().is_some_and(char::is_ascii_lowercase);
            match letter {
                'A'..='Z' => !before.is_ascii_uppercase() || small_follows,
                '0'..='9' => before.is_ascii_lowercase(),
                _ => false,
            }
        });
        if starts {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = Some(letter);
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cloud_control_names_are_those_of_the_provider() {
        for (short, name) in [
            ("S3::Bucket", "awscc_s3_bucket"),
            ("ApiGateway::BasePathMappingV2", "awscc_apigateway_base_path_mapping_v2"),
            ("AppSync::GraphQLApi", "awscc_appsync_graph_ql_api"),
            (
                "CloudFront::CloudFrontOriginAccessIdentity",
                "awscc_cloudfront_cloudfront_origin_access_identity",
            ),
            ("CloudWatch::OTelEnrichment", "awscc_cloudwatch_otel_enrichment"),
            ("EC2::VPCDHCPOptionsAssociation", "awscc_ec2_vpcdhcp_options_association"),
            ("IAM::OIDCProvider", "awscc_iam_oidc_provider"),
            ("RDS::DBInstance", "awscc_rds_db_instance"),
            ("DataSync::LocationFSxONTAP", "awscc_datasync_location_fsx_ontap"),
        ] {
            assert_eq!(awscc_name(short).as_deref(), Some(name));
            assert_eq!(by_awscc_name(name).map(Handlers::name), Some(short));
        }
        assert_eq!(awscc_name("AMZN::SDC::Deployment"), None);
    }

    #[test]
    fn a_type_is_found_by_its_whole_name_only() {
        assert!(by_name("AWS::S3::Bucket").is_some() && by_name("AMZN::SDC::Deployment").is_some());
        assert!(by_name("S3::Bucket").is_none() && by_name("AWS::AMZN::SDC::Deployment").is_none());
    }
}

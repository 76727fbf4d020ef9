//! Which CloudFormation type a resource type of the AWS provider stands for.
//!
//! Owns the rules; their exceptions are in `data/terraform-exceptions.txt`. Never takes the type of the object that a
//! resource is only a part of: that would grant the making of the whole.

use std::collections::{BTreeMap, BTreeSet};

/// The words that the AWS provider has for a service, the service as CloudFormation calls it, and what its types' names
/// there begin with where Terraform leaves it out. Without any word of a service it is EC2.
const SERVICES: &[(&str, &str, &str)] = &[
    ("acm", "CertificateManager", ""),
    ("alb", "ElasticLoadBalancingV2", ""),
    ("backup", "Backup", "backup"),
    ("bedrockagent", "Bedrock", ""),
    ("billing", "Billing", "billing"),
    ("chimesdkmediapipelines", "Chime", ""),
    ("chimesdkvoice", "Chime", ""),
    ("cloudhsm_v2", "CloudHSM", ""),
    ("cloudwatch_event", "Events", "event"),
    ("cloudwatch_log", "Logs", "log"),
    ("cognito", "Cognito", "userpool"),
    ("db", "RDS", "db"),
    ("docdb", "DocDB", "db"),
    ("dx", "DirectConnect", ""),
    ("ebs", "EC2", ""),
    ("inspector2", "InspectorV2", ""),
    ("keyspaces", "Cassandra", ""),
    ("lb", "ElasticLoadBalancingV2", ""),
    ("lexv2models", "Lex", ""),
    ("macie2", "Macie", ""),
    ("mailmanager", "SES", "mailmanager"),
    ("mq", "AmazonMQ", ""),
    ("mskconnect", "KafkaConnect", ""),
    ("neptune", "Neptune", "db"),
    ("odb", "ODB", "odb"),
    ("opensearch", "OpenSearchService", ""),
    ("pinpointsmsvoicev2", "SMSVOICE", ""),
    ("prometheus", "APS", ""),
    ("rds", "RDS", "db"),
    ("route53_resolver", "Route53Resolver", "resolver"),
    ("route53recoverycontrolconfig", "Route53RecoveryControl", ""),
    ("s3control", "S3", ""),
    ("s3control_object_lambda", "S3ObjectLambda", ""),
    ("schemas", "EventSchemas", ""),
    ("sesv2", "SES", ""),
    ("sfn", "StepFunctions", ""),
    ("ssoadmin", "SSO", ""),
    ("timestreamquery", "Timestream", ""),
    ("timestreamwrite", "Timestream", ""),
    ("vpc", "EC2", ""),
];

/// What stands for no counterpart, where a person looked for one.
const NONE: &str = "-";

/// The CloudFormation types, ready to be looked up.
pub(super) struct Rules {
    exceptions: BTreeMap<String, Vec<String>>,
    /// By service and name, in lower case and without a separator.
    whole: BTreeMap<String, String>,
    /// By service, and by name in lower case.
    within: BTreeMap<(String, String), String>,
}

impl Rules {
    /// The rules for the types of CloudFormation that there are, which refuse exceptions that are none.
    pub(super) fn new(
        cloudformation: BTreeSet<String>,
        exceptions: &str,
        types: &BTreeSet<String>,
    ) -> Result<Self, String> {
        let mut rules = Self { exceptions: BTreeMap::new(), whole: BTreeMap::new(), within: BTreeMap::new() };
        for name in &cloudformation {
            let Some((service, short)) = name.split_once("::") else { continue };
            rules.whole.insert(folded(&format!("{service}{short}")), name.clone());
            rules.within.insert((service.to_owned(), folded(short)), name.clone());
        }
        for line in exceptions.lines().filter(|line| !line.starts_with('#')) {
            let fault = |what: &str| Err(format!("terraform-exceptions.txt: {what}: {line}"));
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let counterparts: Vec<String> = words.map(str::to_owned).collect();
            let exist = |counterpart: &String| counterpart == NONE || cloudformation.contains(counterpart);
            if !types.contains(name) {
                return fault("the AWS provider has no such type");
            }
            if counterparts.is_empty() || !counterparts.iter().all(exist) {
                return fault("CloudFormation has no such type");
            }
            if rules.by_rule(name).into_iter().eq(counterparts.iter().map(String::as_str)) {
                return fault("a rule says so");
            }
            rules.exceptions.insert(name.to_owned(), counterparts);
        }
        Ok(rules)
    }

    /// The CloudFormation types that a resource type stands for, `-` if it has no counterpart; nothing if no rule gives
    /// one and nobody has looked yet.
    pub(super) fn cloudformation(&self, name: &str) -> Vec<&str> {
        match self.exceptions.get(name) {
            Some(counterparts) => counterparts.iter().map(String::as_str).collect(),
            None => self.by_rule(name).into_iter().collect(),
        }
    }

    /// Service and name are the same but for case and underscores, or become so with the service's other word; of
    /// several such words the longest counts.
    fn by_rule(&self, name: &str) -> Option<&str> {
        if let Some(whole) = self.whole.get(&folded(name)) {
            return Some(whole);
        }
        let mut homes: Vec<(&str, &str, &str)> = SERVICES
            .iter()
            .filter_map(|(words, service, noun)| {
                Some((name.strip_prefix(words)?.strip_prefix('_')?, *service, *noun))
            })
            .collect();
        homes.sort_by_key(|(rest, ..)| rest.len());
        homes.push((name, "EC2", ""));
        let names = homes.into_iter().flat_map(|(rest, service, noun)| {
            [(service, folded(rest)), (service, format!("{noun}{}", folded(rest)))]
        });
        let mut found = names.filter_map(|(service, name)| self.within.get(&(service.to_owned(), name)));
        found.next().map(String::as_str)
    }
}

/// Lower case, and no separators.
fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOUDFORMATION: [&str; 6] = [
        "S3::Bucket",
        "EC2::VPC",
        "RDS::DBInstance",
        "S3::AccessPoint",
        "S3ObjectLambda::AccessPoint",
        "IAM::ManagedPolicy",
    ];

    fn rules(exceptions: &str) -> Result<Rules, String> {
        let names = CLOUDFORMATION.map(str::to_owned).into();
        Rules::new(names, exceptions, &["iam_policy", "s3_bucket"].map(str::to_owned).into())
    }

    #[test]
    fn names_meet_without_case_and_underscores() {
        let rules = rules("").unwrap();
        assert_eq!(rules.cloudformation("s3_bucket"), ["S3::Bucket"]);
        assert_eq!(rules.cloudformation("vpc"), ["EC2::VPC"]);
        assert_eq!(rules.cloudformation("db_instance"), ["RDS::DBInstance"]);
        assert_eq!(
            rules.cloudformation("s3control_object_lambda_access_point"),
            ["S3ObjectLambda::AccessPoint"]
        );
        assert!(rules.cloudformation("s3_bucket_versioning").is_empty(), "part of a bucket, not a bucket");
    }

    #[test]
    fn exceptions_count_and_needless_ones_are_refused() {
        assert_eq!(
            rules("iam_policy IAM::ManagedPolicy").unwrap().cloudformation("iam_policy"),
            ["IAM::ManagedPolicy"]
        );
        assert!(rules("s3_bucket -").unwrap().cloudformation("s3_bucket").eq(&["-"]));
        for wrong in ["s3_bucket S3::Bucket", "s3_buckets S3::Bucket", "s3_bucket S3::Pail", "iam_policy"] {
            assert!(rules(wrong).is_err(), "{wrong}");
        }
    }
}

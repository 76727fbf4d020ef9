//! Services that have one endpoint for all regions of a partition.
//!
//! Owns the list, kept by hand. Never says where an endpoint is: it differs by partition.

/// Prefixes of services whose requests carry the region of their one endpoint as `aws:RequestedRegion`, wherever the
/// resources are. (IAM User Guide, "AWS global condition context keys", `aws:RequestedRegion`; AWS Control Tower Guide,
/// "Deny access to AWS based on the requested AWS Region", of whose exceptions those are here that have no endpoint
/// elsewhere.)
const SERVICES: &[&str] = &[
    "account",
    "artifact",
    "aws-marketplace",
    "aws-portal",
    "bcm-data-exports",
    "billing",
    "billingconductor",
    "budgets",
    "ce",
    "chatbot",
    "cloudfront",
    "cloudfront-keyvaluestore",
    "consolidatedbilling",
    "cur",
    "customer-verification",
    "ecr-public",
    "freetier",
    "globalaccelerator",
    "health",
    "iam",
    "invoicing",
    "networkmanager",
    "notifications-contacts",
    "organizations",
    "payments",
    "pricing",
    "purchase-orders",
    "route53",
    "route53-recovery-cluster",
    "route53-recovery-control-config",
    "route53-recovery-readiness",
    "route53domains",
    "savingsplans",
    "shield",
    "sts",
    "support",
    "supportplans",
    "sustainability",
    "tax",
    "trustedadvisor",
    "waf",
];

/// Actions of regional services that are of the whole account: the same guide excepts them.
const ACTIONS: &[&str] = &[
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAllMyBuckets",
    "s3:ListMultiRegionAccessPoints",
    "s3:PutAccountPublicAccessBlock",
];

/// Whether requests for the action go to one endpoint, so that a condition on `aws:RequestedRegion` says nothing about
/// where the resources are. `action` is spelled as in the catalogue.
pub(super) fn is_global(service: &str, action: &str) -> bool {
    SERVICES.contains(&service)
        || ACTIONS.iter().any(|known| known.split_once(':') == Some((service, action)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn every_service_and_action_is_in_the_catalogue() {
        assert!(SERVICES.is_sorted() && ACTIONS.is_sorted());
        for prefix in SERVICES {
            assert!(catalog::service(prefix).is_some(), "{prefix}");
        }
        for name in ACTIONS {
            assert!(catalog::action(name).is_ok_and(|action| action.to_string() == *name), "{name}");
        }
    }

    #[test]
    fn a_role_is_of_no_region_and_a_queue_is_of_one() {
        let is_global = |name| catalog::action(name).is_ok_and(catalog::Action::is_global);
        assert!(is_global("iam:CreateRole") && is_global("s3:ListAllMyBuckets"));
        assert!(!is_global("sqs:CreateQueue") && !is_global("s3:CreateBucket"));
    }
}

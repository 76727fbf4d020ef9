//! Partitions and the ARNs of IAM roles: pure text, nothing is looked up.

/// Region prefix of each partition other than `aws`.
/// Source: the partitions file that the AWS SDKs share (`partitions.json`, September 2026).
const PREFIXES: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
];

/// The partition of a region: `aws-cn` for `cn-north-1`; what no other partition claims is `aws`.
#[must_use]
pub fn partition_of(region: &str) -> &'static str {
    PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

/// Every partition, `aws` first.
pub fn partitions() -> impl Iterator<Item = &'static str> {
    std::iter::once("aws").chain(PREFIXES.iter().map(|(_, partition)| *partition))
}

/// The parts of an IAM or STS ARN that tell who and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub(super) partition: &'a str,
    pub(super) service: &'a str,
    pub(super) account_id: &'a str,
    pub(super) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `arn:partition:service:region:account:resource`; `None` for anything else.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let arn = parts.next()?;
        let partition = parts.next()?;
        let service = parts.next()?;
        let _region = parts.next()?;
        let account_id = parts.next()?;
        let resource = parts.next()?;
        (arn == "arn").then_some(Self { partition, service, account_id, resource })
    }

    /// The name of the role if this is the ARN of a role.
    pub(super) fn role_name(&self) -> Option<&'a str> {
        self.name_of("role/")
    }

    /// The name of the user if this is the ARN of a user.
    pub(super) fn user_name(&self) -> Option<&'a str> {
        self.name_of("user/")
    }

    fn name_of(&self, kind: &str) -> Option<&'a str> {
        let path_and_name = self.resource.strip_prefix(kind).filter(|_| self.service == "iam")?;
        path_and_name.rsplit('/').next()
    }
}

/// `arn:aws:iam::111111111111:role/path/name`; `path` begins and ends with a slash.
#[must_use]
pub fn role_arn(partition: &str, account_id: &str, path: &str, name: &str) -> String {
    format!("arn:{partition}:iam::{account_id}:role{path}{name}")
}

/// Twelve digits.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_found_by_its_regions() {
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("us-east-1", "aws"),
            ("ap-southeast-7", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-west-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }

    #[test]
    fn a_role_arn_comes_apart_as_it_was_put_together() {
        let text = role_arn("aws-cn", "111111111111", "/ci/", "deploy");
        assert_eq!(text, "arn:aws-cn:iam::111111111111:role/ci/deploy");
        let arn = Arn::parse(&text).unwrap();
        assert_eq!(
            (arn.partition, arn.account_id, arn.role_name()),
            ("aws-cn", "111111111111", Some("deploy"))
        );
        let user = Arn::parse("arn:aws:iam::111111111111:user/ops/x").unwrap();
        assert_eq!((user.role_name(), user.user_name()), (None, Some("x")));
        assert_eq!(Arn::parse("not an arn"), None);
    }

    #[test]
    fn account_ids_are_twelve_digits() {
        assert!(is_account_id("000000000000"));
        assert!(!is_account_id("00000000000") && !is_account_id("00000000000a") && !is_account_id(""));
    }
}

//! Amazon Resource Names.
//!
//! Owns their six parts and the forms that IAM's own resources take. Never knows the forms of other services, and
//! never matches patterns.

use std::fmt;

use thiserror::Error;

/// An ARN: `arn:partition:service:region:account:resource`.
///
/// Parts are kept as written, and printing gives back what was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arn {
    partition: String,
    service: String,
    region: String,
    account: String,
    resource: String,
}

impl Arn {
    /// Reads an ARN. Region and account may be empty, as they are for global and account-free resources.
    ///
    /// # Errors
    /// Text that does not start with `arn:`, has fewer than six parts, or leaves partition, service or resource empty.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let fail = |reason| ArnError { text: text.to_owned(), reason };
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return Err(fail(ArnFault::Prefix));
        }
        let (Some(partition), Some(service), Some(region), Some(account), Some(resource)) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(fail(ArnFault::Parts));
        };
        for (name, part) in [("partition", partition), ("service", service), ("resource", resource)] {
            if part.is_empty() {
                return Err(fail(ArnFault::Empty(name)));
            }
        }
        let [partition, service, region, account, resource] =
            [partition, service, region, account, resource].map(str::to_owned);
        Ok(Self { partition, service, region, account, resource })
    }

    /// Such as `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The service's prefix, such as `iam`.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The region; empty for IAM and other global services.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account id; `aws` for policies that AWS manages; empty for account-free resources such as buckets.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Everything after the account, further colons included.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Path and name, if this is an IAM role: `/ci/` and `planner` of `…:role/ci/planner`, `/` if it has no path.
    #[must_use]
    pub fn iam_role(&self) -> Option<(&str, &str)> {
        self.iam_path_and_name("role")
    }

    /// Path and name, if this is an IAM user.
    #[must_use]
    pub fn iam_user(&self) -> Option<(&str, &str)> {
        self.iam_path_and_name("user")
    }

    /// Path and name, if this is a managed policy, the customer's or AWS's.
    #[must_use]
    pub fn iam_policy(&self) -> Option<(&str, &str)> {
        self.iam_path_and_name("policy")
    }

    /// The issuer's URL without its scheme, if this is an OIDC provider.
    #[must_use]
    pub fn oidc_provider(&self) -> Option<&str> {
        self.iam_resource("oidc-provider")
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|url| !url.is_empty())
    }

    /// The provider's name, if this is a SAML provider.
    #[must_use]
    pub fn saml_provider(&self) -> Option<&str> {
        self.iam_resource("saml-provider")
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|name| !name.is_empty())
    }

    /// Whether this names an account as a whole: `arn:aws:iam::111122223333:root`.
    #[must_use]
    pub fn is_account_root(&self) -> bool {
        self.iam_resource("root") == Some("") && crate::principal::is_account_id(&self.account)
    }

    fn iam_path_and_name(&self, kind: &str) -> Option<(&str, &str)> {
        let rest = self.iam_resource(kind)?;
        let slash = rest.rfind('/')?;
        let (path, name) = rest.split_at_checked(slash.checked_add(1)?)?;
        (path.starts_with('/') && !name.is_empty()).then_some((path, name))
    }

    fn iam_resource(&self, kind: &str) -> Option<&str> {
        (self.service == "iam" && self.region.is_empty()).then(|| self.resource.strip_prefix(kind)).flatten()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(formatter, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// Why a text is not an ARN.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{text}` is not an ARN: {reason}")]
pub struct ArnError {
    text: String,
    reason: ArnFault,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum ArnFault {
    #[error("it does not start with `arn:`")]
    Prefix,
    #[error("it has fewer than the six parts of `arn:partition:service:region:account:resource`")]
    Parts,
    #[error("its {0} is empty")]
    Empty(&'static str),
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn printing_gives_back_what_was_parsed() {
        for text in [
            "arn:aws:iam::111122223333:role/ci/planner",
            "arn:aws:s3:::bucket/key:with:colons",
            "arn:aws-cn:ecs:cn-north-1:111122223333:task/a b",
        ] {
            assert_eq!(Arn::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_message_says_what_is_wrong() {
        for (text, reason) in [
            ("", "does not start with `arn:`"),
            ("ARN:aws:iam::1:root", "does not start with `arn:`"),
            ("arn:aws:iam", "fewer than the six parts"),
            ("arn::iam::1:root", "its partition is empty"),
            ("arn:aws:::1:root", "its service is empty"),
            ("arn:aws:s3:::", "its resource is empty"),
        ] {
            let message = Arn::parse(text).unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
    }

    #[test]
    fn iam_resources_are_recognized_by_their_form() {
        let arn = |resource: &str| Arn::parse(&format!("arn:aws:iam::111122223333:{resource}")).unwrap();
        assert_eq!(arn("role/planner").iam_role(), Some(("/", "planner")));
        assert_eq!(arn("role/ci/eu/planner").iam_role(), Some(("/ci/eu/", "planner")));
        assert_eq!(arn("role/").iam_role(), None);
        assert_eq!(arn("roles/planner").iam_role(), None);
        assert_eq!(arn("user/alice").iam_user(), Some(("/", "alice")));
        assert_eq!(arn("user/alice").iam_role(), None);
        assert_eq!(arn("policy/a/b").iam_policy(), Some(("/a/", "b")));
        assert_eq!(arn("oidc-provider/gitlab.com/x").oidc_provider(), Some("gitlab.com/x"));
        assert_eq!(arn("saml-provider/okta").saml_provider(), Some("okta"));
        assert!(arn("root").is_account_root());
        assert!(!arn("rooted").is_account_root());
        assert!(!Arn::parse("arn:aws:iam::12:root").unwrap().is_account_root());
        assert_eq!(Arn::parse("arn:aws:sts::111122223333:role/x").unwrap().iam_role(), None);
    }
}

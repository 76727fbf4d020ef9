//! Who a session is, as AWS itself says.

use super::partition::Arn;
use super::{Error, Kind};

/// The caller behind an account's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account, 12 digits.
    pub account_id: String,
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: String,
    /// The caller: a user, the root, or `arn:aws:sts::…:assumed-role/<role>/<session>`.
    pub arn: String,
    /// AWS's id for the caller, such as `AROA…:session`.
    pub user_id: String,
}

impl Identity {
    /// From what `sts:GetCallerIdentity` or `sts:AssumeRole` answered.
    pub(super) fn new(operation: &'static str, arn: &str, user_id: &str) -> Result<Self, Error> {
        let parsed = Arn::parse(arn)
            .filter(|arn| super::partition::is_account_id(arn.account_id))
            .ok_or_else(|| Error::new(Kind::Other, operation, format!("{arn:?} is no ARN of a caller")))?;
        Ok(Self {
            account_id: parsed.account_id.to_owned(),
            partition: parsed.partition.to_owned(),
            arn: arn.to_owned(),
            user_id: user_id.to_owned(),
        })
    }

    /// The role of which this is a session, without its path (AWS leaves the path out of session ARNs); `None` for
    /// users and the root.
    #[must_use]
    pub fn role_name(&self) -> Option<&str> {
        Arn::parse(&self.arn)?.resource.strip_prefix("assumed-role/")?.split('/').next()
    }

    /// Whether this is a session of a role: what it assumes next is role chaining, capped at one hour.
    #[must_use]
    pub fn is_role_session(&self) -> bool {
        self.role_name().is_some()
    }

    /// Whether this is an IAM user.
    pub(super) fn is_user(&self) -> bool {
        Arn::parse(&self.arn).is_some_and(|arn| arn.resource.starts_with("user/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(arn: &str) -> Identity {
        Identity::new("sts:GetCallerIdentity", arn, "AIDA").unwrap()
    }

    #[test]
    fn a_session_knows_its_role() {
        let session = identity("arn:aws:sts::111111111111:assumed-role/deploy/build-7");
        assert_eq!(session.role_name(), Some("deploy"));
        assert_eq!((session.account_id.as_str(), session.partition.as_str()), ("111111111111", "aws"));
    }

    #[test]
    fn users_and_root_are_no_role_sessions() {
        let user = identity("arn:aws-us-gov:iam::111111111111:user/ops/alice");
        assert!(user.is_user() && !user.is_role_session());
        assert!(!identity("arn:aws:iam::111111111111:root").is_role_session());
        assert!(Identity::new("sts:GetCallerIdentity", "arn:aws:iam::x:root", "").is_err());
    }
}

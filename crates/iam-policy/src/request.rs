//! A request: who asks to do what, on what, in which circumstances.
//!
//! Owns the noun and the condition keys that follow from caller and resource. Never decides.

use crate::{Arn, Context, principal};

/// One call of the AWS API, as far as its authorization goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    caller: Caller,
    action: String,
    resource: String,
    context: Context,
}

impl Request {
    /// A request by `caller` to do `action` (such as `s3:GetObject`; case does not matter) on `resource`: an ARN, or
    /// `*` for actions that are done to no resource.
    ///
    /// The condition keys that follow from caller and resource (`aws:PrincipalArn`, `aws:PrincipalAccount`,
    /// `aws:PrincipalType`, `aws:PrincipalIsAWSService`, `aws:PrincipalServiceName`, `aws:username`,
    /// `aws:ResourceAccount`) are added to `context` unless it mentions them. (IAM User Guide, "AWS global condition
    /// context keys".)
    pub fn new(
        caller: Caller,
        action: impl Into<String>,
        resource: impl Into<String>,
        context: Context,
    ) -> Self {
        let resource = resource.into();
        let account = account_of(&resource).map(|account| ("aws:ResourceAccount", Some(account.to_owned())));
        let context =
            caller.keys().into_iter().chain(account).fold(context, |context, (key, value)| match value {
                _ if context.mentions(key) => context,
                Some(value) => context.with(key, [value]),
                None => context.without(key),
            });
        Self { caller, action: action.into(), resource, context }
    }

    /// Who calls.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Such as `s3:GetObject`.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The ARN of what it is done to, or `*`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The condition keys of the request, those that follow from caller and resource among them.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The account that the resource belongs to, if its ARN says so. That of a bucket does not.
    #[must_use]
    pub fn resource_account(&self) -> Option<&str> {
        account_of(&self.resource)
    }
}

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A session of a role.
    Role {
        /// The role's ARN, `arn:aws:iam::111122223333:role/ci/planner`, with its path.
        arn: String,
        /// The session's name; `None` if it is not known.
        session: Option<String>,
    },
    /// An IAM user.
    User {
        /// The user's ARN, with its path.
        arn: String,
    },
    /// The root user of an account.
    Root {
        /// `arn:aws:iam::111122223333:root`
        arn: String,
    },
    /// An AWS service on its own behalf, such as `ecs-tasks.amazonaws.com`.
    Service {
        /// The service principal.
        name: String,
    },
    /// Whoever holds a token of an identity provider and has no AWS credentials yet.
    Federated {
        /// The provider's ARN, or the name of one that AWS knows by itself, such as `accounts.google.com`.
        provider: String,
    },
    /// Nobody that AWS knows.
    Anonymous,
    /// Somebody of whom nothing is known.
    Unknown,
}

impl Caller {
    /// The ARN that policies know this caller by, if it has one.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        match self {
            Self::Role { arn, .. } | Self::User { arn } | Self::Root { arn } => Some(arn),
            Self::Federated { provider } => Some(provider),
            Self::Service { .. } | Self::Anonymous | Self::Unknown => None,
        }
    }

    /// The account that this caller belongs to, if it belongs to one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Role { arn, .. } | Self::User { arn } | Self::Root { arn } => account_of(arn),
            Self::Service { .. } | Self::Federated { .. } | Self::Anonymous | Self::Unknown => None,
        }
    }

    /// The global condition keys that follow from who this is; `None` is a key that is absent then.
    fn keys(&self) -> Vec<(&'static str, Option<String>)> {
        let kind = match self {
            Self::Role { .. } => Some("AssumedRole"),
            Self::User { .. } => Some("User"),
            Self::Root { .. } => Some("Account"),
            Self::Anonymous => Some("Anonymous"),
            Self::Service { .. } | Self::Federated { .. } => None,
            Self::Unknown => return Vec::new(),
        };
        let service = if let Self::Service { name } = self { Some(name.clone()) } else { None };
        let mut keys = vec![
            ("aws:PrincipalIsAWSService", Some(service.is_some().to_string())),
            ("aws:PrincipalServiceName", service),
        ];
        if let Self::Role { arn, .. } | Self::User { arn } | Self::Root { arn } = self {
            let user = Arn::parse(arn).ok().and_then(|arn| Some(arn.iam_user()?.1.to_owned()));
            keys.push(("aws:PrincipalArn", Some(arn.clone())));
            keys.push(("aws:username", user));
        }
        keys.extend(self.account().map(|account| ("aws:PrincipalAccount", Some(account.to_owned()))));
        keys.extend(kind.map(|kind| ("aws:PrincipalType", Some(kind.to_owned()))));
        keys
    }
}

/// The fifth part. Counts bytes by hand: a decision reads two ARNs, and the parts are too short for a search to pay.
fn account_of(arn: &str) -> Option<&str> {
    let mut colons = arn.bytes().zip(0..).filter(|(byte, _)| *byte == b':').map(|(_, place)| place);
    let (before, after) = (colons.nth(3)?, colons.next().unwrap_or(arn.len()));
    arn.get(before + 1..after).filter(|account| principal::is_account_id(account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    fn planner() -> Caller {
        Caller::Role { arn: "arn:aws:iam::111122223333:role/ci/planner".to_owned(), session: None }
    }

    #[test]
    fn keys_follow_from_caller_and_resource() {
        let queue = "arn:aws:sqs:eu-west-1:444455556666:jobs";
        let request = Request::new(planner(), "sqs:SendMessage", queue, Context::partial());
        let known = |key| match request.context().get(key) {
            Value::Known([one]) => Some(one.as_str()),
            _ => None,
        };
        assert_eq!(known("aws:PrincipalArn"), Some("arn:aws:iam::111122223333:role/ci/planner"));
        assert_eq!(known("aws:PrincipalAccount"), Some("111122223333"));
        assert_eq!(known("aws:PrincipalType"), Some("AssumedRole"));
        assert_eq!(known("aws:ResourceAccount"), Some("444455556666"));
        assert_eq!(request.context().get("aws:username"), Value::Absent);
        assert_eq!(request.context().get("aws:SourceIp"), Value::Unknown);
    }

    #[test]
    fn a_bucket_does_not_say_whose_it_is() {
        let request = Request::new(planner(), "s3:GetObject", "arn:aws:s3:::state/key", Context::partial());
        assert_eq!(request.resource_account(), None);
        assert_eq!(request.context().get("aws:ResourceAccount"), Value::Unknown);
    }

    #[test]
    fn what_the_context_mentions_stays() {
        let context = Context::complete().unknown("aws:principalarn").with("aws:ResourceAccount", ["1"]);
        let request = Request::new(planner(), "sts:AssumeRole", "arn:aws:iam::111122223333:role/x", context);
        assert_eq!(request.context().get("aws:PrincipalArn"), Value::Unknown);
        assert_eq!(request.context().get("aws:ResourceAccount"), Value::Known(&["1".to_owned()]));
    }
}

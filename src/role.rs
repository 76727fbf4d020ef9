//! The lifecycle of one IAM role, from what is wanted to what is there.
//!
//! Owns the order of calls, what may be removed, and what is never forgotten when a step fails. Knows nothing of
//! Terraform, and nothing of what a role is for.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::Error;

mod create;
mod delete;
mod difference;
mod documents;
mod grant;
mod owned;
mod read;
mod rules;
mod step;
mod trust;
mod update;

pub use create::create;
pub use delete::{Contents, delete};
pub use documents::same_policy;
pub use grant::Grant;
pub use owned::owned_arn;
pub use read::{orphans, policy_document, read};
pub use rules::{ELEVATION_PREFIX, IgnoreTags, REVOKE_POLICY, Rules, Tolerate, Unmanaged};
pub use trust::same_trust;
pub use update::{Change, update};

/// A role as it is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleSpec {
    /// 1 to 64 characters, unique in the account without regard to case; never changes.
    pub name: String,
    /// With a slash at both ends; never changes.
    pub path: String,
    /// Up to 1,000 characters; none and empty are the same to IAM.
    pub description: Option<String>,
    /// The trust policy, JSON.
    pub assume_role_policy: String,
    /// Seconds, 3,600 to 43,200.
    pub max_session_duration: i32,
    /// ARN of the boundary policy.
    pub permissions_boundary: Option<String>,
    /// All tags, the provider's defaults among them.
    pub tags: BTreeMap<String, String>,
    /// Inline policies: JSON by name.
    pub inline_policies: BTreeMap<String, String>,
    /// ARNs of the attached managed policies that are not the role's own.
    pub managed_policy_arns: BTreeSet<String>,
    /// Attached customer-managed policies that belong to this role alone, have its path, and are deleted with it:
    /// JSON by name. At most 6,144 characters each.
    pub owned_policies: BTreeMap<String, String>,
}

/// A role as AWS has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveRole {
    /// The role's ARN.
    pub arn: String,
    /// `AROA…`; another after the role was deleted and made again.
    pub unique_id: String,
    /// RFC 3339.
    pub create_date: String,
    /// The account, 12 digits.
    pub account_id: String,
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: String,
    /// Everything that can be wanted of it; the description is `None` when it is empty.
    pub spec: RoleSpec,
    /// Owned policies that are there without being attached: half-made, or detached by somebody. JSON by name.
    pub detached_policies: BTreeMap<String, String>,
}

impl LiveRole {
    /// The ARN of the policy `name` that the role owns, or would.
    #[must_use]
    pub fn owned_arn(&self, name: &str) -> String {
        owned_arn((&self.partition, &self.account_id), &self.spec.path, name)
    }
}

/// A change that did not come to its end.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub error: Error,
    /// The role as far as it came. `None` when nothing was created.
    pub reached: Option<Box<LiveRole>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, reached: None }
    }
}

#[cfg(test)]
mod tests;

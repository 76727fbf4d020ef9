//! The limits that IAM sets on policies.
//!
//! Owns the numbers and the form of a policy's name. Never measures a document: see [`size`](crate::size()).
//!
//! Source, unless said otherwise: IAM User Guide, "IAM and AWS STS quotas". Sizes are in characters without white
//! space.

/// Size of all inline policies of one role together. Cannot be raised.
pub const INLINE_POLICIES_PER_ROLE: usize = 10_240;

/// Size of one customer-managed policy. Cannot be raised.
pub const MANAGED_POLICY: usize = 6_144;

/// Number of versions of one customer-managed policy. Cannot be raised.
pub const MANAGED_POLICY_VERSIONS: usize = 5;

/// Size of a role's trust policy, unless the account's quota was raised (Service Quotas `L-C07B4B0D`).
pub const TRUST_POLICY: usize = 2_048;

/// Size of a role's trust policy where the account's quota was raised as far as it goes.
///
/// As documented in late 2026 (4,096 in March). AWS raises such limits now and then: `iam:GetAccountSummary` returns
/// the account's own as `AssumeRolePolicySizeQuota`.
pub const TRUST_POLICY_RAISED: usize = 8_192;

/// Number of managed policies attached to one role, unless the account's quota was raised.
pub const MANAGED_POLICIES_PER_ROLE: usize = 10;

/// Number of managed policies attached to one role where the account's quota was raised as far as it goes.
pub const MANAGED_POLICIES_PER_ROLE_RAISED: usize = 25;

/// Number of characters that a policy's name may have at most.
pub const POLICY_NAME: usize = 128;

/// Whether IAM takes `name` as the name of an inline or managed policy: 1 to 128 of `[\w+=,.@-]`.
///
/// (IAM API Reference, `PutRolePolicy` and `CreatePolicy`, parameter `PolicyName`; `\w` is ASCII there.)
#[must_use]
pub fn is_policy_name(name: &str) -> bool {
    (1..=POLICY_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::is_policy_name;

    #[test]
    fn a_policy_name_is_short_and_plain() {
        assert!(is_policy_name("state_read+write=a,b.c@d-e"));
        assert!(is_policy_name(&"a".repeat(128)));
        for name in ["", "with space", "slash/ed", "é", &"a".repeat(129)] {
            assert!(!is_policy_name(name), "{name}");
        }
    }
}

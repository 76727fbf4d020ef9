//! What the provider block says about reaching AWS, as plain values.
//!
//! Owns names and defaults; never reads a file, the environment or the network.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::patience::Patience;

/// Everything that decides how AWS is reached. `Default` is "as the AWS SDK does on its own".
///
/// What is set here beats the environment and the shared files.
#[derive(Clone, Default)]
pub struct Settings {
    /// Region for STS and for the partition of ARNs; IAM itself is global.
    pub region: Option<String>,
    /// Profile of the shared files; beats the environment's keys.
    pub profile: Option<String>,
    /// Static access key id; needs `secret_key`.
    pub access_key: Option<String>,
    /// Static secret access key.
    pub secret_key: Option<Secret>,
    /// Session token that belongs to the static keys.
    pub token: Option<Secret>,
    /// Files read instead of `~/.aws/config`.
    pub shared_config_files: Vec<PathBuf>,
    /// Files read instead of `~/.aws/credentials`.
    pub shared_credentials_files: Vec<PathBuf>,
    /// Service endpoints other than AWS's own.
    pub endpoints: Endpoints,
    /// PEM file of the only certificate authorities to trust (else `AWS_CA_BUNDLE`, else the system's).
    pub custom_ca_bundle: Option<PathBuf>,
    /// Proxy for every request (else `HTTPS_PROXY` and kin). `NO_PROXY` holds for both.
    pub http_proxy: Option<String>,
    /// FIPS endpoints.
    pub use_fips_endpoint: Option<bool>,
    /// Dual-stack (IPv6) endpoints.
    pub use_dualstack_endpoint: Option<bool>,
    /// How often a throttled or failed call is repeated at most; default 24.
    pub max_retries: Option<u32>,
    /// How retries are paced.
    pub retry_mode: Option<RetryMode>,
    /// Roles to assume one after the other, starting from the base credentials.
    pub assume_role: Vec<Hop>,
    /// Role to assume with an OIDC token instead of any other base credentials.
    pub assume_role_with_web_identity: Option<WebIdentity>,
    /// How to enter other accounts.
    pub account_role: Option<AccountRole>,
    /// If not empty, the only accounts to work in.
    pub allowed_account_ids: Vec<String>,
    /// Accounts never to work in.
    pub forbidden_account_ids: Vec<String>,
    /// Product and version, such as `terraform-provider-deployrunner/0.1.0`, for CloudTrail.
    pub user_agent: Option<String>,
    /// Bounds of our own retries.
    pub patience: Patience,
}

impl fmt::Debug for Settings {
    /// Only what cannot hold a secret: a proxy's URL may carry a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("region", &self.region)
            .field("profile", &self.profile)
            .field("assume_role", &self.assume_role)
            .field("account_role", &self.account_role)
            .finish_non_exhaustive()
    }
}

/// Text that no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the request that needs it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Endpoint URLs by service; `None` is AWS's own.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    /// IAM.
    pub iam: Option<String>,
    /// STS.
    pub sts: Option<String>,
    /// IAM Access Analyzer.
    pub access_analyzer: Option<String>,
}

/// How the SDK paces its retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryMode {
    /// Exponential backoff with jitter.
    Standard,
    /// The same, and the client slows down while it is throttled.
    Adaptive,
}

/// One `sts:AssumeRole`.
#[derive(Clone, Debug, Default)]
pub struct Hop {
    /// The role.
    pub role_arn: String,
    /// Name of the session; default `terraform-provider-deployrunner`.
    pub session_name: Option<String>,
    /// What the role's trust policy asks third parties for.
    pub external_id: Option<String>,
    /// Length of the session in seconds, 900 to 43,200; default 3,600, and never more when a role assumes a role.
    pub duration: Option<i32>,
    /// Session policy, JSON.
    pub policy: Option<String>,
    /// Managed policies used as session policies.
    pub policy_arns: Vec<String>,
    /// Source identity, kept along the chain.
    pub source_identity: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of the session tags that are kept along the chain.
    pub transitive_tag_keys: Vec<String>,
}

/// `sts:AssumeRoleWithWebIdentity`.
#[derive(Clone, Debug)]
pub struct WebIdentity {
    /// The role.
    pub role_arn: String,
    /// Name of the session; default `terraform-provider-deployrunner`.
    pub session_name: Option<String>,
    /// Length of the session in seconds, 900 to 43,200; default 3,600.
    pub duration: Option<i32>,
    /// The OIDC token.
    pub token: WebIdentityToken,
}

/// Where the OIDC token is.
#[derive(Clone, Debug)]
pub enum WebIdentityToken {
    /// Here.
    Inline(Secret),
    /// In a file that is read again for every session, since runners renew it.
    File(PathBuf),
}

/// How to enter an account that is not the base account.
#[derive(Clone, Debug, Default)]
pub struct AccountRole {
    /// Name of the role, the same in every account; may be missing when `overrides` names every account.
    pub name: Option<String>,
    /// Path of that role; default `/`.
    pub path: Option<String>,
    /// As in [`Hop`].
    pub external_id: Option<String>,
    /// As in [`Hop`].
    pub session_name: Option<String>,
    /// As in [`Hop`], in seconds.
    pub duration: Option<i32>,
    /// Full role ARN by account id, for the accounts that differ.
    pub overrides: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let settings = Settings {
            secret_key: Some(Secret::new("hunter2")),
            token: Some(Secret::new("hunter3")),
            http_proxy: Some("http://me:hunter5@proxy".to_owned()),
            assume_role_with_web_identity: Some(WebIdentity {
                role_arn: "arn".to_owned(),
                session_name: None,
                duration: None,
                token: WebIdentityToken::Inline(Secret::new("hunter4")),
            }),
            ..Settings::default()
        };
        let shown = format!("{settings:?} {:?} {:?}", settings.token, settings.assume_role_with_web_identity);
        assert!(!shown.contains("hunter"), "{shown}");
    }
}

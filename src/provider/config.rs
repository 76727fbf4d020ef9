//! The provider block, as users write it. The arguments that log in to AWS are those of the AWS provider.

use crate::checks;
use crate::guard;
use tfplug::object;
use tfplug::schema::{List, Map, Set, optional, required};

object! {
    /// Gives each AWS account the IAM side of a CI/CD deploy runner: separate roles for each thing that CI
    /// does, each trusted only by whoever may start it, each holding no more than it needs.
    ///
    /// Credentials come from the AWS SDK's own chain (environment, profiles, SSO, web identity, ECS, EC2),
    /// unless the provider block says otherwise. One provider block reaches every account of an organization:
    /// set `account_role`, and `account_id` on each resource.
    pub struct Config {
        /// AWS region. IAM is global; the region decides the partition (`aws`, `aws-cn`, `aws-us-gov`…) and which STS endpoint answers. Defaults to `AWS_REGION`, the profile's region, or `us-east-1`.
        pub region: String = optional(),
        /// Profile of the shared configuration and credentials files. Defaults to `AWS_PROFILE`.
        pub profile: String = optional(),
        /// AWS access key ID. Must be set together with `secret_key`. Prefer roles and profiles: what stands in a configuration gets into version control.
        pub access_key: String = optional(),
        /// AWS secret access key. Must be set together with `access_key`.
        pub secret_key: String = optional().sensitive(),
        /// Session token of temporary credentials.
        pub token: String = optional().sensitive(),
        /// Shared configuration files. Defaults to `~/.aws/config`.
        pub shared_config_files: List<String> = optional(),
        /// Shared credentials files. Defaults to `~/.aws/credentials`.
        pub shared_credentials_files: List<String> = optional(),
        /// Other endpoints than AWS's own, for private networks and tests.
        pub endpoints: Endpoints = optional(),
        /// File of PEM certificates to trust instead of the system's. Defaults to `AWS_CA_BUNDLE`.
        pub custom_ca_bundle: String = optional(),
        /// URL of a proxy for all requests. Defaults to `HTTPS_PROXY`; `NO_PROXY` applies to both.
        pub http_proxy: String = optional(),
        /// Use FIPS endpoints.
        pub use_fips_endpoint: bool = optional(),
        /// Use dual-stack (IPv4 and IPv6) endpoints.
        pub use_dualstack_endpoint: bool = optional(),
        /// How often at most a throttled or failed call is repeated. Defaults to 24, so that a call is tried 25 times. A call that does not reach AWS at all is tried 3 times at most.
        pub max_retries: i64 = optional().check(checks::max_retries),
        /// How retries are paced: `standard`, or `adaptive`, which slows down while AWS throttles.
        pub retry_mode: String = optional().one_of(&["standard", "adaptive"]),
        /// Roles to assume one after another, starting from the base credentials: each hop is assumed with the credentials of the one before. Sessions of every hop after the first last one hour at most (role chaining).
        pub assume_role: List<AssumeRole> = optional(),
        /// Role to assume with a web identity token, instead of other base credentials.
        pub assume_role_with_web_identity: AssumeRoleWithWebIdentity = optional(),
        /// How to enter other accounts. A resource with `account_id` is managed through this role of its account.
        pub account_role: AccountRole = optional(),
        /// The only AWS account IDs in which anything may be changed; without it, every account may be. Conflicts with `forbidden_account_ids`.
        pub allowed_account_ids: Set<String> = optional().check_each(checks::account_id),
        /// AWS account IDs in which nothing may be changed. Conflicts with `allowed_account_ids`.
        pub forbidden_account_ids: Set<String> = optional().check_each(checks::account_id),
        /// Tags for every resource of this provider. A resource's own `tags` win.
        pub default_tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
        /// What the guard's rules come to: rule to `deny` (an error in the plan), `warn` or `off`. A resource's own `guard` wins. The guide "The guard" has every rule and what it comes to otherwise.
        pub guard: Map<String> = optional().check_keys(guard::check_rule).check_each(guard::check_level),
        /// Tags of which drift takes no notice, and which are never changed.
        pub ignore_tags: IgnoreTags = optional(),
    }
}

object! {
    /// Endpoint URLs by service.
    pub struct Endpoints {
        /// URL of the IAM endpoint. Defaults to `AWS_ENDPOINT_URL_IAM`, then AWS's own.
        pub iam: String = optional().check(checks::endpoint),
        /// URL of the STS endpoint. Defaults to `AWS_ENDPOINT_URL_STS`, then AWS's own.
        pub sts: String = optional().check(checks::endpoint),
        /// URL of the IAM Access Analyzer endpoint. Nothing asks it yet.
        pub access_analyzer: String = optional().check(checks::endpoint),
    }
}

object! {
    /// One hop.
    pub struct AssumeRole {
        /// ARN of the role.
        pub role_arn: String = required().check(checks::role_arn),
        /// Name of the session, which CloudTrail shows.
        pub session_name: String = optional().check(checks::session_name),
        /// External ID that the role's trust policy asks for.
        pub external_id: String = optional().check(checks::external_id),
        /// How long the session lasts, such as `1h` or `30m`: 15 minutes to 12 hours, one hour for every hop after the first.
        pub duration: String = optional().check(checks::session_length),
        /// Session policy in JSON, which narrows what the session may do.
        pub policy: String = optional().check(checks::session_policy),
        /// ARNs of managed policies which narrow what the session may do; at most 10.
        pub policy_arns: Set<String> = optional().check_each(checks::policy_arn),
        /// Source identity, kept along the chain and shown by CloudTrail.
        pub source_identity: String = optional().check(checks::source_identity),
        /// Session tags.
        pub tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
        /// Keys of session tags that are passed on along the chain.
        pub transitive_tag_keys: Set<String> = optional(),
    }
}

object! {
    /// A role assumed with an OIDC token.
    pub struct AssumeRoleWithWebIdentity {
        /// ARN of the role. Defaults to `AWS_ROLE_ARN`.
        pub role_arn: String = optional().check(checks::role_arn),
        /// Name of the session, which CloudTrail shows. Defaults to `AWS_ROLE_SESSION_NAME`.
        pub session_name: String = optional().check(checks::session_name),
        /// How long the session lasts, such as `1h`: 15 minutes to 12 hours.
        pub duration: String = optional().check(checks::session_length),
        /// The token. One of `web_identity_token` and `web_identity_token_file`.
        pub web_identity_token: String = optional().sensitive(),
        /// File that holds the token; read again for each session. Defaults to `AWS_WEB_IDENTITY_TOKEN_FILE`.
        pub web_identity_token_file: String = optional(),
    }
}

object! {
    /// The role through which other accounts are entered.
    pub struct AccountRole {
        /// Name of the role, the same in every account, such as `OrganizationAccountAccessRole`.
        pub name: String = optional().check(checks::role_name),
        /// Path of the role. Defaults to `/`.
        pub path: String = optional().check(checks::path),
        /// External ID that the role's trust policy asks for.
        pub external_id: String = optional().check(checks::external_id),
        /// Name of the session, which CloudTrail shows.
        pub session_name: String = optional().check(checks::session_name),
        /// How long the session lasts, such as `1h`. At most one hour where the base credentials are a role's.
        pub duration: String = optional().check(checks::session_length),
        /// Full role ARN by account ID, for the accounts that differ.
        pub overrides: Map<String> = optional().check_keys(checks::account_id).check_each(checks::role_arn),
    }
}

object! {
    /// Tags to leave alone.
    pub struct IgnoreTags {
        /// Tag keys.
        pub keys: Set<String> = optional().check_each(checks::ignored_tag),
        /// Beginnings of tag keys.
        pub key_prefixes: Set<String> = optional().check_each(checks::ignored_tag),
    }
}

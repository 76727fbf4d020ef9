//! What is known of the issuers of tokens: who shares them, how their subjects read, and which claims AWS passes on.
//!
//! Never judges a policy.
//!
//! Sources: IAM user guide, "Identity-provider controls for shared OIDC providers" and "Available keys for AWS OIDC
//! federation"; the issuers' own documentation of their tokens.

/// Whose tokens an issuer signs, which decides how its subjects read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// GitHub Actions, also of GitHub Enterprise.
    GitHub,
    /// GitLab, also on hosts of one's own.
    GitLab,
    /// HCP Terraform.
    HcpTerraform,
    /// Buildkite.
    Buildkite,
    /// CircleCI.
    CircleCi,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// Spacelift.
    Spacelift,
    /// Any other, of whose subjects nothing is known.
    Other,
}

/// Issuers that sign for everybody's tenants alike. IAM refuses a role that trusts one of them without looking at the claim
/// that names the tenant; of Google's and env zero's it does not. (IAM user guide, "Identity-provider controls for shared
/// OIDC providers"; env zero Docs, "OIDC with AWS".)
const SHARED: &[&str] = &[
    "accounts.google.com",
    "agent.buildkite.com",
    "api.pulumi.com/oidc",
    "api.pulumi.com/oidc/v2",
    "app.terraform.io",
    "gitlab.com",
    "login.app.env0.com",
    "oidc.codefresh.io",
    "oidc.vercel.com",
    "proidc.upbound.io",
    "sandboxes.cloud",
    "scalr.io",
    "studio.datachain.ai/api",
    "token.actions.githubusercontent.com",
    "tokens.cloud.shisho.dev",
];

/// Those of them whose audience names the tenant: `aws:<organization>` of Pulumi, `https://vercel.com/<team>` of Vercel.
const TENANT_BY_AUDIENCE: &[&str] =
    &["api.pulumi.com/oidc", "api.pulumi.com/oidc/v2", "oidc.vercel.com", "sandboxes.cloud"];

/// The parts of a subject that name its tenant, by what stands before the name, of issuers that are of no family. A subject of
/// Google's is a number, of which a part says nothing. (Vercel Docs, "OIDC federation reference"; Pulumi Docs, "Configuring
/// OpenID Connect for AWS"; Upbound Docs, "Use OIDC with AWS".)
const TENANTS: &[(&str, &[&str])] = &[
    ("accounts.google.com", &[]),
    ("api.pulumi.com/oidc", &["org:", "pulumi.organization.login:"]),
    ("api.pulumi.com/oidc/v2", &["org:", "pulumi.organization.login:"]),
    ("oidc.vercel.com", &["owner:"]),
    ("proidc.upbound.io", &["mcp:"]),
];

/// Issuers that IAM knows by itself, of whose claims AWS passes on more than is listed here.
const BUILT_IN: &[&str] =
    &["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

/// Claims of every issuer that AWS passes on.
const CLAIMS: &[&str] = &["aud", "sub", "amr", "email", "oaud"];

/// Claims of GitHub's tokens that AWS passes on besides.
const GITHUB_CLAIMS: &[&str] = &[
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];

/// How the subjects of a family begin.
const BEGINNINGS: &[(&str, Family)] = &[
    ("repo:", Family::GitHub),
    ("project_path:", Family::GitLab),
    ("org/", Family::CircleCi),
    ("space:", Family::Spacelift),
    ("{", Family::Bitbucket),
];

impl Family {
    /// The family of an issuer; of one that anybody may host, by a subject that is expected of it.
    #[must_use]
    pub fn of(issuer: &str, subject: &str) -> Self {
        let host = issuer.split('/').next().unwrap_or_default();
        match host {
            "gitlab.com" => Self::GitLab,
            "app.terraform.io" => Self::HcpTerraform,
            "agent.buildkite.com" => Self::Buildkite,
            "oidc.circleci.com" => Self::CircleCi,
            "api.bitbucket.org" => Self::Bitbucket,
            _ if host == "token.actions.githubusercontent.com" || issuer.ends_with("/_services/token") => {
                Self::GitHub
            }
            _ if host.starts_with("token.actions.") && host.ends_with(".ghe.com") => Self::GitHub,
            _ if host.ends_with(".spacelift.io") => Self::Spacelift,
            _ if subject.contains(":pipeline:") => Self::Buildkite,
            _ if subject.starts_with("organization:") => Self::HcpTerraform,
            _ => {
                let known = BEGINNINGS.iter().find(|(beginning, _)| subject.starts_with(beginning));
                known.map_or(Self::Other, |(_, family)| *family)
            }
        }
    }

    fn tenants(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &[
                "repo:",
                "repository:",
                "repository_id:",
                "repository_owner:",
                "repository_owner_id:",
                "enterprise:",
                "enterprise_id:",
            ],
            Self::GitLab => &["project_path:", "project_id:", "namespace_path:", "namespace_id:"],
            Self::HcpTerraform | Self::Buildkite => &["organization:"],
            _ => &[""],
        }
    }

    /// The subject of a token that a stranger to every policy could have.
    #[must_use]
    pub fn stranger(self) -> &'static str {
        match self {
            Self::GitHub => "repo:somebody-else/repository:ref:refs/heads/main",
            Self::GitLab => "project_path:somebody-else/project:ref_type:branch:ref:main",
            Self::HcpTerraform => {
                "organization:somebody-else:project:project:workspace:workspace:run_phase:apply"
            }
            Self::Buildkite => {
                "organization:somebody-else:pipeline:pipeline:ref:refs/heads/main:commit:c0ffee:step:deploy"
            }
            Self::CircleCi => "org/somebody-else/project/project/user/user",
            Self::Bitbucket => "{somebody-else}:{step}",
            Self::Spacelift => "space:somebody-else:stack:stack:run_type:TRACKED:scope:write",
            Self::Other => "somebody-else",
        }
    }
}

/// Whether an issuer signs for many tenants, so that only the token says whose it is. Others have an issuer for each
/// tenant (CircleCI for an organization, Bitbucket for a workspace), or are hosted by one.
#[must_use]
pub fn is_shared(issuer: &str) -> bool {
    let issuer = issuer.trim_end_matches('/');
    SHARED.iter().any(|shared| shared.eq_ignore_ascii_case(issuer))
}

/// What stands before the name of the tenant in the subjects of a shared issuer; nothing does where a subject begins with
/// it.
#[must_use]
pub fn tenants(issuer: &str, family: Family) -> &'static [&'static str] {
    let known = TENANTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(issuer));
    known.map_or_else(|| family.tenants(), |(_, tenants)| *tenants)
}

/// Whether the audience of such an issuer's tokens says whose they are, if not of which project.
#[must_use]
pub fn names_tenant_by_audience(issuer: &str) -> bool {
    TENANT_BY_AUDIENCE.iter().any(|known| known.eq_ignore_ascii_case(issuer))
}

/// Whether the audience alone says who may come in: Cognito's is the identity pool.
#[must_use]
pub fn is_bound_by_audience(issuer: &str) -> bool {
    issuer.eq_ignore_ascii_case("cognito-identity.amazonaws.com")
}

/// Whether AWS makes a condition key of this claim of the issuer's tokens.
#[must_use]
pub fn passes_on(issuer: &str, claim: &str) -> bool {
    let is = |known: &&str| known.eq_ignore_ascii_case(claim);
    BUILT_IN.contains(&issuer)
        || issuer.contains("oraclecloud.com")
        || CLAIMS.iter().any(is)
        || match Family::of(issuer, "") {
            Family::GitHub => GITHUB_CLAIMS.iter().any(is),
            Family::CircleCi => is(&"oidc.circleci.com/project-id"),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_of_a_host_of_ones_own_is_told_by_the_subject() {
        assert_eq!(Family::of("git.example.com", "project_path:acme/x:*"), Family::GitLab);
        assert_eq!(Family::of("ghes.example.com/_services/token", ""), Family::GitHub);
        assert_eq!(Family::of("token.actions.acme.ghe.com", ""), Family::GitHub);
        assert_eq!(
            Family::of("oidc.eks.eu-west-1.amazonaws.com/id/1", "system:serviceaccount:a:b"),
            Family::Other
        );
    }

    #[test]
    fn an_issuer_with_a_path_of_its_own_is_not_shared() {
        for shared in ["token.actions.githubusercontent.com", "Accounts.Google.com", "login.app.env0.com/"] {
            assert!(is_shared(shared), "{shared}");
        }
        assert!(!is_shared("oidc.vercel.com/acme"));
        assert!(!is_shared("token.actions.githubusercontent.com/acme"));
        assert!(!is_shared("oidc.circleci.com/org/1"));
        assert!(!is_shared("git.example.com"));
    }

    #[test]
    fn claims_beyond_subject_and_audience_are_passed_on_for_a_few_issuers_only() {
        assert!(passes_on("token.actions.githubusercontent.com", "repository_id"));
        assert!(!passes_on("token.actions.githubusercontent.com", "repository_owner"));
        assert!(!passes_on("token.actions.githubusercontent.com", "event_name"));
        assert!(!passes_on("gitlab.com", "project_id"));
        assert!(!passes_on("agent.buildkite.com", "organization_id"));
        assert!(passes_on("oidc.circleci.com/org/1", "oidc.circleci.com/project-id"));
    }
}

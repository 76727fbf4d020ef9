//! Which actions count as writes, and which as secrets.
//!
//! Owns the few cases in which AWS's access level does not say whether something changes. Never looks at a policy.

use iam_policy::analyze::Grant;
use iam_policy::catalog::secrets::{self, Secret, Tier};
use iam_policy::catalog::{self, AccessLevel, Action};
use iam_policy::{ActionSet, Pattern, Scope};
use std::sync::LazyLock;

/// Actions that AWS counts as writes or tagging, and that change nothing by themselves. A session's tags and source
/// identity come with the session; tokens of an identity provider are taken from whoever holds them, whatever his policies
/// say; the last two only read. (Service Authorization Reference, "AWS Security Token Service", "AWS IoT".)
const NO_WRITES: &[&str] = &[
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetSourceIdentity",
    "sts:TagSession",
    "sts:DecodeAuthorizationMessage",
    "iot:GetConnection",
];

/// How the names of actions begin that only tell, whatever level AWS has them at.
const TELLS: &[&str] = &["BatchGet", "Describe", "List"];

/// The same, but for writes: AWS has some that get by making, such as `cognito-identity:GetId`.
const GETS: &str = "Get";

/// Whether an action changes something. What gives away secrets is left to [`is_secret`], whatever its level.
pub(super) fn is_write(action: &Action) -> bool {
    match action.level() {
        AccessLevel::List | AccessLevel::Read => false,
        _ if TELLS.iter().any(|beginning| action.name().starts_with(beginning)) => false,
        // AWS has reads among its permissions management and tagging, such as `glue:GetQuery`.
        AccessLevel::PermissionsManagement | AccessLevel::Tagging if action.name().starts_with(GETS) => false,
        _ => {
            let name = action.to_string();
            !NO_WRITES.contains(&name.as_str()) && !is_secret(action)
        }
    }
}

/// Whether the answer is a secret, or what a data store holds. Configuration that may hold secrets is none: no plan can do
/// without. Sessions of roles are no secrets but ways to more power.
pub(super) fn is_secret(action: &Action) -> bool {
    SECRETS.contains(action)
}

static SECRETS: LazyLock<ActionSet> = LazyLock::new(|| {
    let counts = |secret: &&Secret| {
        matches!(secret.tier, Tier::Credential | Tier::Content)
            && !NO_WRITES.contains(&secret.action)
            && !is_assuming(secret.action)
    };
    let names = secrets::all().iter().filter(counts).map(|secret| secret.action);
    names.filter_map(|name| catalog::action(name).ok()).collect()
});

fn is_assuming(name: &str) -> bool {
    ["sts:AssumeRole", "sts:AssumeRoot"].contains(&name)
}

/// Whether a grant is of nothing but what these patterns cover.
pub(super) fn is_within(grant: &Grant, patterns: &[&str]) -> bool {
    let patterns: Vec<Pattern> = patterns.iter().map(|pattern| Pattern::new(pattern)).collect();
    let is_covered = |one: &String| patterns.iter().any(|pattern| pattern.covers(&Pattern::new(one)));
    grant.unlisted == 0 && matches!(&grant.resources, Scope::Only(all) if all.iter().all(is_covered))
}

/// Services whose resources have no type in their ARNs.
const UNTYPED: &[&str] = &["s3", "sns", "sqs"];

/// Whether an ARN, or a pattern of ARNs, names something by more than wildcards: a bucket, a function, a role.
pub(super) fn is_named(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts.as_slice() else { return false };
    let name = match resource.split_once(['/', ':']) {
        Some((bucket, _)) if *service == "s3" => bucket,
        Some((_, name)) => name,
        // A beginning of `function:…` or `table/…` is that of every name.
        None if !UNTYPED.contains(service) && resource.contains(['*', '?']) => return false,
        None => resource,
    };
    // What begins with a wildcard or a variable may be anything that ends so; an access point is any bucket's.
    let is_access_point =
        *service == "s3" && (parts.get(3) != Some(&"") || parts.get(4) != Some(&"") || name == "accesspoint");
    let is_open = name.starts_with(['*', '?']) || name.starts_with("${") || is_access_point;
    !is_open && name.chars().filter(|character| character.is_alphanumeric()).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_policy::catalog::action;

    fn writes(name: &str) -> bool {
        is_write(action(name).unwrap())
    }

    #[test]
    fn what_changes_something_is_a_write_at_every_level() {
        for name in ["s3:PutObject", "ec2:CreateTags", "s3:PutBucketPolicy", "iam:PassRole", "sts:AssumeRole"]
        {
            assert!(writes(name), "{name}");
        }
    }

    #[test]
    fn what_only_tells_is_no_write_whatever_level_it_has() {
        for name in ["s3:GetObject", "glue:GetQuery", "sts:TagSession", "sts:DecodeAuthorizationMessage"] {
            assert!(!writes(name), "{name}");
        }
    }

    #[test]
    fn what_gives_a_secret_away_is_a_secret_and_no_write() {
        for name in ["kms:Decrypt", "athena:GetSessionEndpoint", "secretsmanager:GetSecretValue"] {
            assert!(is_secret(action(name).unwrap()) && !writes(name), "{name}");
        }
    }

    #[test]
    fn configuration_that_a_plan_reads_is_no_secret() {
        for name in ["lambda:GetFunction", "ec2:DescribeInstanceAttribute", "ecs:DescribeTaskDefinition"] {
            assert!(!is_secret(action(name).unwrap()), "{name}");
        }
    }

    #[test]
    fn a_name_is_more_than_wildcards() {
        for arn in [
            "arn:aws:s3:::acme-tfstate/*",
            "arn:aws:lambda:*:*:function:deploy-*",
            "arn:aws:sqs:*:*:jobs",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/locks",
            "arn:aws:logs:*:*:log-group:/ecs/runner:*",
        ] {
            assert!(is_named(arn), "{arn}");
        }
        for arn in [
            "*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::*/*",
            "arn:aws:lambda:*:*:function:*",
            "arn:aws:lambda:*:*:func*",
            "arn:aws:dynamodb:*:*:tab*",
            "arn:aws:s3:*:111122223333:acc*",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/state/object/*",
            "arn:aws:iam::*:role/*",
        ] {
            assert!(!is_named(arn), "{arn}");
        }
    }
}

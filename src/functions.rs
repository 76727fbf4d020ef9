//! The functions: a line each, and how they read a policy. Pure: they ask nobody, and need no provider block.

mod access_level;
mod expand_actions;
mod github_subject;
mod merge_policies;
mod minify_policy;
mod normalize_policy;
mod policy_allows;
mod role_arn;

use iam_policy::{Document, Kind};
use tfplug::function::FunctionError;
use tfplug::provider::Registry;

/// Adds every function.
pub fn register<C: Send + Sync + 'static>(registry: Registry<C>) -> Registry<C> {
    registry
        .function::<access_level::AccessLevel>()
        .function::<expand_actions::ExpandActions>()
        .function::<github_subject::GithubSubject>()
        .function::<merge_policies::MergePolicies>()
        .function::<minify_policy::MinifyPolicy>()
        .function::<normalize_policy::NormalizePolicy>()
        .function::<policy_allows::PolicyAllows>()
        .function::<role_arn::RoleArn>()
}

/// The policy that is the argument at `position`, of the kind that it seems to be.
fn policy(text: &str, position: usize) -> Result<(Document, Kind), FunctionError> {
    let kind = Kind::of(text);
    let document = iam_policy::parse(text, kind).map_err(|error| {
        let read_as = match kind {
            Kind::Identity => "an identity policy",
            Kind::Trust => "the trust policy of a role, since it names principals and no resource",
            Kind::Resource => "the policy of a resource, since it names principals",
        };
        FunctionError::argument(position, format!("AWS would refuse this as {read_as}: {error}."))
    })?;
    Ok((document, kind))
}

//! What the resources of an action look like, so that a witness is one that could be.
//!
//! Owns the choice of shapes. Never limits what is possible: the last shape is any text.

use crate::{Pattern, catalog};

/// The account that AWS's documentation uses for examples.
const EXAMPLE_ACCOUNT: &str = "111122223333";

const EXAMPLE_REGION: &str = "us-east-1";

/// Patterns to look for resources in, the most lifelike first: ARNs of the types that the action takes, in the caller's
/// account; the same anywhere; any ARN; any text, which is `None`.
pub(super) fn shapes(action: Option<&catalog::Action>, account: Option<&str>) -> Vec<Option<Pattern>> {
    let account = account.unwrap_or(EXAMPLE_ACCOUNT);
    let formats: Vec<String> = action.into_iter().flat_map(formats).collect();
    let near = formats.iter().map(|format| shape(format, &["aws", EXAMPLE_REGION, account]));
    let anywhere = formats.iter().map(|format| shape(format, &["?*", "?*", "?*"]));
    near.chain(anywhere).chain([Pattern::arn("arn:?*:?*:*:*:?*")]).map(Some).chain([None]).collect()
}

/// The ARN formats of the resource types that an action takes, those that it needs first.
fn formats(action: &catalog::Action) -> Vec<String> {
    let mut types: Vec<(&str, bool)> = action.resource_types().collect();
    types.sort_by_key(|(_, required)| !required);
    let service = catalog::service(action.service());
    types
        .into_iter()
        .filter_map(|(name, _)| service?.resource_type(name))
        .flat_map(catalog::ResourceType::arns)
        .collect()
}

/// The format with partition, region and account filled in, and any text for its other variables.
fn shape(format: &str, [partition, region, account]: &[&str; 3]) -> Pattern {
    let mut pattern =
        format.replace("${Partition}", partition).replace("${Region}", region).replace("${Account}", account);
    while let Some((before, (_, after))) =
        pattern.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pattern = format!("{before}?*{after}");
    }
    Pattern::arn(&pattern)
}

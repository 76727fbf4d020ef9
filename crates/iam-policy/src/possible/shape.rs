//! What the resources of an action look like, so that a witness is one that could be.
//!
//! Owns the choice of shapes. Never proves anything: what has none of these shapes may be possible all the same.

use crate::{Arn, Pattern, catalog};

use super::Question;

/// The account that AWS's documentation uses for examples.
const EXAMPLE_ACCOUNT: &str = "111122223333";

const EXAMPLE_REGION: &str = "us-east-1";

const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// Patterns to look for resources in, the most lifelike first: ARNs of the types that the action takes, in the caller's
/// account; the same in any. Of an action that the catalog does not know, any ARN of the service.
///
/// A caller of one partition cannot reach another (AWS General Reference, "Amazon Resource Names").
pub(super) fn shapes(question: &Question, action: Option<&catalog::Action>) -> Vec<Pattern> {
    let own = question.caller.arn().and_then(|arn| Arn::parse(arn).ok());
    let partitions = match &own {
        Some(arn) => vec![arn.partition()],
        None => PARTITIONS.to_vec(),
    };
    let account = question.caller.account().unwrap_or(EXAMPLE_ACCOUNT);
    let formats = match action {
        Some(action) => formats(action),
        None => {
            let service = question.action.split(':').next().unwrap_or_default().to_ascii_lowercase();
            vec![
                format!("arn:${{Partition}}:{service}:${{Region}}:${{Account}}:${{Resource}}"),
                format!("arn:${{Partition}}:{service}:::${{Resource}}"),
            ]
        }
    };
    let mut shapes = Vec::new();
    for [region, account] in [[EXAMPLE_REGION, account], ["?*", "????????????"]] {
        for partition in &partitions {
            shapes.extend(formats.iter().map(|format| shape(format, &[partition, region, account])));
        }
    }
    shapes
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
    let mut pattern = format
        .replace("${Partition}", partition)
        .replace("${Region}", region)
        .replace("${Account}", account)
        .replace("${AccountId}", account);
    while let Some((before, (_, after))) =
        pattern.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pattern = format!("{before}?*{after}");
    }
    Pattern::arn(&pattern)
}

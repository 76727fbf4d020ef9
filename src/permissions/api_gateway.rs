//! What a planner reads of API Gateway, where one action reads all there is, API keys among it.
//!
//! Owns which paths hold no keys. (API Gateway Developer Guide, "Control access to API Gateway with IAM": actions are HTTP
//! methods, and resources are paths.)

use super::place::{Limits, Placed, place};
use iam_policy::Pattern;
use iam_policy::catalog;

/// The action that reads.
pub const GET: &str = "apigateway:GET";

/// Paths that hold no keys. A usage plan's keys are below it, so its path is none of them.
const WITHOUT_KEYS: [&str; 6] = ["account", "apis*", "domainnames*", "restapis*", "tags*", "vpclinks*"];

/// The ARNs of what holds no keys, in a partition.
pub fn without_keys(partition: &str) -> Vec<String> {
    WITHOUT_KEYS.iter().map(|path| format!("arn:{partition}:apigateway:*::/{path}")).collect()
}

/// The reading of what holds no keys, within the limits that the user set; nothing if they leave nothing of it.
pub(super) fn read(limits: &Limits, partition: &str) -> Option<Placed> {
    let open = without_keys(partition);
    let patterns: Vec<Pattern> = open.iter().map(|one| Pattern::new(one)).collect();
    let is_open = |one: &&String| patterns.iter().any(|pattern| pattern.covers(&Pattern::new(one)));
    let on = match &limits.resources {
        None => open,
        Some(listed) => listed.iter().filter(is_open).cloned().collect(),
    };
    let limits = Limits { resources: Some(on), regions: limits.regions.clone() };
    let placed = place(vec![catalog::action(GET).ok()?], &limits, "Read");
    (!placed.statements.is_empty()).then_some(placed)
}

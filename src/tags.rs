//! Tags: defaults merged under a resource's own, and how many there may be. Never reads or writes one.

pub mod attributes;

use std::collections::BTreeMap;

/// The most tags that AWS keeps on a role, a policy or an identity provider (IAM user guide, quotas).
pub const MAX_TAGS: usize = 50;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// The provider block's `default_tags`.
#[derive(Debug, Clone, Default)]
pub struct DefaultTags(Tags);

impl DefaultTags {
    /// These tags for everything.
    pub fn new(tags: Tags) -> Self {
        Self(tags)
    }

    /// The resource's own tags over the defaults. Keys of IAM tags differ in more than case, so a default
    /// gives way to a tag that differs from it in case alone.
    pub fn merge(&self, own: &Tags) -> Tags {
        let overridden = |key: &String| own.keys().any(|own| own.eq_ignore_ascii_case(key));
        let defaults = self.0.iter().filter(|(key, _)| !overridden(key));
        defaults.chain(own).map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// The tags that a resource must have said itself: all but the defaults.
    pub fn without_defaults(&self, all: &Tags) -> Tags {
        let own = all.iter().filter(|(key, value)| self.0.get(*key) != Some(value));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// What is wrong with the number and the keys of these tags, if anything.
pub fn check(tags: &Tags) -> Result<(), String> {
    if tags.len() > MAX_TAGS {
        return Err(format!(
            "There are at most {MAX_TAGS} tags, the provider's `default_tags` included; these are {}.",
            tags.len()
        ));
    }
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for key in tags.keys() {
        if let Some(other) = folded.insert(key.to_lowercase(), key) {
            return Err(format!(
                "Tag keys differ in more than case: to IAM, {other:?} and {key:?} are the same."
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn own_tags_win_over_defaults_whatever_their_case() {
        let defaults = DefaultTags::new(tags(&[("Team", "platform"), ("Env", "prod")]));
        let merged = defaults.merge(&tags(&[("team", "payments")]));
        assert_eq!(merged, tags(&[("team", "payments"), ("Env", "prod")]));
    }

    #[test]
    fn a_tag_equal_to_a_default_is_not_the_resources_own() {
        let defaults = DefaultTags::new(tags(&[("Env", "prod")]));
        let own = defaults.without_defaults(&tags(&[("Env", "prod"), ("App", "x")]));
        assert_eq!(own, tags(&[("App", "x")]));
        assert_eq!(defaults.without_defaults(&tags(&[("Env", "dev")])), tags(&[("Env", "dev")]));
    }

    #[test]
    fn more_than_fifty_tags_or_keys_alike_but_for_case_are_refused() {
        let many: Tags = (0..51).map(|n| (format!("k{n}"), String::new())).collect();
        assert!(check(&many).unwrap_err().contains("at most 50"));
        assert!(check(&tags(&[("Env", ""), ("env", "")])).unwrap_err().contains("more than case"));
    }
}

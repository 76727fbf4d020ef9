//! The condition keys of a request.
//!
//! Owns what is known of each key: its values, its absence, or nothing. Never judges a condition.

use std::collections::BTreeMap;

/// The condition keys that a request carries.
///
/// Names of keys compare without case, their values as they are (IAM User Guide, "IAM JSON policy elements:
/// Condition"). Absent and unknown are different: IAM has rules for a key that is absent, while of an unknown one
/// nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Entry>,
    others: Others,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Absent,
    Unknown,
    Known(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Absent,
    Unknown,
}

/// What a context says of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// The request does not carry the key.
    Absent,
    /// Whether the request carries the key, and with what, is not known.
    Unknown,
    /// The request carries the key with these values: one, or several for a multivalued key.
    Known(&'a [String]),
}

impl Context {
    /// A context in which every key that is not set is absent.
    #[must_use]
    pub fn complete() -> Self {
        Self { keys: BTreeMap::new(), others: Others::Absent }
    }

    /// A context in which nothing is known of a key that is not set.
    #[must_use]
    pub fn partial() -> Self {
        Self { keys: BTreeMap::new(), others: Others::Unknown }
    }

    /// Sets a key to its values; several make it multivalued. Numbers, dates and booleans are given as text.
    #[must_use]
    pub fn with(self, key: &str, values: impl IntoIterator<Item: Into<String>>) -> Self {
        self.set(key, Entry::Known(values.into_iter().map(Into::into).collect()))
    }

    /// Says that the request does not carry this key.
    #[must_use]
    pub fn without(self, key: &str) -> Self {
        self.set(key, Entry::Absent)
    }

    /// Says that nothing is known of this key.
    #[must_use]
    pub fn unknown(self, key: &str) -> Self {
        self.set(key, Entry::Unknown)
    }

    /// What is known of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Value<'_> {
        let entry = self.keys.get(key).or_else(|| {
            let is_lower = !key.bytes().any(|byte| byte.is_ascii_uppercase());
            if is_lower { None } else { self.keys.get(&key.to_ascii_lowercase()) }
        });
        match entry {
            Some(Entry::Known(values)) => Value::Known(values),
            Some(Entry::Absent) => Value::Absent,
            Some(Entry::Unknown) => Value::Unknown,
            None => match self.others {
                Others::Absent => Value::Absent,
                Others::Unknown => Value::Unknown,
            },
        }
    }

    /// Whether this context says anything of `key` itself.
    #[must_use]
    pub fn mentions(&self, key: &str) -> bool {
        self.keys.contains_key(&key.to_ascii_lowercase())
    }

    /// The keys that are set, in lower case and in order, with what is known of each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.keys.keys().map(|key| (key.as_str(), self.get(key)))
    }

    /// The same context, and whatever it does not know is absent.
    #[must_use]
    pub(crate) fn closed(&self) -> Self {
        let known = self.keys.iter().filter(|(_, entry)| **entry != Entry::Unknown);
        let keys = known.map(|(key, entry)| (key.clone(), entry.clone())).collect();
        Self { keys, others: Others::Absent }
    }

    fn set(mut self, key: &str, entry: Entry) -> Self {
        self.keys.insert(key.to_ascii_lowercase(), entry);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_compare_without_case_and_values_with_it() {
        let context = Context::complete().with("aws:PrincipalOrgID", ["o-Acme"]);
        assert_eq!(context.get("AWS:principalorgid"), Value::Known(&["o-Acme".to_owned()]));
        assert!(context.mentions("aws:principalOrgId"));
    }

    #[test]
    fn what_is_not_set_is_absent_or_unknown_as_the_context_says() {
        assert_eq!(Context::complete().get("aws:SourceIp"), Value::Absent);
        assert_eq!(Context::partial().get("aws:SourceIp"), Value::Unknown);
        assert_eq!(Context::partial().without("aws:SourceIp").get("aws:SourceIp"), Value::Absent);
        assert_eq!(Context::complete().unknown("aws:SourceIp").get("aws:SourceIp"), Value::Unknown);
    }
}

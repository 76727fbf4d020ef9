//! One action pattern against the catalogue.
//!
//! Owns the way from a pattern to its actions: by service first, then by the text before the first wildcard, so that of
//! the whole catalogue little has to be compared. Never says what a pattern matches beyond the catalogue.

use std::cmp::Ordering;

use super::{ActionSet, Bits};
use crate::{
    Pattern,
    catalog::{self, Service},
};

/// A pattern of actions: `s3:GetObject`, `s3:Get*`, `*`.
///
/// Case does not count, wildcards stand anywhere (IAM User Guide, "IAM JSON policy elements: Action"). No action's
/// name has a colon, so that what stands before the first is the service, wildcards or not.
pub(crate) struct ActionPattern<'a> {
    service: &'a str,
    name: &'a str,
}

impl<'a> ActionPattern<'a> {
    /// Reads a pattern; every text is one. A text without colon names an action only if it is `*`-like.
    pub(crate) fn new(text: &'a str) -> Self {
        match text.split_once(':') {
            Some((service, name)) => Self { service, name },
            None if !text.is_empty() && text.bytes().all(|byte| byte == b'*') => {
                Self { service: text, name: text }
            }
            None => Self { service: text, name: "" },
        }
    }

    /// Adds what the pattern matches to a set. Says whether there was anything, in the set already or not.
    pub(crate) fn add_to(&self, set: &mut ActionSet) -> bool {
        if let Some(prefix) = self.prefix() {
            return catalog::service(prefix)
                .is_some_and(|service| set.within(service, |places| self.add_of(service, places)));
        }
        let services = Pattern::new(self.service);
        let matching = catalog::services().filter(|service| services.matches_ignoring_case(service.prefix()));
        let add = |service: &&'static Service| set.within(service, |places| self.add_of(service, places));
        // Every one of them adds what it has, so the first that does must not end it.
        matching.filter(add).count() > 0
    }

    /// Adds what a list of patterns matches to a set, in less time than one after the other where neighbors have their
    /// service in common. Gives those that match nothing.
    pub(crate) fn add_all(patterns: &'a [String], set: &mut ActionSet) -> Vec<&'a String> {
        let mut unmatched = Vec::new();
        for alike in patterns.chunk_by(|a, b| ActionPattern::new(a).service == ActionPattern::new(b).service)
        {
            let prefix = alike.first().and_then(|first| Self::new(first).prefix());
            let service = prefix.and_then(catalog::service);
            unmatched.extend(match service {
                Some(service) => set.within(service, |places| {
                    let rest = alike.iter().filter(|pattern| !Self::new(pattern).add_of(service, places));
                    rest.collect::<Vec<_>>()
                }),
                None => alike.iter().filter(|pattern| !Self::new(pattern).add_to(set)).collect(),
            });
        }
        unmatched
    }

    /// The service, if it has no wildcard.
    fn prefix(&self) -> Option<&'a str> {
        Some(self.service).filter(|service| !has_wildcard(service))
    }

    /// Adds the places of what the pattern's name matches in a service.
    fn add_of(&self, service: &'static Service, places: &mut Bits) -> bool {
        if !has_wildcard(self.name) {
            let place = service.place(self.name);
            place.into_iter().for_each(|place| places.insert(place));
            return place.is_some();
        }
        let literal = self.name.split(['*', '?']).next().unwrap_or_default();
        let actions = service.actions();
        let start = actions.partition_point(|action| against(action.name(), literal) == Ordering::Less);
        let candidates = actions.iter().enumerate().skip(start);
        let candidates =
            candidates.take_while(|(_, action)| against(action.name(), literal) == Ordering::Equal);
        let is_prefix = self.name.get(literal.len()..) == Some("*");
        let pattern = (!is_prefix).then(|| Pattern::new(self.name));
        // Where a pattern has an end, most names are told apart by it alone.
        let end = self.name.rsplit(['*', '?']).next().unwrap_or_default();
        let ends_so = |name: &str| {
            let tail = name.len().checked_sub(end.len()).and_then(|from| name.get(from..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        };
        let in_full = |pattern: &Pattern, name: &str| ends_so(name) && pattern.matches_ignoring_case(name);
        let matches = |name: &str| pattern.as_ref().is_none_or(|pattern| in_full(pattern, name));
        let mut found = false;
        for (place, _) in candidates.filter(|(_, action)| matches(action.name())) {
            places.insert(place);
            found = true;
        }
        found
    }
}

pub(crate) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// How a name compares with all names that start with `literal`, without case.
fn against(name: &str, literal: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    name.bytes().take(literal.len()).map(lower).cmp(literal.bytes().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the pattern matches when each action's whole name is compared.
    fn slowly(pattern: &str) -> ActionSet {
        let pattern = Pattern::new(pattern);
        let matches = |name: String| pattern.matches_ignoring_case(&name);
        ActionSet::all().iter().filter(|action| matches(action.to_string())).collect()
    }

    #[test]
    fn the_quick_way_finds_what_the_slow_one_does() {
        for pattern in [
            "*",
            "**",
            "*:*",
            "s3:*",
            "S3:GET*",
            "s3:GetObject",
            "s3:getobject",
            "s3:Get*Acl",
            "s3:*Tag*",
            "s3:GetObject?*",
            "s?:Get*",
            "*:Tag*",
            "sts:*e",
            "iam:?assRole",
            "s3:",
            "s3",
            ":GetObject",
            "nowhere:Get*",
            "s3:Nothing*",
            "s3:Get:*",
            "",
        ] {
            let mut set = ActionSet::new();
            let found = ActionPattern::new(pattern).add_to(&mut set);
            assert_eq!(set, slowly(pattern), "{pattern}");
            assert_eq!(found, !set.is_empty(), "{pattern}");
        }
    }
}

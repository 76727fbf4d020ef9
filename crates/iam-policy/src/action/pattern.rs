//! One action pattern against the catalogue.
//!
//! Owns the way from a pattern to its actions: by service first, then by the text before the first wildcard, so that of
//! the whole catalogue little has to be compared. Never says what a pattern matches beyond the catalogue.

use std::cmp::Ordering;

use super::ActionSet;
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
        if !has_wildcard(self.service) {
            return catalog::service(self.service).is_some_and(|service| self.add_of(service, set));
        }
        let services = Pattern::new(self.service);
        let matching = catalog::services().filter(|service| services.matches_ignoring_case(service.prefix()));
        // Every one of them adds what it has, so the first that does must not end it.
        matching.filter(|service| self.add_of(service, set)).count() > 0
    }

    /// Whether it is the whole name of an action, or matches one.
    pub(crate) fn matches_any(&self) -> bool {
        if has_wildcard(self.service) || has_wildcard(self.name) {
            return self.add_to(&mut ActionSet::new());
        }
        catalog::service(self.service).is_some_and(|service| service.place(self.name).is_some())
    }

    fn add_of(&self, service: &'static Service, set: &mut ActionSet) -> bool {
        if !has_wildcard(self.name) {
            let place = service.place(self.name);
            set.insert_places(service, place.into_iter());
            return place.is_some();
        }
        let literal = self.name.split(['*', '?']).next().unwrap_or_default();
        let actions = service.actions();
        let start = actions.partition_point(|action| against(action.name(), literal) == Ordering::Less);
        let candidates = actions.iter().enumerate().skip(start);
        let mut candidates = candidates
            .take_while(|(_, action)| against(action.name(), literal) == Ordering::Equal)
            .peekable();
        if candidates.peek().is_none() {
            return false;
        }
        let rest = self.name.get(literal.len()..).unwrap_or_default();
        let mut found = false;
        let mut add = |place: usize| {
            found = true;
            place
        };
        if rest == "*" {
            set.insert_places(service, candidates.map(|(place, _)| add(place)));
        } else {
            let pattern = Pattern::new(self.name);
            // Where a pattern has an end, most names are told apart by it alone.
            let end = self.name.rsplit(['*', '?']).next().unwrap_or_default();
            let ends_so = |name: &str| {
                let tail = name.len().checked_sub(end.len()).and_then(|from| name.get(from..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            };
            let matches = |name: &str| ends_so(name) && pattern.matches_ignoring_case(name);
            let matching = candidates.filter(|(_, action)| matches(action.name()));
            set.insert_places(service, matching.map(|(place, _)| add(place)));
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

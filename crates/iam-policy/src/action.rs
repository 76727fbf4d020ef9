//! Actions as policies name them: patterns of actions, and sets of what they match.
//!
//! Owns how a pattern finds its actions in the catalogue, and the set. Never reports what it does not find: `expand`
//! does.

mod bits;
mod pattern;

use std::collections::BTreeMap;

pub(crate) use bits::Bits;
pub(crate) use pattern::{ActionPattern, has_wildcard};

use crate::catalog::{self, AccessLevel, Action, Service};

/// A set of actions of the catalogue, sorted by service and name.
///
/// A bit an action, in order of each service's actions, so that the usual questions take a glance even where the whole
/// catalogue is in the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionSet {
    /// INVARIANT: every set here has a member and the length of its service's actions.
    services: BTreeMap<&'static str, Bits>,
}

impl ActionSet {
    /// The actions by service and level; no service and no level is there without an action.
    #[must_use]
    pub fn by_service(&self) -> BTreeMap<&'static str, BTreeMap<AccessLevel, Vec<&'static Action>>> {
        let mut services: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for action in self.iter() {
            let levels = services.entry(action.service()).or_default();
            levels.entry(action.level()).or_default().push(action);
        }
        services
    }

    /// How many actions of each level there are; no level is there without an action.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<AccessLevel, usize> {
        let mut counts = BTreeMap::new();
        for action in self.iter() {
            *counts.entry(action.level()).or_default() += 1;
        }
        counts
    }

    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every action of the catalogue.
    #[must_use]
    pub fn all() -> Self {
        let all = catalog::services().map(|service| (service.prefix(), Bits::full(service.actions().len())));
        Self { services: all.filter(|(_, bits)| !bits.is_empty()).collect() }
    }

    /// Adds an action. One that is there stays.
    pub fn insert(&mut self, action: &Action) {
        self.within(action.its_service(), |bits| bits.insert(action.place()));
    }

    /// Whether the action is in the set.
    #[must_use]
    pub fn contains(&self, action: &Action) -> bool {
        self.services.get(action.service()).is_some_and(|bits| bits.contains(action.place()))
    }

    /// How many actions are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.services.values().map(Bits::len).sum()
    }

    /// Whether no action is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
    }

    /// The actions, by service and name.
    pub fn iter(&self) -> impl Iterator<Item = &'static Action> {
        self.services.iter().flat_map(|(prefix, bits)| {
            let actions = catalog::service(prefix).map(Service::actions).unwrap_or_default();
            bits.iter().filter_map(|place| actions.get(place))
        })
    }

    /// What is in this set or in that.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        for (prefix, bits) in &other.services {
            match self.services.get_mut(prefix) {
                Some(known) => known.union(bits),
                None => {
                    self.services.insert(prefix, bits.clone());
                }
            }
        }
        self
    }

    /// What is in this set and not in that.
    #[must_use]
    pub fn difference(mut self, other: &Self) -> Self {
        for (prefix, bits) in &other.services {
            if let Some(known) = self.services.get_mut(prefix) {
                known.subtract(bits);
            }
        }
        self.services.retain(|_, bits| !bits.is_empty());
        self
    }

    /// Whether all of this set is in that.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.services
            .iter()
            .all(|(prefix, bits)| other.services.get(prefix).is_some_and(|others| bits.is_subset(others)))
    }

    /// The services that the set has actions of, by prefix.
    pub fn services(&self) -> impl Iterator<Item = &'static str> {
        self.services.keys().copied()
    }

    /// The places of the set's actions among those of a service.
    pub(crate) fn places(&self, service: &'static Service) -> Bits {
        let places = self.services.get(service.prefix()).cloned();
        places.unwrap_or_else(|| Bits::empty(service.actions().len()))
    }

    /// Adds actions of a service by their places.
    pub(crate) fn insert_places(&mut self, service: &'static Service, places: impl Iterator<Item = usize>) {
        self.within(service, |bits| places.for_each(|place| bits.insert(place)));
    }

    /// Lets the places of a service's actions be added to.
    pub(crate) fn within<T>(&mut self, service: &'static Service, add: impl FnOnce(&mut Bits) -> T) -> T {
        let bits = self.services.entry(service.prefix());
        let bits = bits.or_insert_with(|| Bits::empty(service.actions().len()));
        let added = add(bits);
        if bits.is_empty() {
            self.services.remove(service.prefix());
        }
        added
    }
}

impl<'a> FromIterator<&'a Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = &'a Action>>(actions: I) -> Self {
        let mut set = Self::new();
        actions.into_iter().for_each(|action| set.insert(action));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> ActionSet {
        names.iter().map(|name| catalog::action(name).unwrap()).collect()
    }

    #[test]
    fn a_set_is_sorted_and_has_each_action_once() {
        let names = ["sts:AssumeRole", "s3:PutObject", "s3:GetObject", "S3:getobject"];
        let listed: Vec<String> = set(&names).iter().map(ToString::to_string).collect();
        assert_eq!(listed, ["s3:GetObject", "s3:PutObject", "sts:AssumeRole"]);
        assert_eq!(set(&names).len(), 3);
    }

    #[test]
    fn sets_without_members_of_a_service_are_equal_to_those_that_never_had_any() {
        let rest = set(&["s3:GetObject", "sts:AssumeRole"]).difference(&set(&["sts:AssumeRole"]));
        assert_eq!(rest, set(&["s3:GetObject"]));
        assert!(set(&["s3:GetObject"]).difference(&rest).is_empty());
    }

    #[test]
    fn all_has_every_action() {
        let all = ActionSet::all();
        assert_eq!(all.len(), catalog::services().map(|service| service.actions().len()).sum::<usize>());
        assert!(set(&["iam:PassRole"]).is_subset(&all));
        assert_eq!(all.clone().union(&set(&["iam:PassRole"])), all);
    }
}

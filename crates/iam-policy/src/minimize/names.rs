//! The names of one service, told apart into those that patterns have to match and those that they must not.
//!
//! Owns what two names have in common: beginnings, ends, parts. Never forms a pattern.

use crate::{action::Bits, catalog::Service};

pub(super) struct Name {
    pub(super) original: &'static str,
    pub(super) lower: Vec<u8>,
}

impl Name {
    fn new(original: &'static str) -> Self {
        Self { original, lower: original.to_ascii_lowercase().into_bytes() }
    }

    /// Where words of the name begin, and its end: 0, 3 and 9 of `GetObject`.
    pub(super) fn words(&self) -> Vec<usize> {
        let bytes = self.original.as_bytes();
        let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
        let begins = |place: &usize| {
            let (before, here, after) = (at(place - 1), at(*place), at(place + 1));
            let is_capital = here.is_ascii_uppercase();
            let ends_a_word = !before.is_ascii_uppercase() && before.is_ascii_alphanumeric();
            is_capital && (ends_a_word || after.is_ascii_lowercase()) || !before.is_ascii_alphanumeric()
        };
        std::iter::once(0).chain((1..bytes.len()).filter(begins)).chain([bytes.len()]).collect()
    }

    /// Every place between two letters, and both ends.
    pub(super) fn places(&self) -> Vec<usize> {
        (0..=self.lower.len()).collect()
    }
}

pub(super) struct Names {
    pub(super) wanted: Vec<Name>,
    pub(super) unwanted: Vec<Name>,
}

impl Names {
    /// The names of a service. Those of `may` are on neither side.
    pub(super) fn new(service: &'static Service, must: &Bits, may: &Bits) -> Self {
        let mut names = Self { wanted: Vec::new(), unwanted: Vec::new() };
        for (place, action) in service.actions().iter().enumerate() {
            if must.contains(place) {
                names.wanted.push(Name::new(action.name()));
            } else if !may.contains(place) {
                names.unwanted.push(Name::new(action.name()));
            }
        }
        names
    }

    /// The ends of all unwanted names, from each of their letters on; sorted, so that neighbors have most in common.
    pub(super) fn unwanted_ends(&self) -> Vec<&[u8]> {
        let ends = |name| std::iter::successors(Some(name), |rest: &&[u8]| rest.get(1..));
        let mut all: Vec<&[u8]> = self.unwanted.iter().flat_map(|name| ends(name.lower.as_slice())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// How many letters two names have in common at their beginnings.
pub(super) fn common_head(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many letters two names have in common at their ends.
pub(super) fn common_tail(a: &[u8], b: &[u8]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// The length of the longest beginning of `text` that occurs anywhere in the names whose sorted ends these are.
pub(super) fn longest_known(text: &[u8], ends: &[&[u8]]) -> usize {
    let place = ends.partition_point(|end| *end < text);
    let neighbors = ends.iter().skip(place.saturating_sub(1)).take(2);
    neighbors.map(|end| common_head(end, text)).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_a_capital_or_behind_a_sign() {
        for (name, words) in [
            ("GetObject", vec![0, 3, 9]),
            ("GetMFADevice", vec![0, 3, 6, 12]),
            ("ListTagsForV2", vec![0, 4, 8, 11, 13]),
            ("connect", vec![0, 7]),
            ("get-it", vec![0, 4, 6]),
            ("GET", vec![0, 3]),
        ] {
            assert_eq!(Name::new(name).words(), words, "{name}");
        }
    }

    #[test]
    fn the_longest_known_part_is_found_among_the_ends() {
        let name = Name::new("DeleteTags");
        let names = Names { wanted: Vec::new(), unwanted: vec![name] };
        let ends = names.unwanted_ends();
        assert_eq!(longest_known(b"tagset", &ends), 4);
        assert_eq!(longest_known(b"letetags", &ends), 8);
        assert_eq!(longest_known(b"xyz", &ends), 0);
    }
}

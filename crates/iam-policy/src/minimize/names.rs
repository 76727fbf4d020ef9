//! The names of one service, told apart into those that patterns have to match and those that they must not.
//!
//! Owns what two names have in common: beginnings, ends, parts. Never forms a pattern.

use std::{collections::BTreeMap, sync::OnceLock};

use crate::{
    action::Bits,
    catalog::{self, Service},
};

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
    pub(super) wanted: Vec<&'static Name>,
    pub(super) unwanted: Vec<&'static Name>,
    /// The ends of all unwanted names, from each of their letters on; sorted, so that neighbors have most in common.
    pub(super) unwanted_ends: Vec<&'static [u8]>,
}

impl Names {
    /// The names of a service. Those of `may` are on neither side.
    pub(super) fn new(service: &'static Service, must: &Bits, may: &Bits) -> Self {
        let Some(lexicon) = Lexicon::of(service) else {
            return Self { wanted: Vec::new(), unwanted: Vec::new(), unwanted_ends: Vec::new() };
        };
        let is_unwanted = |place: usize| !must.contains(place) && !may.contains(place);
        let names = || lexicon.names.iter().enumerate();
        let ends = lexicon.ends.iter().filter(|(place, _)| is_unwanted(*place as usize));
        Self {
            wanted: names().filter(|(place, _)| must.contains(*place)).map(|(_, name)| name).collect(),
            unwanted: names().filter(|(place, _)| is_unwanted(*place)).map(|(_, name)| name).collect(),
            unwanted_ends: ends.filter_map(|end| lexicon.end(*end)).collect(),
        }
    }
}

/// The names of a service in lower case, and the order of their ends; made once, because sorting takes most of the time
/// that a short list of a large service takes.
struct Lexicon {
    names: Vec<Name>,
    /// Place of the name and of the letter.
    ends: Vec<(u32, u32)>,
}

impl Lexicon {
    fn of(service: &'static Service) -> Option<&'static Self> {
        static ALL: OnceLock<BTreeMap<&'static str, OnceLock<Lexicon>>> = OnceLock::new();
        let all =
            ALL.get_or_init(|| catalog::services().map(|one| (one.prefix(), OnceLock::new())).collect());
        Some(all.get(service.prefix())?.get_or_init(|| Self::new(service)))
    }

    fn new(service: &'static Service) -> Self {
        let names: Vec<Name> = service.actions().iter().map(|action| Name::new(action.name())).collect();
        let ends = (0..)
            .zip(&names)
            .flat_map(|(place, name)| (0..).zip(&name.lower).map(move |(from, _)| (place, from)));
        let mut lexicon = Self { ends: ends.collect(), names };
        let mut ends = std::mem::take(&mut lexicon.ends);
        ends.sort_by_cached_key(|end| lexicon.end(*end));
        lexicon.ends = ends;
        lexicon
    }

    fn end(&self, (place, from): (u32, u32)) -> Option<&[u8]> {
        self.names.get(place as usize)?.lower.get(from as usize..)
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
        let lexicon = Lexicon::of(catalog::service("sts").unwrap()).unwrap();
        let ends: Vec<&[u8]> = lexicon.ends.iter().filter_map(|end| lexicon.end(*end)).collect();
        assert!(ends.is_sorted());
        assert_eq!(longest_known(b"rolex", &ends), 4);
        assert_eq!(longest_known(b"tagset", &ends), 5, "TagSession");
        assert_eq!(longest_known(b"!", &ends), 0);
    }
}

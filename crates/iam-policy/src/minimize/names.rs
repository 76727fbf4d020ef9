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
    /// Where words of the name begin, and its end: 0, 3 and 9 of `GetObject`.
    pub(super) words: Vec<usize>,
    /// Its place among the names of its service.
    place: usize,
    /// Its place among them where they are sorted by their last letters first.
    backwards: usize,
    /// For each of its letters, the place of what begins with it among the ends of all names.
    ends: Vec<u32>,
}

impl Name {
    fn new(place: usize, original: &'static str) -> Self {
        Self {
            original,
            lower: original.to_ascii_lowercase().into_bytes(),
            words: Self::words_of(original),
            place,
            backwards: 0,
            ends: Vec::new(),
        }
    }

    fn words_of(original: &str) -> Vec<usize> {
        let bytes = original.as_bytes();
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
    lexicon: &'static Lexicon,
    is_unwanted: Vec<bool>,
    /// The places of the ends of unwanted names among those of all.
    unwanted_ends: Bits,
}

impl Names {
    /// The names of a service. Those of `may` are on neither side.
    pub(super) fn new(service: &'static Service, must: &Bits, may: &Bits) -> Self {
        let lexicon = Lexicon::of(service);
        let is_unwanted = |place: usize| !must.contains(place) && !may.contains(place);
        let is_unwanted: Vec<bool> = (0..lexicon.names.len()).map(is_unwanted).collect();
        let those = |wanted: &dyn Fn(usize) -> bool| -> Vec<&'static Name> {
            lexicon.names.iter().filter(|name| wanted(name.place)).collect()
        };
        let unwanted = those(&|place| is_unwanted.get(place) == Some(&true));
        let mut unwanted_ends = Bits::empty(lexicon.ends.len());
        for end in unwanted.iter().flat_map(|name| &name.ends) {
            unwanted_ends.insert(*end as usize);
        }
        Self { wanted: those(&|place| must.contains(place)), unwanted, lexicon, is_unwanted, unwanted_ends }
    }

    /// Whether a name is one of the unwanted.
    fn is_unwanted(&self, name: &Name) -> bool {
        self.is_unwanted.get(name.place) == Some(&true)
    }

    /// The length of the longest text that a wanted name has from this letter on and any unwanted name has anywhere.
    pub(super) fn longest_known(&self, name: &Name, from: usize) -> usize {
        let text = name.lower.get(from..).unwrap_or_default();
        let Some(place) = name.ends.get(from).map(|place| *place as usize) else { return 0 };
        // What is sorted next to a text has most in common with it.
        let nearest = [self.unwanted_ends.last_up_to(place), self.unwanted_ends.first_from(place)];
        let ends = nearest.into_iter().flatten().filter_map(|place| self.lexicon.ends.get(place));
        let ends = ends.filter_map(|end| self.lexicon.end(*end));
        ends.map(|end| common_head(end, text)).max().unwrap_or_default()
    }

    /// The unwanted names that begin as this text does.
    pub(super) fn unwanted_from(&self, beginning: &[u8]) -> &[&'static Name] {
        let cut = |name: &Name| name.lower.get(..beginning.len()).unwrap_or(&name.lower).cmp(beginning);
        let from = self.unwanted.partition_point(|name| cut(name).is_lt());
        let rest = self.unwanted.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|name| cut(name).is_le())).unwrap_or_default()
    }

    /// Unwanted names around a wanted one in the order of their ends: away from it on either side as long as they are
    /// nothing but an end of it, and one more. No other has a longer end in common with it.
    pub(super) fn unwanted_around(&self, name: &'static Name) -> impl Iterator<Item = &'static Name> {
        let (before, behind) = self.lexicon.backwards.split_at_checked(name.backwards).unwrap_or_default();
        let side = move |places: &mut dyn Iterator<Item = &u32>| {
            let mut around = Vec::new();
            let names = places.filter_map(|place| self.lexicon.names.get(*place as usize));
            for other in names.filter(|other| self.is_unwanted(other)) {
                around.push(other);
                if !name.lower.ends_with(&other.lower) {
                    break;
                }
            }
            around
        };
        side(&mut before.iter().rev()).into_iter().chain(side(&mut behind.iter()))
    }
}

/// The names of a service in lower case, and the order of their ends; made once, because sorting takes most of the time
/// that a short list of a large service takes.
struct Lexicon {
    names: Vec<Name>,
    /// Place of the name and of the letter; sorted by text, so that neighbors have most in common.
    ends: Vec<(u32, u32)>,
    /// The places of the names, sorted by their last letters first.
    backwards: Vec<u32>,
}

impl Lexicon {
    fn of(service: &'static Service) -> &'static Self {
        static ALL: OnceLock<BTreeMap<&'static str, OnceLock<Lexicon>>> = OnceLock::new();
        static NONE: Lexicon = Lexicon { names: Vec::new(), ends: Vec::new(), backwards: Vec::new() };
        let all =
            ALL.get_or_init(|| catalog::services().map(|one| (one.prefix(), OnceLock::new())).collect());
        all.get(service.prefix()).map_or(&NONE, |lexicon| lexicon.get_or_init(|| Self::new(service)))
    }

    fn new(service: &'static Service) -> Self {
        let names = service.actions().iter().enumerate();
        let mut names: Vec<Name> = names.map(|(place, action)| Name::new(place, action.name())).collect();
        let ends = (0..).zip(&names).flat_map(|(place, name)| {
            let from = (0..).zip(0..name.lower.len());
            from.filter_map(move |(number, from)| {
                let text = name.lower.get(from..)?;
                Some((first_letters(text), text, (place, number)))
            })
        });
        let mut ends: Vec<(u64, &[u8], (u32, u32))> = ends.collect();
        ends.sort_unstable();
        let ends: Vec<(u32, u32)> = ends.into_iter().map(|(_, _, end)| end).collect();
        for name in &mut names {
            name.ends = vec![0; name.lower.len()];
        }
        for (rank, (place, from)) in (0..).zip(&ends) {
            let name = names.get_mut(*place as usize);
            if let Some(end) = name.and_then(|name| name.ends.get_mut(*from as usize)) {
                *end = rank;
            }
        }
        let mut backwards: Vec<(u32, &Name)> = (0..).zip(&names).collect();
        backwards.sort_by(|(_, a), (_, b)| a.lower.iter().rev().cmp(b.lower.iter().rev()));
        let backwards: Vec<u32> = backwards.into_iter().map(|(place, _)| place).collect();
        for (rank, place) in backwards.iter().enumerate() {
            if let Some(name) = names.get_mut(*place as usize) {
                name.backwards = rank;
            }
        }
        Self { names, ends, backwards }
    }

    fn end(&self, (place, from): (u32, u32)) -> Option<&[u8]> {
        self.names.get(place as usize)?.lower.get(from as usize..)
    }
}

/// The first letters of a text as a number, of which the order is the same: most comparisons need no more.
fn first_letters(text: &[u8]) -> u64 {
    let mut letters = [0; 8];
    letters.iter_mut().zip(text).for_each(|(letter, of_text)| *letter = *of_text);
    u64::from_be_bytes(letters)
}

/// How many letters two names have in common at their beginnings.
pub(super) fn common_head(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many letters two names have in common at their ends.
pub(super) fn common_tail(a: &[u8], b: &[u8]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
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
            assert_eq!(Name::words_of(name), words, "{name}");
        }
    }

    /// The names of STS, of which one is wanted.
    fn names(wanted: &str) -> Names {
        let sts = catalog::service("sts").unwrap();
        let mut must = Bits::empty(sts.actions().len());
        must.insert(sts.place(wanted).unwrap());
        Names::new(sts, &must, &Bits::empty(sts.actions().len()))
    }

    #[test]
    fn the_longest_known_part_is_found_among_the_ends() {
        let ends = &Lexicon::of(catalog::service("sts").unwrap()).ends;
        assert!(ends.is_sorted_by_key(|end| Lexicon::of(catalog::service("sts").unwrap()).end(*end)));
        let names = names("AssumeRoot");
        let [name] = names.wanted.as_slice() else { panic!() };
        assert_eq!(names.longest_known(name, 0), "AssumeRo".len(), "AssumeRole");
        assert_eq!(names.longest_known(name, 6), "Ro".len(), "AssumeRole");
        assert_eq!(names.longest_known(name, name.lower.len()), 0);
    }

    /// DynamoDB has names that are ends of others, such as `GetItem` of `BatchGetItem`.
    #[test]
    fn no_unwanted_name_has_more_of_the_end_than_those_around() {
        for prefix in ["sts", "dynamodb", "s3"] {
            let service = catalog::service(prefix).unwrap();
            for place in 0..service.actions().len() {
                let mut must = Bits::empty(service.actions().len());
                must.insert(place);
                let names = Names::new(service, &must, &Bits::empty(service.actions().len()));
                let [name] = names.wanted.as_slice() else { panic!() };
                let tail = |other: &&Name| common_tail(&name.lower, &other.lower);
                let before_more = |other: &&Name| tail(other).min(other.lower.len() - 1);
                let around: Vec<&Name> = names.unwanted_around(name).collect();
                assert_eq!(around.iter().map(tail).max(), names.unwanted.iter().map(tail).max());
                assert_eq!(
                    around.iter().map(before_more).max(),
                    names.unwanted.iter().map(before_more).max()
                );
            }
        }
    }

    #[test]
    fn names_that_begin_alike_are_found() {
        let names = names("AssumeRole");
        let found: Vec<&str> = names.unwanted_from(b"assumerole").iter().map(|name| name.original).collect();
        assert_eq!(found, ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]);
        assert_eq!(names.unwanted_from(b"").len(), names.unwanted.len());
        assert!(names.unwanted_from(b"zz").is_empty());
    }
}

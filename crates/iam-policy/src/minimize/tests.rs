//! What the scenarios do not reach: the whole catalogue, the proof, the search.

use std::collections::BTreeSet;

use super::{
    cover::{Choice, cover},
    *,
};
use crate::expand;

#[test]
fn the_reads_of_every_service_shrink_to_themselves() {
    let reads = || ActionSet::all().iter().filter(|action| action.level().is_read_only()).collect::<Vec<_>>();
    let mut lengths = Vec::new();
    for wildcards in [Wildcards::None, Wildcards::Words, Wildcards::Anywhere] {
        let list = minimize_with(reads(), wildcards).unwrap();
        let named: ActionSet = list.iter().flat_map(|pattern| expand(pattern).unwrap()).collect();
        assert_eq!(named, reads().into_iter().collect());
        lengths.push(list.iter().map(String::len).sum::<usize>());
    }
    assert!(lengths.is_sorted_by(|long, short| long > short), "{lengths:?}");
}

#[test]
fn an_answer_that_names_another_set_is_refused() {
    let wanted: ActionSet = expand("s3:GetObject*").unwrap().into_iter().collect();
    let check = |patterns: &[&str], unknown: &[&str]| {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let unknown: BTreeSet<String> = owned(unknown).into_iter().collect();
        super::check(&owned(patterns), &wanted, &unknown)
    };
    let differs = |action: &str| Err(MinimizeError::Differs { action: action.to_owned() });
    assert_eq!(check(&["s3:GetObject*"], &["s3:GetObjectTomorrow"]), Ok(()));
    assert_eq!(check(&["s3:GetObject*", "sts:AssumeRole"], &[]), differs("sts:AssumeRole"));
    assert_eq!(check(&["s3:GetObject?*"], &[]), differs("s3:GetObject"));
    assert_eq!(check(&["s3:GetObject*"], &["s3:Tomorrow"]), differs("s3:Tomorrow"));
}

#[test]
fn a_cover_exchanges_what_the_first_choice_got_wrong() {
    let choice = |(cost, members): (usize, &'static [usize])| Choice { cost, members };
    // The best for its cost is the middle one, and useless once both ends are there.
    let choices = [(4, [0, 1, 2].as_slice()), (4, &[3, 4, 5]), (3, &[1, 2, 3, 4])].map(choice);
    assert_eq!(cover(&choices, 6), [0, 1]);
    // One for all is dearer than the first taken, and cheaper than those together.
    let choices = [(2, [0].as_slice()), (2, &[1]), (2, &[2]), (5, &[0, 1, 2])].map(choice);
    assert_eq!(cover(&choices, 3), [3]);
    assert_eq!(cover(&[], 0), Vec::<usize>::new());
}

/// The cheapest of all selections, for so few choices that each can be tried.
fn cheapest(choices: &[Choice<'_>], count: usize) -> usize {
    let picked = |mask: usize| choices.iter().enumerate().filter(move |(index, _)| mask >> index & 1 == 1);
    let covers = |mask: &usize| {
        let members: BTreeSet<usize> =
            picked(*mask).flat_map(|(_, choice)| choice.members).copied().collect();
        members.len() == count
    };
    let cost = |mask: usize| picked(mask).map(|(_, choice)| choice.cost).sum();
    (0..1 << choices.len()).filter(covers).map(cost).min().unwrap()
}

proptest::proptest! {
    #[test]
    fn a_cover_is_whole_and_seldom_far_from_the_cheapest(
        sets in proptest::collection::vec((1..9_usize, 1..255_usize), 1..7)
    ) {
        let members = |mask: usize| (0..8).filter(|bit| mask >> bit & 1 == 1).collect();
        let all = sets.into_iter().chain([(20, 255)]);
        let sets: Vec<(usize, Vec<usize>)> = all.map(|(cost, mask)| (cost, members(mask))).collect();
        let choices: Vec<Choice<'_>> =
            sets.iter().map(|(cost, members)| Choice { cost: *cost, members }).collect();
        let chosen = cover(&choices, 8);
        let got: BTreeSet<usize> = chosen.iter().flat_map(|index| choices[*index].members).copied().collect();
        proptest::prop_assert_eq!(got.len(), 8);
        let cost: usize = chosen.iter().map(|index| choices[*index].cost).sum();
        proptest::prop_assert!(cost * 2 <= cheapest(&choices, 8) * 3, "{} for {:?}", cost, choices);
    }
}

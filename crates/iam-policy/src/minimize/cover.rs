//! Few and cheap sets that together have every member: the weighted set cover.
//!
//! Owns the search. Never knows what the sets stand for.

use std::collections::{BTreeSet, BinaryHeap};

/// One set, and what it costs to take it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) cost: usize,
    /// In order, each once.
    pub(super) members: &'a [usize],
}

/// How often the whole improvement starts again; it ends earlier where nothing improves.
const ROUNDS: usize = 8;

/// The places of choices that together have every member below `count` that any choice has.
///
/// Takes the one that costs least for each member it adds, again and again; then exchanges as long as it gets cheaper.
/// Between equals the first wins, so that the answer depends on nothing but the arguments.
pub(super) fn cover(choices: &[Choice<'_>], count: usize) -> Vec<usize> {
    let mut homes = vec![Vec::new(); count];
    for (index, choice) in choices.iter().enumerate() {
        for member in choice.members {
            homes.get_mut(*member).into_iter().for_each(|home: &mut Vec<usize>| home.push(index));
        }
    }
    let mut cover = Cover { choices, homes: &homes, taken: BTreeSet::new(), times: vec![0; count] };
    cover.fill((0..count).collect(), None);
    cover.drop_needless();
    for _ in 0..ROUNDS {
        let added = cover.add_where_it_pays();
        let replaced = cover.replace_where_it_pays();
        if !added && !replaced {
            break;
        }
    }
    cover.taken.into_iter().collect()
}

struct Cover<'a> {
    choices: &'a [Choice<'a>],
    /// For each member the choices that have it.
    homes: &'a [Vec<usize>],
    taken: BTreeSet<usize>,
    /// How many of the taken choices have each member.
    times: Vec<usize>,
}

impl<'a> Cover<'a> {
    fn choice(&self, index: usize) -> &'a [usize] {
        self.choices.get(index).map(|choice| choice.members).unwrap_or_default()
    }

    fn cost(&self, index: usize) -> usize {
        self.choices.get(index).map(|choice| choice.cost).unwrap_or_default()
    }

    fn set(&mut self, index: usize, taken: bool) {
        for member in self.choice(index) {
            if let Some(times) = self.times.get_mut(*member) {
                *times = if taken { *times + 1 } else { times.saturating_sub(1) };
            }
        }
        if taken {
            self.taken.insert(index);
        } else {
            self.taken.remove(&index);
        }
    }

    fn times(&self, member: usize) -> usize {
        self.times.get(member).copied().unwrap_or(usize::MAX)
    }

    fn missing(&self, index: usize) -> usize {
        self.choice(index).iter().filter(|member| self.times(**member) == 0).count()
    }

    /// Whether every member of a taken choice is in another one as well.
    fn is_needless(&self, index: usize) -> bool {
        self.choice(index).iter().all(|member| self.times(*member) > 1)
    }

    /// Takes choices, cheapest for what it adds first, until none of these members is missing. Gives what it took.
    ///
    /// What a choice adds only ever shrinks, so an old figure is a bound: only the best is measured again.
    fn fill(&mut self, members: Vec<usize>, banned: Option<usize>) -> Vec<usize> {
        let homes = members.iter().filter_map(|member| self.homes.get(*member));
        let mut candidates: Vec<usize> = homes.flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut heap: BinaryHeap<Offer> = candidates
            .into_iter()
            .filter(|index| Some(*index) != banned)
            .map(|index| Offer { adds: self.missing(index), cost: self.cost(index), index })
            .filter(|offer| offer.adds > 0)
            .collect();
        let mut took = Vec::new();
        while let Some(best) = heap.pop() {
            let adds = self.missing(best.index);
            if adds == best.adds {
                self.set(best.index, true);
                took.push(best.index);
            } else if adds > 0 {
                heap.push(Offer { adds, ..best });
            }
        }
        took
    }

    /// Gives back taken choices that are not needed, the dearest first. Gives what that saves.
    fn drop_needless(&mut self) -> usize {
        let mut taken: Vec<usize> = self.taken.iter().copied().collect();
        taken.sort_by_key(|index| std::cmp::Reverse((self.cost(*index), *index)));
        let mut saved = 0;
        for index in taken {
            if self.is_needless(index) {
                self.set(index, false);
                saved += self.cost(index);
            }
        }
        saved
    }

    /// Takes one more where that makes dearer ones needless.
    fn add_where_it_pays(&mut self) -> bool {
        let mut improved = false;
        for index in 0..self.choices.len() {
            if self.taken.contains(&index) || self.choice(index).len() < 2 {
                continue;
            }
            self.set(index, true);
            let needless = self.taken.iter().filter(|other| **other != index && self.is_needless(**other));
            if needless.map(|other| self.cost(*other)).sum::<usize>() <= self.cost(index) {
                self.set(index, false);
                continue;
            }
            let (taken, times) = (self.taken.clone(), self.times.clone());
            if self.drop_needless() > self.cost(index) && self.taken.contains(&index) {
                improved = true;
            } else {
                (self.taken, self.times) = (taken, times);
                self.set(index, false);
            }
        }
        improved
    }

    /// Gives one back and fills the gap anew where that is cheaper.
    fn replace_where_it_pays(&mut self) -> bool {
        let mut improved = false;
        let all: Vec<usize> = self.taken.iter().copied().collect();
        for index in all {
            if !self.taken.contains(&index) {
                continue;
            }
            let (taken, times) = (self.taken.clone(), self.times.clone());
            self.set(index, false);
            let gap: Vec<usize> =
                self.choice(index).iter().copied().filter(|member| self.times(*member) == 0).collect();
            let spent: usize =
                self.fill(gap.clone(), Some(index)).into_iter().map(|index| self.cost(index)).sum();
            let is_filled = gap.iter().all(|member| self.times(*member) > 0);
            if is_filled && spent < self.cost(index) + self.drop_needless() {
                improved = true;
            } else {
                (self.taken, self.times) = (taken, times);
            }
        }
        improved
    }
}

/// Larger is better: more members for the cost, then the earlier choice.
#[derive(PartialEq, Eq)]
struct Offer {
    adds: usize,
    cost: usize,
    index: usize,
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let worth = (self.adds * other.cost).cmp(&(other.adds * self.cost));
        worth.then(self.adds.cmp(&other.adds)).then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

//! Is there a text that all of these patterns match and none of those?
//!
//! Owns the search and its bound. Never says "none" when it has only given up.

use std::collections::{HashMap, VecDeque};

use super::{Pattern, Token};

/// How many places in patterns the search keeps before it gives up. Patterns of real policies take some thousands.
const EFFORT: usize = 400_000;

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// One of the shortest such texts.
    Found(String),
    /// There is no such text; this is a proof.
    Empty,
    /// The patterns are too entangled to tell within the bound.
    TooHard,
}

/// Looks for a text that every pattern of `all` matches and no pattern of `none` does.
///
/// Reads all patterns at once, letter by letter, as automata whose states are sets of places in the patterns
/// (the powerset construction), breadth first. Letters that no pattern expects at a place all lead to the same state,
/// so one of them stands for all.
#[must_use]
pub fn find(all: &[&Pattern], none: &[&Pattern]) -> Search {
    let mut effort = EFFORT;
    find_with(&mut effort, all, none)
}

/// Like [`find`], within an effort that several searches share.
pub(crate) fn find_with(effort: &mut usize, all: &[&Pattern], none: &[&Pattern]) -> Search {
    if let Some(text) = obvious(all, none) {
        return Search::Found(text);
    }
    if none.iter().any(|wide| all.iter().any(|narrow| wide.covers(narrow))) {
        return Search::Empty;
    }
    // What matches no text that all match makes no difference, and each pattern makes the rest harder.
    let meets_all = |pattern: &&&Pattern| all.iter().all(|other| pattern.may_meet(other));
    let none: &[&Pattern] = &none.iter().filter(meets_all).copied().collect::<Vec<_>>();
    let machine = Machine { all, none };
    let start = machine.start();
    let mut seen: HashMap<State, Option<(usize, char)>> = HashMap::from([(start.clone(), None)]);
    let mut order: Vec<State> = vec![start];
    let mut queue: VecDeque<usize> = VecDeque::from([0]);
    while let Some(index) = queue.pop_front() {
        let Some(state) = order.get(index).cloned() else { break };
        if machine.accepts(&state) {
            return Search::Found(spell(&order, &seen, state));
        }
        for letter in machine.letters(&state) {
            let next = machine.step(&state, letter);
            if machine.is_dead(&next) || seen.contains_key(&next) {
                continue;
            }
            let places = next.iter().map(|places| places.len()).sum();
            let Some(left) = effort.checked_sub(places) else { return Search::TooHard };
            *effort = left;
            seen.insert(next.clone(), Some((index, letter)));
            queue.push_back(order.len());
            order.push(next);
        }
    }
    Search::Empty
}

/// The shortest text of one of the patterns, if it does for all: it nearly always does, and no search is needed.
fn obvious(all: &[&Pattern], none: &[&Pattern]) -> Option<String> {
    let shortest = |pattern: &&Pattern| -> String {
        let letters = pattern.tokens.iter().filter_map(|token| match token {
            Token::Character(letter) => Some(*letter),
            Token::One | Token::OneInSegment => Some('x'),
            Token::Run | Token::RunInSegment => None,
        });
        letters.collect()
    };
    all.iter().map(shortest).find(|text| {
        all.iter().all(|pattern| pattern.matches(text)) && !none.iter().any(|pattern| pattern.matches(text))
    })
}

/// The letters that lead to a state.
fn spell(order: &[State], seen: &HashMap<State, Option<(usize, char)>>, mut state: State) -> String {
    let mut letters = Vec::new();
    while let Some(Some((before, letter))) = seen.get(&state) {
        letters.push(*letter);
        let Some(before) = order.get(*before) else { break };
        state = before.clone();
    }
    letters.iter().rev().collect()
}

/// For each pattern, those of `all` first, the places that may come next, in order.
type State = Vec<Box<[u32]>>;

struct Machine<'a> {
    all: &'a [&'a Pattern],
    none: &'a [&'a Pattern],
}

impl Machine<'_> {
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.all.iter().chain(self.none).copied()
    }

    fn start(&self) -> State {
        self.patterns().map(|pattern| closure(pattern, [0].into_iter())).collect()
    }

    fn step(&self, state: &State, letter: char) -> State {
        let places = state.iter().map(|places| places.iter());
        let follow = |pattern, places: std::slice::Iter<'_, u32>| {
            closure(pattern, places.filter_map(|place| advance(pattern, *place, letter)))
        };
        self.patterns().zip(places).map(|(pattern, places)| follow(pattern, places)).collect()
    }

    fn accepts(&self, state: &State) -> bool {
        let mut ends =
            self.patterns().zip(state).map(|(pattern, places)| token_at_last(places) == pattern.tokens.len());
        self.all.iter().all(|_| ends.next() == Some(true)) && ends.all(|ended| !ended)
    }

    /// Whether a pattern that must match no longer can.
    fn is_dead(&self, state: &State) -> bool {
        state.iter().take(self.all.len()).any(|places| places.is_empty())
    }

    /// One letter of each kind that makes a difference here: those that a pattern expects, and one that none does.
    fn letters(&self, state: &State) -> Vec<char> {
        let mut expected: Vec<char> = Vec::new();
        for (pattern, places) in self.patterns().zip(state) {
            for place in places {
                let letter = match token(pattern, *place) {
                    Some(Token::Character(letter)) => *letter,
                    Some(Token::OneInSegment | Token::RunInSegment) => ':',
                    Some(Token::One | Token::Run) | None => continue,
                };
                if !expected.contains(&letter) {
                    expected.push(letter);
                }
            }
        }
        let other = ('a'..='z').rev().skip(2).chain('0'..='9').chain('A'..='Z').chain('\u{a1}'..);
        let fresh = other.into_iter().find(|letter| !expected.contains(letter));
        // The unexpected letter first: where it will do, the text found contains no wildcard and no accident.
        fresh.into_iter().chain(expected).collect()
    }
}

fn token(pattern: &Pattern, place: u32) -> Option<&Token> {
    usize::try_from(place).ok().and_then(|place| pattern.tokens.get(place))
}

fn token_at_last(places: &[u32]) -> usize {
    places.last().and_then(|place| usize::try_from(*place).ok()).unwrap_or(usize::MAX)
}

/// Where a place leads with a letter: a run stays, what matches moves on.
fn advance(pattern: &Pattern, place: u32, letter: char) -> Option<u32> {
    let token = token(pattern, place)?;
    let next = if token.is_run() { place } else { place + 1 };
    token.takes(letter).then_some(next)
}

/// The places and, since a run may be empty, those behind their runs; in order, each once.
fn closure(pattern: &Pattern, places: impl Iterator<Item = u32>) -> Box<[u32]> {
    let mut closed: Vec<u32> = Vec::new();
    for place in places {
        closed.push(place);
        if token(pattern, place).is_some_and(|token| token.is_run()) {
            closed.push(place + 1);
        }
    }
    closed.sort_unstable();
    closed.dedup();
    closed.into()
}

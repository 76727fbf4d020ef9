//! The patterns that are worth looking at.
//!
//! Owns which patterns are tried for a name. Never chooses among them.
//!
//! A pattern is of use if it matches no unwanted name, and if no shorter one matches the same. Of a name's beginnings,
//! ends and parts only the shortest that no unwanted name shares can therefore be in a shortest list, and every name
//! that such a pattern matches brings it forth by itself: what a pattern matches is the list of the names that it came
//! from.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    Wildcards,
    glob::{Gap, Glob},
    names::{Name, Names, common_head, common_tail},
};

/// A pattern with the places of the wanted names that it came from.
type Candidate = (Glob<'static>, Vec<usize>);

/// The patterns in their order.
pub(super) fn candidates(names: &Names, wildcards: Wildcards) -> Vec<Candidate> {
    let mut found = Collected::default();
    let mut framed = Collected::default();
    let shared = shared(&names.wanted);
    for ((index, name), shared) in names.wanted.iter().enumerate().zip(shared) {
        found.add(Glob { head: &name.lower, gap: Gap::Closed, tail: &[] }, index);
        let cuts = match wildcards {
            Wildcards::None => continue,
            Wildcards::Words => name.words.clone(),
            Wildcards::Anywhere => name.places(),
        };
        // Of words only what two names have is looked at, and longer beginnings or ends belong to one name.
        let is_shared = |glob: &Glob<'_>| {
            wildcards == Wildcards::Anywhere || (glob.head.len() <= shared.0 && glob.tail.len() <= shared.1)
        };
        heads_and_tails(name, &cuts, names, &mut |glob| {
            if is_shared(&glob) {
                found.add(glob, index);
            }
        });
        parts(name, &cuts, names, &mut |glob| found.add(glob, index));
        framed_words(name, shared, &mut |glob| framed.add(glob, index));
        if wildcards == Wildcards::Anywhere {
            one_letter(name, &mut |glob| framed.add(glob, index));
        }
    }
    let is_of_use = |(glob, from): &Candidate| match wildcards {
        Wildcards::Words => from.len() > 1 || glob.gap == Gap::Closed,
        Wildcards::None | Wildcards::Anywhere => true,
    };
    let found = found.0.into_iter().filter(is_of_use);
    let framed = framed.0.into_iter().filter(|(glob, from)| from.len() > 1 && is_free(glob, names));
    let mut all: Vec<Candidate> = found.chain(framed).collect();
    all.sort_unstable();
    all
}

/// Whether the pattern matches no unwanted name.
pub(super) fn is_free(glob: &Glob<'_>, names: &Names) -> bool {
    !names.unwanted_from(glob.head).iter().any(|name| glob.matches(&name.lower))
}

/// Patterns in no order, each with the places of the wanted names that it came from.
#[derive(Default)]
struct Collected(HashMap<Glob<'static>, Vec<usize>, RandomState>);

impl Collected {
    fn add(&mut self, glob: Glob<'static>, index: usize) {
        let from = self.0.entry(glob).or_default();
        if from.last() != Some(&index) {
            from.push(index);
        }
    }
}

/// `Get*`, `*Tags`, `Get*Tags`, and the same with a `?` where that keeps out a name that has nothing in the gap.
fn heads_and_tails(name: &'static Name, cuts: &[usize], names: &Names, add: &mut impl FnMut(Glob<'static>)) {
    let length = name.lower.len();
    // For each length of the head, how long a tail must be: longer than any that an unwanted name of this head shares.
    let mut run = vec![0; length + 1];
    let mut filled = run.clone();
    // Names that do not share the shortest head there is only matter to patterns without one.
    let shortest_head = cuts.iter().find(|cut| **cut > 0).and_then(|cut| name.lower.get(..*cut));
    let near = names.unwanted_from(shortest_head.unwrap_or_default()).iter().copied();
    for unwanted in near.chain(names.unwanted_around(name)).map(|unwanted| &unwanted.lower) {
        let tail = common_tail(&name.lower, unwanted);
        let heads = run.iter_mut().zip(&mut filled).enumerate();
        for (head, (run, filled)) in heads.take(common_head(&name.lower, unwanted) + 1) {
            let room = unwanted.len() - head;
            *run = (*run).max(tail.min(room) + 1);
            *filled = (*filled).max(if room == 0 { 0 } else { tail.min(room - 1) + 1 });
        }
    }
    let tails: Vec<usize> = cuts.iter().rev().map(|cut| length - cut).collect();
    let shortest = |least: usize, room: usize| {
        tails.iter().copied().find(|tail| *tail >= least).filter(|tail| *tail <= room)
    };
    let (mut best_run, mut best_filled) = (usize::MAX, usize::MAX);
    for head in cuts.iter().copied() {
        let need = |list: &[usize]| list.get(head).copied().unwrap_or_default();
        let room = length - head;
        let mut offer = |tail: usize, gap| {
            let head = name.lower.get(..head).unwrap_or_default();
            let tail = name.lower.get(length - tail..).unwrap_or_default();
            add(Glob { head, gap, tail });
        };
        if let Some(tail) = shortest(need(&run), room).filter(|tail| *tail < best_run) {
            best_run = tail;
            offer(tail, Gap::Run);
        }
        let tail = room.checked_sub(1).and_then(|room| shortest(need(&filled), room));
        if let Some(tail) = tail.filter(|tail| *tail < best_filled.min(best_run)) {
            best_filled = tail;
            offer(tail, Gap::Filled);
        }
        if best_run == 0 {
            break;
        }
    }
}

/// `*Object*`
fn parts(name: &'static Name, cuts: &[usize], names: &Names, add: &mut impl FnMut(Glob<'static>)) {
    let end_of = |start: usize| {
        let known = names.longest_known(name, start);
        cuts.iter().copied().find(|cut| *cut > start + known)
    };
    let spans: Vec<(usize, Option<usize>)> = cuts.iter().map(|start| (*start, end_of(*start))).collect();
    for pair in spans.windows(2) {
        let [(start, Some(end)), (_, next_end)] = pair else { continue };
        // Where the next part ends no later, it lies within this one.
        if *next_end != Some(*end)
            && let Some(part) = name.lower.get(*start..*end)
        {
            add(Glob { head: &[], gap: Gap::Around(part), tail: &[] });
        }
    }
}

/// Of each name the length of the longest beginning, and of the longest end, that another one has too.
fn shared(wanted: &[&'static Name]) -> Vec<(usize, usize)> {
    // Names are sorted, so that their neighbors have most in common with them.
    let mut longest = vec![(0, 0); wanted.len()];
    for (index, pair) in wanted.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        let head = common_head(&one.lower, &next.lower);
        for (longest, _) in longest.iter_mut().skip(index).take(2) {
            *longest = (*longest).max(head);
        }
    }
    let mut by_end: Vec<usize> = (0..wanted.len()).collect();
    let name = |place: &usize| wanted.get(*place).map(|name| name.lower.as_slice()).unwrap_or_default();
    by_end.sort_by(|a, b| name(a).iter().rev().cmp(name(b).iter().rev()));
    for pair in by_end.windows(2) {
        let [one, next] = pair else { continue };
        let tail = common_tail(name(one), name(next));
        for place in [one, next] {
            if let Some((_, longest)) = longest.get_mut(*place) {
                *longest = (*longest).max(tail);
            }
        }
    }
    longest
}

/// `Get*Object*`, `*Object*Tags`, `Get*Object*Tags`; of whole words, because all others would be too many, and no longer
/// at both ends than another name shares, because a name on its own needs no frame.
fn framed_words(name: &'static Name, (head, tail): (usize, usize), add: &mut impl FnMut(Glob<'static>)) {
    let words = &name.words;
    let piece = |from: usize, to: usize| name.lower.get(from..to).unwrap_or_default();
    let length = name.lower.len();
    let heads = words.iter().enumerate().take_while(|(_, cut)| **cut <= head);
    let tails: Vec<(usize, &usize)> =
        words.iter().enumerate().skip_while(|(_, cut)| length - **cut > tail).collect();
    for (first, head) in heads {
        for (second, start) in words.iter().enumerate().skip(first + 1) {
            for (third, end) in words.iter().enumerate().skip(second + 1) {
                for (_, tail) in tails.iter().filter(|(place, _)| *place > third) {
                    if (*head, **tail) != (0, length) {
                        let gap = Gap::Around(piece(*start, *end));
                        add(Glob { head: piece(0, *head), gap, tail: piece(**tail, length) });
                    }
                }
            }
        }
    }
}

/// `DescribeVpc?`
fn one_letter(name: &'static Name, add: &mut impl FnMut(Glob<'static>)) {
    for place in 0..name.lower.len() {
        let head = name.lower.get(..place).unwrap_or_default();
        let tail = name.lower.get(place + 1..).unwrap_or_default();
        add(Glob { head, gap: Gap::One, tail });
    }
}

//! Which statement of the later document is which of the earlier.
//!
//! Owns the pairing. A wrong pair makes a clumsy report and never a wrong verdict: verdicts hold for any pairing.

use std::collections::HashSet;

use super::Reading;
use crate::{Statement, print};

pub(super) struct Pairing<'a, 'b> {
    /// Statements that changed, earlier and later.
    pub(super) pairs: Vec<(&'a Reading<'b>, &'a Reading<'b>)>,
    pub(super) removed: Vec<&'a Reading<'b>>,
    pub(super) added: Vec<&'a Reading<'b>>,
}

/// Leaves out what both documents have, pairs the rest by `Sid`, and what is left by likeness.
pub(super) fn pair<'a, 'b>(before: &'a [Reading<'b>], after: &'a [Reading<'b>]) -> Pairing<'a, 'b> {
    let mut removed = only_here(before, after);
    let mut added = only_here(after, before);
    let by_sid = |was: &Reading<'_>, is: &Reading<'_>| {
        let same = was.place.sid.is_some() && was.place.sid == is.place.sid;
        usize::from(same && (was.canonical.effect == is.canonical.effect || alike_but_effect(was, is)))
    };
    let mut pairs = best_pairs(&mut removed, &mut added, by_sid);
    pairs.extend(best_pairs(&mut removed, &mut added, likeness));
    Pairing { pairs, removed, added }
}

/// The statements that the other document has not, each meaning once.
fn only_here<'a, 'b>(here: &'a [Reading<'b>], there: &[Reading<'_>]) -> Vec<&'a Reading<'b>> {
    let mut known: HashSet<&str> = there.iter().map(|reading| reading.text.as_str()).collect();
    let mut only = Vec::new();
    for reading in here {
        if known.insert(&reading.text) {
            only.push(reading);
        }
    }
    only
}

/// Takes the best pair out of both lists as long as there is one; the earlier statement goes first where two are as
/// good.
fn best_pairs<'a, 'b>(
    removed: &mut Vec<&'a Reading<'b>>,
    added: &mut Vec<&'a Reading<'b>>,
    score: impl Fn(&Reading<'_>, &Reading<'_>) -> usize,
) -> Vec<(&'a Reading<'b>, &'a Reading<'b>)> {
    let mut scored: Vec<(usize, &Reading<'_>, &Reading<'_>)> = Vec::new();
    for was in removed.iter() {
        scored.extend(added.iter().map(|is| (score(was, is), *was, *is)).filter(|(score, ..)| *score > 0));
    }
    scored.sort_by_key(|(score, was, is)| (std::cmp::Reverse(*score), was.place.index, is.place.index));
    let mut pairs = Vec::new();
    for (_, was, is) in scored {
        let free = |list: &[&Reading<'_>], one: &Reading<'_>| {
            list.iter().position(|other| other.place.index == one.place.index)
        };
        let (Some(from), Some(to)) = (free(removed, was), free(added, is)) else { continue };
        pairs.push((removed.remove(from), added.remove(to)));
    }
    pairs
}

/// How much two statements have in common, in hundredths; none if they are more different than alike.
fn likeness(was: &Reading<'_>, is: &Reading<'_>) -> usize {
    let (a, b) = (&was.canonical, &is.canonical);
    if a.effect != b.effect {
        return if alike_but_effect(was, is) { 1 } else { 0 };
    }
    let actions = shared(a.actions.inner().as_slice(), b.actions.inner().as_slice());
    let services = shared(&services(a), &services(b));
    let resources = |statement: &Statement| {
        statement.resources.as_ref().map(|scope| scope.inner().as_slice().to_vec()).unwrap_or_default()
    };
    let resources = shared(&resources(a), &resources(b));
    let others =
        usize::from(a.principals == b.principals) * 50 + usize::from(a.conditions == b.conditions) * 50;
    let score = 2 * actions + services / 2 + resources + others;
    if actions + services + resources < 100 { 0 } else { score }
}

fn services(statement: &Statement) -> Vec<String> {
    let service = |action: &String| action.split(':').next().unwrap_or_default().to_owned();
    statement.actions.inner().iter().map(service).collect()
}

/// How much of two lists is in both, in hundredths.
fn shared(a: &[String], b: &[String]) -> usize {
    let a: HashSet<&String> = a.iter().collect();
    let b: HashSet<&String> = b.iter().collect();
    let both = a.intersection(&b).count();
    (100 * both).checked_div(a.len() + b.len() - both).unwrap_or(100)
}

/// Whether two statements differ in their effect, and at most in their `Sid` besides.
fn alike_but_effect(was: &Reading<'_>, is: &Reading<'_>) -> bool {
    let plain = |reading: &Reading<'_>| {
        print::statement(&Statement { sid: None, effect: crate::Effect::Allow, ..reading.canonical.clone() })
    };
    was.canonical.effect != is.canonical.effect && plain(was) == plain(is)
}

//! Two ways to spread parts over documents.
//!
//! Owns which parts go together. Never measures: it asks.

use super::unit::Unit;

/// Bits of a part's name.
const DEPTH: u32 = 3 * u64::BITS;

/// Divides in two by the bits of the names until everything is small enough.
///
/// A part goes the way of its own bits, so that it goes elsewhere only when its document is divided further, or no longer
/// is. Parts of a service have the first 64 bits in common: they are divided last.
pub(super) fn by_name(units: Vec<Unit>, is_small: &dyn Fn(&[Unit]) -> bool) -> Vec<Vec<Unit>> {
    let mut small = Vec::new();
    // What is on top is next, so the zeros go there last.
    let mut open = vec![(units, 0)];
    while let Some((units, depth)) = open.pop() {
        if units.is_empty() {
            continue;
        }
        if is_small(&units) {
            small.push(units);
            continue;
        }
        if depth == DEPTH {
            // Parts that say the same have one name: nothing but their order tells them apart.
            small.extend(in_order(units, is_small));
            continue;
        }
        let (ones, zeros): (Vec<Unit>, Vec<Unit>) = units.into_iter().partition(|unit| bit(unit, depth));
        open.push((ones, depth + 1));
        open.push((zeros, depth + 1));
    }
    small
}

fn bit(unit: &Unit, depth: u32) -> bool {
    let word = usize::try_from(depth / u64::BITS).ok().and_then(|word| unit.name.get(word));
    word.is_some_and(|word| word >> (u64::BITS - 1 - depth % u64::BITS) & 1 == 1)
}

/// Fills one document after the other.
pub(super) fn in_order(units: Vec<Unit>, is_small: &dyn Fn(&[Unit]) -> bool) -> Vec<Vec<Unit>> {
    let mut full = Vec::new();
    let mut rest = units.as_slice();
    while !rest.is_empty() {
        let beginning = |length: usize| rest.get(..length).unwrap_or(rest);
        // A beginning is small if a longer one is, so the first that is not can be found by halving.
        let lengths: Vec<usize> = (1..=rest.len()).collect();
        let most = lengths.partition_point(|length| is_small(beginning(*length))).max(1);
        full.push(beginning(most).to_vec());
        rest = rest.get(most..).unwrap_or_default();
    }
    full
}

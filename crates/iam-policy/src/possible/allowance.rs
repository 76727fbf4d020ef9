//! What several questions may spend together.
//!
//! Owns the count. Never decides what a question costs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How many places of patterns may be looked at for all questions that share it. Questions about real policies take some
/// thousands at most; entangled ones take hundreds of thousands each, and there may be many. Clones share what is left.
///
/// A question holds what it may spend until it is answered, so that of questions that are asked at the same time one may
/// get less than it would alone: ask them one after the other where answers must not depend on that.
#[derive(Clone, Debug)]
pub struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    /// So many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(places)))
    }

    /// What is left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes as much as there is, and no more than this.
    pub(super) fn take(&self, most: usize) -> usize {
        let less = |left: usize| Some(left - left.min(most));
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        before.unwrap_or_default().min(most)
    }

    /// Returns what was taken and not spent.
    pub(super) fn give_back(&self, rest: usize) {
        self.0.fetch_add(rest, Ordering::Relaxed);
    }
}

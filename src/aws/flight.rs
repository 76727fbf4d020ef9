//! One fetch at a time: callers that come while it is under way wait for it and share its outcome.
//!
//! Owns the waiting; knows nothing of what is fetched.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use super::Error;

/// A value that is fetched when first needed and again when it is no longer fresh.
///
/// A success is kept. A failure is shared with those who waited for it and then forgotten: the next caller tries
/// again, since a missing permission may have been granted meanwhile.
#[derive(Debug)]
pub(super) struct Flight<T> {
    gate: tokio::sync::Mutex<()>,
    landed: Mutex<Landed<T>>,
}

#[derive(Debug)]
struct Landed<T> {
    value: Option<T>,
    failures: u64,
    failure: Option<Error>,
}

impl<T> Default for Flight<T> {
    fn default() -> Self {
        let landed = Landed { value: None, failures: 0, failure: None };
        Self { gate: tokio::sync::Mutex::default(), landed: Mutex::new(landed) }
    }
}

impl<T: Clone> Flight<T> {
    /// A flight that has landed already.
    pub(super) fn landed(value: T) -> Self {
        let flight = Self::default();
        flight.update(|landed| landed.value = Some(value));
        flight
    }

    /// The value, fetched unless there is one that `fresh` accepts.
    pub(super) async fn get<F>(
        &self,
        fresh: impl Fn(&T) -> bool,
        fetch: impl FnOnce() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let kept = |landed: &mut Landed<T>| landed.value.as_ref().filter(|value| fresh(value)).cloned();
        let seen = match self.update(|landed| kept(landed).ok_or(landed.failures)) {
            Ok(value) => return Ok(value),
            Err(seen) => seen,
        };
        let _turn = self.gate.lock().await;
        let shared = self.update(|landed| {
            if let Some(value) = kept(landed) {
                return Some(Ok(value));
            }
            landed.failure.clone().filter(|_| landed.failures > seen).map(Err)
        });
        if let Some(outcome) = shared {
            return outcome;
        }
        // Erased: what is fetched first, logging in above all, is deep, and seldom on the way.
        let fetching: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(fetch());
        let outcome = fetching.await;
        self.update(|landed| match &outcome {
            Ok(value) => landed.value = Some(value.clone()),
            Err(error) => {
                landed.failures += 1;
                landed.failure = Some(error.clone());
            }
        });
        outcome
    }

    /// The last value, fresh or not.
    pub(super) fn last(&self) -> Option<T> {
        self.update(|landed| landed.value.clone())
    }

    fn update<R>(&self, change: impl FnOnce(&mut Landed<T>) -> R) -> R {
        change(&mut self.landed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Kind;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::task::yield_now;

    async fn twenty(flight: &Flight<u32>, outcome: Result<u32, Error>) -> (u32, Vec<Result<u32, Error>>) {
        let fetches = AtomicU32::new(0);
        let get = || {
            flight.get(
                |_| true,
                || async {
                    fetches.fetch_add(1, Ordering::Relaxed);
                    for _ in 0..5 {
                        yield_now().await;
                    }
                    outcome.clone()
                },
            )
        };
        let outcomes = futures_util::future::join_all((0..20).map(|_| get())).await;
        (fetches.into_inner(), outcomes)
    }

    #[tokio::test]
    async fn twenty_callers_make_one_fetch() {
        let flight = Flight::default();
        let (fetches, outcomes) = twenty(&flight, Ok(7)).await;
        assert_eq!(fetches, 1);
        assert!(outcomes.iter().all(|outcome| *outcome.as_ref().unwrap() == 7));
    }

    #[tokio::test]
    async fn a_failure_is_shared_by_the_waiting_and_then_forgotten() {
        let flight = Flight::default();
        let (fetches, outcomes) = twenty(&flight, Err(Error::new(Kind::Denied, "x", "y"))).await;
        assert_eq!(fetches, 1);
        assert!(outcomes.iter().all(Result::is_err));
        let (fetches, outcomes) = twenty(&flight, Ok(8)).await;
        assert_eq!((fetches, outcomes.iter().filter(|outcome| outcome.is_ok()).count()), (1, 20));
    }

    #[tokio::test]
    async fn what_is_not_fresh_is_fetched_again() {
        let flight = Flight::landed(1);
        assert_eq!(flight.get(|value| *value > 1, || async { Ok(2) }).await.unwrap(), 2);
        assert_eq!(flight.get(|value| *value > 1, || async { Ok(3) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_its_turn_to_the_next() {
        let flight: Flight<u32> = Flight::default();
        let abandoned = flight.get(|_| true, std::future::pending);
        tokio::select! { biased; _ = abandoned => {}, () = yield_now() => {} }
        assert_eq!(flight.get(|_| true, || async { Ok(4) }).await.unwrap(), 4);
    }
}

//! How long to go on while AWS says "not yet": bounded, jittered, ended early by the host's wish to stop.
//!
//! Owns the pacing; what counts as "not yet" is decided by the caller of each operation.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

use super::{Error, Stop};

/// Bounds of the retries that the SDK does not do: eventual consistency and concurrent edits.
///
/// IAM states no bound for its eventual consistency; two minutes is what has proved enough in practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From the first attempt to the start of the last.
    pub total: Duration,
    /// Before the second attempt; doubles from there.
    pub first: Duration,
    /// Between two attempts at most.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(120),
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
        }
    }
}

impl Patience {
    /// The wait after attempt number `attempt` (from 0): between half and all of the doubled first wait, so that
    /// many roles that failed together do not come back together.
    fn wait(&self, attempt: u32, random: u64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempt)).min(self.longest);
        let half = doubled / 2;
        let share = u32::try_from(random % 1_000).unwrap_or_default();
        half + half.saturating_mul(share) / 1_000
    }

    /// Runs `attempt` until it succeeds, fails with something that `again` does not forgive, or the bounds end.
    pub(super) async fn persist<T, F>(
        &self,
        stop: &Stop,
        again: impl Fn(&Error) -> bool,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let begun = Instant::now();
        for number in 0.. {
            let error = match attempt().await {
                Err(error) if again(&error) => error,
                done => return done,
            };
            let wait = self.wait(number, random());
            if begun.elapsed() + wait > self.total {
                let waited = begun.elapsed().as_secs();
                return Err(error.advise(format!("Tried again for {waited} s, with the same answer.")));
            }
            tracing::debug!(
                operation = error.operation(),
                code = error.code(),
                ?wait,
                "not yet, trying again"
            );
            if !stop.sleep(wait).await {
                return Err(error.advise("Not tried again, since the run was asked to stop."));
            }
        }
        Err(Error::new(super::Kind::Other, "retry", "the attempts ran out"))
    }
}

/// A random number without a generator to carry around: the standard library seeds each hasher anew.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Kind;
    use std::cell::Cell;
    use tokio::sync::watch;

    const QUICK: Patience = Patience {
        total: Duration::from_millis(40),
        first: Duration::from_millis(1),
        longest: Duration::from_millis(4),
    };

    fn conflict() -> Error {
        Error::new(Kind::Conflict, "iam:TagRole", "busy")
    }

    #[test]
    fn waits_double_up_to_the_longest_and_keep_half() {
        let patience = Patience::default();
        for (attempt, top) in [(0, 500), (1, 1_000), (2, 2_000), (3, 4_000), (4, 8_000), (60, 8_000)] {
            assert_eq!(patience.wait(attempt, 0), Duration::from_millis(top / 2));
            let most = patience.wait(attempt, 999);
            assert!(most < Duration::from_millis(top) && most > Duration::from_millis(top * 99 / 100));
        }
    }

    #[tokio::test]
    async fn success_after_forgiven_failures_is_success() {
        let tries = Cell::new(0);
        let outcome = QUICK
            .persist(
                &Stop::never(),
                |error| error.kind() == Kind::Conflict,
                || async {
                    tries.set(tries.get() + 1);
                    if tries.get() < 3 { Err(conflict()) } else { Ok(tries.get()) }
                },
            )
            .await;
        assert_eq!(outcome.unwrap(), 3);
    }

    #[tokio::test]
    async fn what_is_not_forgiven_fails_at_once() {
        let tries = Cell::new(0);
        let outcome: Result<(), Error> = QUICK
            .persist(
                &Stop::never(),
                |error| error.kind() == Kind::NotFound,
                || async {
                    tries.set(tries.get() + 1);
                    Err(conflict())
                },
            )
            .await;
        assert_eq!((outcome.unwrap_err().kind(), tries.get()), (Kind::Conflict, 1));
    }

    #[tokio::test]
    async fn the_total_bounds_the_attempts() {
        let outcome: Result<(), Error> =
            QUICK.persist(&Stop::never(), |_| true, || async { Err(conflict()) }).await;
        assert!(outcome.unwrap_err().to_string().contains("Tried again for 0 s"));
    }

    #[tokio::test]
    async fn the_wish_to_stop_ends_the_waiting() {
        let slow = Patience {
            first: Duration::from_secs(600),
            longest: Duration::from_secs(600),
            total: Duration::from_secs(6_000),
        };
        let (ask, flag) = watch::channel(true);
        let outcome: Result<(), Error> =
            slow.persist(&Stop::from(flag), |_| true, || async { Err(conflict()) }).await;
        assert!(outcome.unwrap_err().to_string().contains("asked to stop"));
        drop(ask);
    }
}

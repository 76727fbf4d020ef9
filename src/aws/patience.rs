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
    /// From the first attempt to the start of the last; there is always a second one.
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
            if number > 0 && begun.elapsed() + wait > self.total {
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
mod tests;

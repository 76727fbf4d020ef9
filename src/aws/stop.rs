//! The host's wish to stop, as the AWS side sees it.
//!
//! It ends waiting, never work: a call that may have changed something is always heard out.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch;

/// Says whether the host has asked to stop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// For work that nobody can interrupt.
    #[must_use]
    pub fn never() -> Self {
        Self(None)
    }

    /// Whether the host has asked already.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| *flag.borrow())
    }

    /// Waits until the host asks; for ever if it never does.
    pub async fn asked(&self) {
        let Some(mut flag) = self.0.clone() else { return pending().await };
        // A sender that went away can no longer ask.
        if flag.wait_for(|asked| *asked).await.is_err() {
            pending::<()>().await;
        }
    }

    /// Sleeps for `duration`; `false` means that the host asked to stop meanwhile.
    pub(crate) async fn sleep(&self, duration: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.asked() => false,
            () = tokio::time::sleep(duration) => true,
        }
    }
}

impl From<watch::Receiver<bool>> for Stop {
    /// `true` in the channel means "stop"; a dropped sender means "never".
    fn from(flag: watch::Receiver<bool>) -> Self {
        Self(Some(flag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asking_ends_a_long_sleep_at_once() {
        let (ask, flag) = watch::channel(false);
        let stop = Stop::from(flag);
        assert!(!stop.is_asked());
        let sleeping = stop.sleep(Duration::from_secs(3600));
        let asking = async { ask.send(true).unwrap() };
        let (slept, ()) = tokio::join!(sleeping, asking);
        assert!(!slept && stop.is_asked());
    }

    #[tokio::test]
    async fn a_sender_that_went_away_never_asks() {
        let (ask, flag) = watch::channel(false);
        drop(ask);
        assert!(Stop::from(flag).sleep(Duration::from_millis(1)).await);
        assert!(Stop::never().sleep(Duration::from_millis(1)).await);
    }
}

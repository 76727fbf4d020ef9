//! How the process ends: who may end it, who is told, and how long running work gets.
//!
//! Owns signals and the watch over the host. Never ends anything itself: it passes the word.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::error::StartError;

/// How long the process waits without a connection before it takes its host for dead. A host dials at once
/// and holds its connection for the whole run, so this only has to outlast a busy machine.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The host called Shutdown.
    Shutdown,
    /// SIGTERM, or SIGINT under `--debug`.
    Terminated,
    /// No host is connected any more.
    Abandoned,
}

impl Ending {
    /// How long calls that are still running may go on.
    pub(super) fn grace(self) -> Duration {
        match self {
            // The host kills what is still there after two seconds.
            Self::Shutdown => Duration::from_secs(1),
            // A write that was asked to stop should still report what it reached, or the host forgets the
            // object.
            Self::Terminated => Duration::from_secs(10),
            Self::Abandoned => Duration::ZERO,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shutdown => "the host asked for it",
            Self::Terminated => "a signal asked for it",
            Self::Abandoned => "no host is connected",
        })
    }
}

/// The end of the process, shared by all who may cause it or have to hear of it.
#[derive(Clone, Debug)]
pub(super) struct Lifecycle {
    ending: Arc<watch::Sender<Option<Ending>>>,
    connections: Arc<watch::Sender<usize>>,
}

/// Counts as a connected host while it lives.
#[derive(Debug)]
pub(super) struct Connected(Arc<watch::Sender<usize>>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Lifecycle {
    /// A process that nothing ends yet.
    pub(super) fn new() -> Self {
        Self { ending: Arc::new(watch::Sender::new(None)), connections: Arc::new(watch::Sender::new(0)) }
    }

    /// Begins the end. The first cause counts.
    pub(super) fn end(&self, cause: Ending) {
        self.ending.send_if_modified(|ending| ending.is_none() && ending.replace(cause).is_none());
    }

    /// Waits for the end to begin.
    pub(super) fn ended(&self) -> impl Future<Output = Ending> + Send + use<> {
        let mut ending = self.ending.subscribe();
        async move {
            match ending.wait_for(Option::is_some).await.map(|cause| *cause) {
                Ok(Some(cause)) => cause,
                // Every sender is gone, and with them everything that could be served.
                Ok(None) | Err(_) => Ending::Abandoned,
            }
        }
    }

    /// Counts one more connected host.
    pub(super) fn connected(&self) -> Connected {
        self.connections.send_modify(|count| *count += 1);
        Connected(Arc::clone(&self.connections))
    }

    /// Ends the process when no host has been connected for a minute.
    ///
    /// A killed host sends no Shutdown, and its plugins would live on with the user's credentials. Go
    /// plugins do.
    pub(super) fn end_when_abandoned(&self) {
        let lifecycle = self.clone();
        tokio::spawn(async move {
            abandoned(lifecycle.connections.subscribe(), ABANDONED_AFTER).await;
            lifecycle.end(Ending::Abandoned);
        });
    }

    /// Installs the signal handlers.
    ///
    /// Under a host SIGINT is swallowed: Ctrl-C reaches the whole process group, and the host then sends
    /// StopProvider and goes on talking. With `interrupt_ends` (under `--debug`) it ends the process.
    #[cfg(unix)]
    pub(super) fn heed_signals(&self, interrupt_ends: bool) -> Result<(), StartError> {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
        let lifecycle = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => lifecycle.end(Ending::Terminated),
                    _ = interrupt.recv() => {
                        if interrupt_ends {
                            lifecycle.end(Ending::Terminated);
                        }
                    }
                }
            }
        });
        Ok(())
    }

    /// Installs the signal handlers: Ctrl-C is swallowed unless `interrupt_ends`.
    #[cfg(not(unix))]
    pub(super) fn heed_signals(&self, interrupt_ends: bool) -> Result<(), StartError> {
        let lifecycle = self.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if interrupt_ends {
                    lifecycle.end(Ending::Terminated);
                }
            }
        });
        Ok(())
    }
}

/// Waits until there was no connection for `limit`.
async fn abandoned(mut connections: watch::Receiver<usize>, limit: Duration) {
    while connections.wait_for(|count| *count == 0).await.is_ok() {
        if tokio::time::timeout(limit, connections.wait_for(|count| *count > 0)).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn the_first_cause_counts() {
        let lifecycle = Lifecycle::new();
        lifecycle.end(Ending::Shutdown);
        lifecycle.end(Ending::Terminated);
        assert_eq!(lifecycle.ended().await, Ending::Shutdown);
    }

    #[tokio::test]
    async fn a_connected_host_keeps_the_process_alive() {
        let lifecycle = Lifecycle::new();
        let host = lifecycle.connected();
        let watch = abandoned(lifecycle.connections.subscribe(), SOON);
        assert!(tokio::time::timeout(5 * SOON, watch).await.is_err());
        drop(host);
        abandoned(lifecycle.connections.subscribe(), SOON).await;
    }

    #[tokio::test]
    async fn a_host_that_never_comes_counts_as_gone() {
        abandoned(Lifecycle::new().connections.subscribe(), SOON).await;
    }
}

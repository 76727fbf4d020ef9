//! What an operation has at hand beside its request: the configured client, the host's wish to stop, private
//! data, a place for warnings. Never knows the operation.

use crate::diagnostics::{Diagnostic, Diagnostics};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The surroundings of one operation.
#[derive(Debug)]
pub struct Context<C> {
    client: Option<Arc<C>>,
    stop: Stop,
    private: Mutex<Private>,
    warnings: Mutex<Vec<Diagnostic>>,
}

/// A provider's own data beside the state of an object: JSON values by key, never shown to the user.
pub type Private = BTreeMap<String, Json>;

impl<C> Context<C> {
    pub(crate) fn new(client: Option<Arc<C>>, stop: Stop, private: Private) -> Self {
        Self { client, stop, private: Mutex::new(private), warnings: Mutex::default() }
    }

    /// The client that the provider made when it was configured.
    ///
    /// # Errors
    /// The provider was not configured.
    pub fn client(&self) -> Result<&Arc<C>, Diagnostics> {
        self.client.as_ref().ok_or_else(|| {
            Diagnostics::error(
                "The provider is not configured",
                "The host asked for an operation that needs the provider's configuration before it configured \
                 the provider. This is a fault in the host or the provider, not in the configuration.",
            )
        })
    }

    /// Whether and when the host asks running work to wind down.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Tells the user something that is not an error.
    pub fn warn(&self, diagnostic: Diagnostic) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(diagnostic);
    }

    /// Private data under `key`.
    pub fn private(&self, key: &str) -> Option<Json> {
        self.private.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Sets private data, or removes it with `None`.
    pub fn set_private(&self, key: &str, value: Option<Json>) {
        let mut private = self.private.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Some(value) => private.insert(key.to_owned(), value),
            None => private.remove(key),
        };
    }

    /// The warnings of an operation that went well; all diagnostics of one that did not.
    pub(crate) fn finish(self, outcome: Result<(), Diagnostics>) -> Result<Diagnostics, Diagnostics> {
        match outcome {
            Ok(()) => Ok(self.into_parts().0),
            Err(errors) => Err(self.failed(errors)),
        }
    }

    /// The errors of an operation behind the warnings that it gave before.
    pub(crate) fn failed(self, errors: Diagnostics) -> Diagnostics {
        let (mut all, _) = self.into_parts();
        all.extend(errors);
        all
    }

    pub(crate) fn into_parts(self) -> (Diagnostics, Private) {
        let warnings = self.warnings.into_inner().unwrap_or_else(PoisonError::into_inner);
        let private = self.private.into_inner().unwrap_or_else(PoisonError::into_inner);
        (warnings.into_iter().collect(), private)
    }
}

/// The host's wish that running work winds down, once the user has pressed Ctrl-C.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A wish and the means to utter it.
    pub fn channel() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Whether work should wind down.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// The wish as a channel, for code that knows nothing of providers: `true` means stop.
    pub fn receiver(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    /// Waits until work should wind down; forever if that never happens.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|stop| *stop).await.is_err() {
            // The sender is gone, so nobody can ask any longer.
            std::future::pending::<()>().await;
        }
    }
}

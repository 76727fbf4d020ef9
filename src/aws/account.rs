//! One AWS account and the session with which it is worked in.
//!
//! Owns the account's credentials and what is remembered about it between calls. Kept small: a process may hold a
//! thousand of these, so clients are made for a piece of work and dropped after it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_sdk_iam::config::retry::RetryPartition;

use super::flight::Flight;
use super::refresh::Refresh;
use super::session::Session;
use super::settings::Hop;
use super::{Error, Iam, Identity, Kind, Shared, Stop, retries};

/// An account that may be worked in: entered, identified, and allowed by the settings.
#[derive(Debug)]
pub struct Account {
    shared: Arc<Shared>,
    identity: Identity,
    /// How it was entered from the base session; none for the base account itself.
    entry: Option<Hop>,
    session: Flight<Session>,
    pub(super) refresh: Arc<Refresh>,
    /// IAM throttles by account, so each has a retry quota and a pace of its own.
    retries: RetryPartition,
    /// Names of roles and ARNs of policies.
    written: Mutex<HashSet<String>>,
}

impl Account {
    pub(super) fn new(shared: Arc<Shared>, identity: Identity, entry: Option<Hop>, session: Session) -> Self {
        Self {
            shared,
            identity,
            entry,
            session: Flight::landed(session),
            refresh: Arc::default(),
            retries: retries::partition("iam"),
            written: Mutex::default(),
        }
    }

    /// Who the session in this account is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The account's id, 12 digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.identity.account_id
    }

    /// The account's partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.identity.partition
    }

    /// The time by AWS's clock, which is the one that counts in conditions; this machine's until IAM has answered.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.shared.clock().now()
    }

    /// Whether the session in this account is one of the role `name`, or was reached through it: without that role it
    /// could not go on, or not begin again.
    #[must_use]
    pub fn stands_on(&self, name: &str) -> bool {
        let same = |role: &str| role.eq_ignore_ascii_case(name);
        self.identity.role_name().is_some_and(same) || self.shared.passes_through(self.id()).any(same)
    }

    /// IAM in this account for one piece of work, with credentials that outlive it.
    ///
    /// # Errors
    /// When the credentials had to be renewed and AWS refused; the error names the hop.
    pub async fn iam<'a>(&'a self, stop: &'a Stop) -> Result<Iam<'a>, Error> {
        let session = self.session.get(Session::is_fresh, || self.renew()).await?;
        let chain = self.shared.chain().await?;
        let client = self.shared.iam_client(&chain, &session.credentials, &self.retries);
        Ok(Iam::new(self, client, stop))
    }

    async fn renew(&self) -> Result<Session, Error> {
        let base = self.shared.base_session().await?;
        match &self.entry {
            Some(hop) => self.shared.enter(&base, hop).await,
            None => Ok(base),
        }
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Remembers that this process changed the role of this name or the policy of this ARN: from now on it is read by
    /// itself, never from a snapshot that may have begun earlier or show an older state.
    pub(super) fn mark_written(&self, entity: &str) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if !written.contains(entity) {
            written.insert(entity.to_owned());
        }
    }

    pub(super) fn was_written(&self, entity: &str) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).contains(entity)
    }

    /// Adds what the account knows to an error of IAM.
    pub(super) fn explain(&self, error: Error) -> Error {
        let refused = matches!(error.kind(), Kind::Denied | Kind::Credentials);
        let error = self.shared.explain(error.in_account(self.id()));
        if refused && self.has_limited_session() {
            return error.advise(
                "The caller is an IAM user with temporary credentials (the access key begins with ASIA), so they \
                 come from sts:GetSessionToken or sts:GetFederationToken: AWS lets such a session call IAM only if \
                 it began with MFA, and federated ones never. Use the user's own keys (with aws-vault: \
                 `--no-session`), or assume a role (`assume_role`), which has no such limit.",
            );
        }
        if error.kind() == Kind::Denied {
            let reason = super::error::denied_by(error.message());
            let caller = format!("The caller is {}.", self.identity.arn);
            return match reason {
                Some(reason) => error.advise(reason).advise(caller),
                None => error.advise(caller),
            };
        }
        error
    }

    fn has_limited_session(&self) -> bool {
        let temporary = |session: &Session| session.credentials.access_key_id().starts_with("ASIA");
        self.identity.is_user() && self.session.last().as_ref().is_some_and(temporary)
    }
}

#[cfg(test)]
mod tests;

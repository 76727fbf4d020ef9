//! A session: credentials, who they are, and when to renew them.
//!
//! Owns the way from the base credentials through the hops; an account's session is one more hop.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;

use super::chain::Chain;
use super::{Error, Identity, Settings, sts};

/// Credentials are renewed when they have less than this to live: longer than any single operation takes.
const MARGIN: Duration = Duration::from_secs(5 * 60);
/// Some sources hand out the same short-lived credentials until they expire: they are not asked more often.
const RENEW_AT_MOST_EVERY: Duration = Duration::from_secs(30);

/// Credentials in use. `Debug` shows no secret, since the SDK's type does not.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) credentials: Credentials,
    /// Known without asking when the session began with a role.
    pub(super) identity: Option<Identity>,
    fetched: SystemTime,
}

impl Session {
    pub(super) fn new(credentials: Credentials, identity: Option<Identity>) -> Self {
        Self { credentials, identity, fetched: SystemTime::now() }
    }

    /// Whether the credentials can be used without renewal.
    pub(super) fn is_fresh(&self) -> bool {
        self.is_fresh_at(SystemTime::now())
    }

    fn is_fresh_at(&self, now: SystemTime) -> bool {
        let Some(expiry) = self.credentials.expiry() else { return true };
        now + MARGIN < expiry || (now < expiry && now < self.fetched + RENEW_AT_MOST_EVERY)
    }

    /// The base session: keys or web identity, then every hop of `assume_role`.
    pub(super) async fn base(settings: &Settings, chain: &Chain) -> Result<Self, Error> {
        let mut session = match &settings.assume_role_with_web_identity {
            Some(web) => sts::assume_with_web_identity(settings, chain, web).await?,
            None => Self::new(chain.credentials().await?, None),
        };
        for (index, hop) in settings.assume_role.iter().enumerate() {
            let sts = sts::Sts::new(settings, chain, &session.credentials);
            session = sts.assume(hop).await.map_err(|error| {
                error.advise(format!(
                    "This is hop {} of `assume_role` (`assume_role[{index}]`), into {}.",
                    index + 1,
                    hop.role_arn
                ))
            })?;
        }
        Ok(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(lives: u64) -> Session {
        let expiry = SystemTime::now() + Duration::from_secs(lives);
        Session::new(Credentials::new("id", "secret", None, Some(expiry), "test"), None)
    }

    #[test]
    fn keys_without_expiry_stay_fresh() {
        let session = Session::new(Credentials::new("id", "secret", None, None, "test"), None);
        assert!(session.is_fresh_at(SystemTime::now() + Duration::from_secs(1 << 30)));
    }

    #[test]
    fn a_session_is_renewed_before_it_expires() {
        let session = session(3_600);
        let after = |seconds| session.fetched + Duration::from_secs(seconds);
        assert!(session.is_fresh_at(after(3_000)));
        assert!(!session.is_fresh_at(after(3_400)));
    }

    #[test]
    fn short_lived_credentials_are_not_asked_for_at_every_call() {
        let session = session(120);
        let after = |seconds| session.fetched + Duration::from_secs(seconds);
        assert!(session.is_fresh_at(after(10)));
        assert!(!session.is_fresh_at(after(40)));
        assert!(!session.is_fresh_at(after(130)));
    }
}

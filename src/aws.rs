//! AWS as the rest of the provider sees it: accounts, who we are in them, and IAM calls.
//!
//! The only code that names the AWS SDK; no SDK type gets out. Knows nothing of Terraform. Making an [`Aws`] touches
//! neither network nor files: everything is fetched when first needed, once, and shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

mod account;
#[cfg(test)]
pub(crate) mod canned;
mod chain;
mod clock;
mod endpoint;
mod error;
mod flight;
mod http;
mod iam;
mod identity;
mod partition;
mod patience;
mod principals;
mod refresh;
mod retries;
mod session;
mod settings;
mod shared;
mod stop;
mod sts;

pub use account::Account;
pub use error::{Error, Kind};
pub use iam::{
    CreatedRole, Iam, NewOidcProvider, NewPolicy, NewRole, OidcProviderDetail, PolicyDetail, PolicyVersion,
    RoleDetail,
};
pub use identity::Identity;
pub use partition::{partition_of, partitions, role_arn};
pub use patience::Patience;
pub(crate) use principals::named_principals;
pub use settings::{AccountRole, Endpoints, Hop, RetryMode, Secret, Settings, WebIdentity, WebIdentityToken};
pub use stop::Stop;

use flight::Flight;
use shared::Shared;

/// All of AWS that one provider block reaches. Cheap to make and to clone.
#[derive(Clone, Debug)]
pub struct Aws(Arc<Reach>);

#[derive(Debug)]
struct Reach {
    shared: Arc<Shared>,
    base: Flight<Arc<Account>>,
    entered: Mutex<HashMap<String, Arc<Flight<Arc<Account>>>>>,
}

impl Aws {
    /// Keeps `settings` for later; no network, no file is touched.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let shared = Arc::new(Shared::new(settings));
        Self(Arc::new(Reach { shared, base: Flight::default(), entered: Mutex::default() }))
    }

    /// The account to work in: `None` is the base account, where the hops of `assume_role` end; `Some` is entered
    /// through `account_role`, unless the base session is in it already.
    ///
    /// Each account is entered once a process, however many ask at the same time.
    ///
    /// # Errors
    /// [`Kind::Configuration`] when the settings forbid the account or do not say how to enter it, before anything is
    /// sent to it; else what AWS answered to the hop that failed.
    pub async fn account(&self, account_id: Option<&str>) -> Result<Arc<Account>, Error> {
        match account_id {
            None => {
                let base = self.base().await?;
                self.0.shared.check_allowed(base.id())?;
                Ok(base)
            }
            Some(account_id) => {
                self.0.shared.check_allowed(account_id)?;
                let base = self.base().await?;
                if base.id() == account_id { Ok(base) } else { self.enter(&base, account_id).await }
            }
        }
    }

    /// Refuses an account that the settings do not allow; asks nothing of AWS.
    ///
    /// # Errors
    /// [`Kind::Configuration`], with the argument that refuses it.
    pub fn check_allowed(&self, account_id: &str) -> Result<(), Error> {
        self.0.shared.check_allowed(account_id)
    }

    /// The partition, from the region: `aws`, `aws-cn`, `aws-us-gov` … Reads shared files on first use, but asks
    /// nothing of AWS (except the metadata service, where the region is nowhere else).
    ///
    /// # Errors
    /// [`Kind::Configuration`] when the settings cannot be used, for example an unreadable CA bundle.
    pub async fn partition(&self) -> Result<&'static str, Error> {
        Ok(partition_of(&self.0.shared.chain().await?.region))
    }

    async fn base(&self) -> Result<Arc<Account>, Error> {
        let shared = &self.0.shared;
        let fetch = || async {
            let session = shared.base_session().await?;
            let identity = match &session.identity {
                Some(identity) => identity.clone(),
                None => shared.caller_identity(&session).await?,
            };
            Ok(Arc::new(Account::new(Arc::clone(shared), identity, None, session)))
        };
        self.0.base.get(|_| true, fetch).await
    }

    async fn enter(&self, base: &Account, account_id: &str) -> Result<Arc<Account>, Error> {
        let shared = &self.0.shared;
        let flight = {
            let mut entered = self.0.entered.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(entered.entry(account_id.to_owned()).or_default())
        };
        let fetch = || async {
            let hop = shared.entry(base.identity(), account_id)?;
            let session = shared.enter(&shared.base_session().await?, &hop).await?;
            let identity = session.identity.clone().filter(|identity| identity.account_id == account_id);
            let identity = identity.ok_or_else(|| {
                let message = format!("the session of {} is not in account {account_id}", hop.role_arn);
                Error::new(Kind::Configuration, "entering the account", message)
            })?;
            Ok(Arc::new(Account::new(Arc::clone(shared), identity, Some(hop), session)))
        };
        flight.get(|_| true, fetch).await
    }
}

#[cfg(test)]
mod tests;

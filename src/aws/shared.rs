//! What every account shares: settings, the loaded SDK configuration, the base session, the rules about accounts.

use std::fmt::Write as _;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_iam::config::retry::RetryPartition;

use super::chain::Chain;
use super::clock::Clock;
use super::flight::Flight;
use super::partition::{Arn, is_account_id, role_arn};
use super::retries::Retries;
use super::session::Session;
use super::settings::{AccountRole, Hop};
use super::sts::Sts;
use super::{Error, Identity, Kind, Patience, Settings, endpoint};

#[derive(Debug)]
pub(super) struct Shared {
    settings: Settings,
    chain: Flight<Arc<Chain>>,
    base: Flight<Session>,
    clock: Clock,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, chain: Flight::default(), base: Flight::default(), clock: Clock::default() }
    }

    pub(super) fn patience(&self) -> &Patience {
        &self.settings.patience
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The SDK's configuration, loaded on first use.
    pub(super) async fn chain(&self) -> Result<Arc<Chain>, Error> {
        self.chain.get(|_| true, || async { Chain::load(&self.settings).await.map(Arc::new) }).await
    }

    /// The session after the last hop of `assume_role`, renewed when it is about to expire.
    pub(super) async fn base_session(&self) -> Result<Session, Error> {
        let chain = self.chain().await?;
        self.base.get(Session::is_fresh, || Session::base(&self.settings, &chain)).await
    }

    pub(super) async fn caller_identity(&self, session: &Session) -> Result<Identity, Error> {
        let chain = self.chain().await?;
        Sts::new(&self.settings, &chain, &session.credentials).caller_identity().await
    }

    /// Assumes the role of another account.
    pub(super) async fn enter(&self, base: &Session, hop: &Hop) -> Result<Session, Error> {
        let chain = self.chain().await?;
        let sts = Sts::new(&self.settings, &chain, &base.credentials);
        sts.assume(hop).await.map_err(|error| {
            let error = error.advise(format!("This is `account_role`, into {}.", hop.role_arn));
            let overrides = self.settings.account_role.iter().flat_map(|role| role.overrides.values());
            match overrides.into_iter().any(|arn| *arn == hop.role_arn) {
                true => error,
                false => error.advise(
                    "If this account is entered through another role, give it an entry in `account_role.overrides`.",
                ),
            }
        })
    }

    /// An IAM client with these credentials. Everything heavy in it is shared, so it is cheap to make and drop.
    pub(super) fn iam_client(
        &self,
        chain: &Chain,
        credentials: &Credentials,
        retries: &RetryPartition,
    ) -> aws_sdk_iam::Client {
        let mut builder = aws_sdk_iam::config::Builder::from(&chain.sdk);
        builder.set_identity_cache(aws_sdk_iam::config::IdentityCache::no_cache());
        if let Some(endpoint) = &self.settings.endpoints.iam {
            builder.set_endpoint_url(Some(endpoint.clone()));
        }
        builder.set_retry_partition(Some(retries.clone()));
        let builder = builder.retry_classifier(Retries).interceptor(Retries).interceptor(self.clock.clone());
        aws_sdk_iam::Client::from_conf(builder.credentials_provider(credentials.clone()).build())
    }

    /// Adds what the settings know to an error of AWS.
    pub(super) fn explain(&self, error: Error) -> Error {
        endpoint::explain(error, &self.settings.endpoints)
    }

    /// Refuses an account that `allowed_account_ids` and `forbidden_account_ids` keep out.
    pub(super) fn check_allowed(&self, account_id: &str) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::new(Kind::Configuration, "choosing the account", message));
        if !is_account_id(account_id) {
            return refuse(format!("{account_id:?} is no account id: those are 12 digits"));
        }
        let Settings { allowed_account_ids: allowed, forbidden_account_ids: forbidden, .. } = &self.settings;
        if forbidden.iter().any(|id| id == account_id) {
            return refuse(format!(
                "account {account_id} is in `forbidden_account_ids` of the provider block. Nothing was changed in \
                 it. Check the credentials, or take it off that list"
            ));
        }
        if !allowed.is_empty() && !allowed.iter().any(|id| id == account_id) {
            return refuse(format!(
                "account {account_id} is not in `allowed_account_ids` of the provider block ({}). Nothing was \
                 changed in it. Check the credentials, or add it to that list",
                list(allowed)
            ));
        }
        Ok(())
    }

    /// The roles of `account_id` that `assume_role` names.
    pub(super) fn passes_through(&self, account_id: &str) -> impl Iterator<Item = &str> {
        let hops = self.settings.assume_role.iter().filter_map(|hop| Arn::parse(&hop.role_arn));
        hops.filter(move |arn| arn.account_id == account_id).filter_map(|arn| arn.role_name())
    }

    /// The hop from the base session into `account_id`, as `account_role` describes it.
    pub(super) fn entry(&self, base: &Identity, account_id: &str) -> Result<Hop, Error> {
        let refuse = |message: String| {
            Error::new(Kind::Configuration, "entering the account", message).in_account(account_id)
        };
        let Some(role) = &self.settings.account_role else {
            return Err(refuse(format!(
                "the base session is in account {} and the provider block has no `account_role` that says how to \
                 enter another. Write `account_role = {{ name = \"OrganizationAccountAccessRole\" }}` with the name \
                 of the role that every account has for this",
                base.account_id
            )));
        };
        let arn = entry_arn(role, base, account_id).map_err(refuse)?;
        Ok(Hop {
            role_arn: arn,
            session_name: role.session_name.clone(),
            external_id: role.external_id.clone(),
            duration: role.duration,
            ..Hop::default()
        })
    }
}

fn entry_arn(role: &AccountRole, base: &Identity, account_id: &str) -> Result<String, String> {
    if let Some(arn) = role.overrides.get(account_id) {
        return match Arn::parse(arn) {
            Some(parsed) if parsed.account_id == account_id && parsed.role_name().is_some() => {
                Ok(arn.clone())
            }
            Some(parsed) if parsed.role_name().is_some() => Err(format!(
                "`account_role.overrides` gives it {arn}, which is a role of account {}",
                parsed.account_id
            )),
            _ => Err(format!("`account_role.overrides` gives it {arn:?}, which is no ARN of a role")),
        };
    }
    let Some(name) = &role.name else {
        return Err(
            "`account_role` has no `name`, and its `overrides` have no entry for this account".to_owned()
        );
    };
    let path = match role.path.as_deref().map(|path| path.trim_matches('/')) {
        None | Some("") => "/".to_owned(),
        Some(path) => format!("/{path}/"),
    };
    Ok(role_arn(&base.partition, account_id, &path, name))
}

/// The first few of a list that may be long.
fn list(ids: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = ids.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if let Some(more) = ids.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        // Writing to a String cannot fail.
        let _ = write!(text, " and {more} more");
    }
    text
}

//! The IAM calls that resources need, one function a call, with the retries that each call deserves.
//!
//! Owns which answers mean "not yet". Decides nothing about roles: order and meaning live in `role`.

use std::collections::BTreeMap;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::Tag;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{Account, Error, Kind, Stop, retries};

mod create;
mod details;
mod document;
mod list;
mod managed;
mod oidc_provider;
mod policies;
mod principal;
mod role;
mod trust;

pub use create::{CreatedRole, NewRole};
pub use details::RoleDetail;
pub(super) use details::{Snapshot, Wanted};
pub use managed::{NewPolicy, PolicyDetail, PolicyVersion};
pub use oidc_provider::{NewOidcProvider, OidcProviderDetail};
pub(super) use role::GET_ROLE;

/// IAM in one account, for one piece of work.
#[derive(Debug)]
pub struct Iam<'a> {
    account: &'a Account,
    client: Client,
    stop: &'a Stop,
    new_role: bool,
}

impl<'a> Iam<'a> {
    pub(super) fn new(account: &'a Account, client: Client, stop: &'a Stop) -> Self {
        Self { account, client, stop, new_role: false }
    }

    /// The same for a role that was created a moment ago: "no such role" then means "not everywhere yet".
    #[must_use]
    pub fn for_new_role(self) -> Self {
        Self { new_role: true, ..self }
    }

    /// The account this works in.
    #[must_use]
    pub fn account(&self) -> &Account {
        self.account
    }

    /// A read: asked once, since the SDK's own retries are all that a read needs.
    async fn read<T, E>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    ) -> Result<T, Error>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        retries::send(operation, self.stop, call).await.map_err(|error| self.account.explain(error))
    }

    /// A write to a role: tried again while somebody else edits it, and while a new role is not everywhere yet.
    async fn write<T, E, F>(&self, operation: &'static str, call: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.persist(|error| self.is_not_yet(error), || self.read(operation, call())).await
    }

    /// Goes on while `again` forgives what `call` fails with, within the bounds of the settings.
    pub(crate) async fn persist<T, F>(
        &self,
        again: impl Fn(&Error) -> bool,
        call: impl Fn() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.account.shared().patience().persist(self.stop, again, call).await
    }

    fn is_not_yet(&self, error: &Error) -> bool {
        match error.kind() {
            Kind::Conflict => true,
            Kind::NotFound => self.new_role && is_about_role(error.message()),
            _ => false,
        }
    }
}

/// "The role with name … cannot be found" is a matter of time; "Policy … does not exist" and "Scope ARN … does not
/// exist" are the same code, and are not.
fn is_about_role(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.strip_prefix("the ").unwrap_or(&message).starts_with("role ")
}

fn to_sdk_tags(operation: &'static str, tags: &BTreeMap<String, String>) -> Result<Vec<Tag>, Error> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect::<Result<_, _>>()
        .map_err(|error| Error::new(Kind::Invalid, operation, error.to_string()))
}

fn from_sdk_tags(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}

#[cfg(test)]
mod tests;

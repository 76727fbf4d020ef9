//! `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`, `sts:GetCallerIdentity`.
//!
//! Owns what is sent and what is learnt from the answer: the answer to AssumeRole proves the account, so nobody has
//! to ask again who the session is.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_sts::types::{AssumedRoleUser, PolicyDescriptorType, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::chain::Chain;
use super::error::refused_hop;
use super::partition::Arn;
use super::retries::Retries;
use super::session::Session;
use super::settings::{Hop, Secret, WebIdentity, WebIdentityToken};
use super::{Error, Identity, Kind, Settings, Stop, endpoint, retries};

const ASSUME_ROLE: &str = "sts:AssumeRole";
const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
const CALLER_IDENTITY: &str = "sts:GetCallerIdentity";
const SESSION_NAME: &str = "terraform-provider-deployrunner";

/// STS as one set of credentials sees it.
pub(super) struct Sts<'a> {
    client: aws_sdk_sts::Client,
    settings: &'a Settings,
}

impl<'a> Sts<'a> {
    /// A client over the shared HTTP client; cheap enough to make for one call and drop.
    pub(super) fn new(settings: &'a Settings, chain: &Chain, credentials: &Credentials) -> Self {
        let config = config(settings, chain).credentials_provider(credentials.clone()).build();
        Self { client: aws_sdk_sts::Client::from_conf(config), settings }
    }

    /// Who the caller is. Needs no permission.
    pub(super) async fn caller_identity(&self) -> Result<Identity, Error> {
        let call = self.client.get_caller_identity().send();
        let answer = send(self.settings, CALLER_IDENTITY, call).await?;
        Identity::new(CALLER_IDENTITY, answer.arn().unwrap_or_default(), answer.user_id().unwrap_or_default())
    }

    /// One hop. The error says which role, in which account, and whose policy probably refuses.
    pub(super) async fn assume(&self, hop: &Hop) -> Result<Session, Error> {
        let call = self
            .client
            .assume_role()
            .role_arn(&hop.role_arn)
            .role_session_name(hop.session_name.as_deref().unwrap_or(SESSION_NAME))
            .set_external_id(hop.external_id.clone())
            .set_duration_seconds(hop.duration)
            .set_policy(hop.policy.clone())
            .set_policy_arns(not_empty(
                hop.policy_arns.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build()),
            ))
            .set_source_identity(hop.source_identity.clone())
            .set_tags(tags(hop)?)
            .set_transitive_tag_keys(not_empty(hop.transitive_tag_keys.iter().cloned()))
            .send();
        let answer = send(self.settings, ASSUME_ROLE, call)
            .await
            .map_err(|error| explain(error, &hop.role_arn, hop.external_id.is_some()))?;
        session(ASSUME_ROLE, answer.credentials, answer.assumed_role_user)
    }
}

/// A session by OIDC token; the call is not signed, so it needs no credentials.
pub(super) async fn assume_with_web_identity(
    settings: &Settings,
    chain: &Chain,
    web: &WebIdentity,
) -> Result<Session, Error> {
    let token = read_token(&web.token).await?;
    let call = aws_sdk_sts::Client::from_conf(config(settings, chain).build())
        .assume_role_with_web_identity()
        .role_arn(&web.role_arn)
        .role_session_name(web.session_name.as_deref().unwrap_or(SESSION_NAME))
        .set_duration_seconds(web.duration)
        .web_identity_token(token.expose())
        .send();
    let answer = send(settings, WEB_IDENTITY, call).await.map_err(|error| {
        let error = match Arn::parse(&web.role_arn) {
            Some(arn) => error.in_account(arn.account_id),
            None => error,
        };
        error.advise(format!(
            "This is `assume_role_with_web_identity`, into {}: its trust policy decides, by the issuer, the \
                 audience and the subject of the token.",
            web.role_arn
        ))
    })?;
    session(WEB_IDENTITY, answer.credentials, answer.assumed_role_user)
}

/// A session is shared by all who wait for it, so the wish of one of them to stop does not end the call.
async fn send<T, E>(
    settings: &Settings,
    operation: &'static str,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
) -> Result<T, Error>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let answer = retries::send(operation, &Stop::never(), call).await;
    answer.map_err(|error| endpoint::explain(error, &settings.endpoints))
}

fn config(settings: &Settings, chain: &Chain) -> aws_sdk_sts::config::Builder {
    let mut builder = aws_sdk_sts::config::Builder::from(&chain.sdk);
    // The credentials of a session are handed over ready; nothing is left to cache.
    builder.set_identity_cache(aws_sdk_sts::config::IdentityCache::no_cache());
    if let Some(endpoint) = &settings.endpoints.sts {
        builder.set_endpoint_url(Some(endpoint.clone()));
    }
    builder.set_retry_partition(Some(chain.sts_retries.clone()));
    builder.retry_classifier(Retries).interceptor(Retries)
}

async fn read_token(token: &WebIdentityToken) -> Result<Secret, Error> {
    match token {
        WebIdentityToken::Inline(token) => Ok(token.clone()),
        WebIdentityToken::File(path) => {
            let text = tokio::fs::read_to_string(path).await.map_err(|error| {
                let message = format!("the token file {} cannot be read: {error}", path.display());
                Error::new(Kind::Configuration, WEB_IDENTITY, message)
            })?;
            Ok(Secret::new(text.trim()))
        }
    }
}

/// The SDK sends an empty list as an empty parameter, which AWS refuses.
fn not_empty<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn tags(hop: &Hop) -> Result<Option<Vec<Tag>>, Error> {
    let built = hop.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags = built
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::new(Kind::Configuration, ASSUME_ROLE, error.to_string()))?;
    Ok((!tags.is_empty()).then_some(tags))
}

fn explain(error: Error, role_arn: &str, external_id: bool) -> Error {
    let error = match Arn::parse(role_arn) {
        Some(arn) => error.in_account(arn.account_id),
        None => error,
    };
    match refused_hop(&error, role_arn, external_id) {
        Some(advice) => error.advise(advice),
        None => error,
    }
}

fn session(
    operation: &'static str,
    credentials: Option<aws_sdk_sts::types::Credentials>,
    user: Option<AssumedRoleUser>,
) -> Result<Session, Error> {
    let incomplete =
        || Error::new(Kind::Other, operation, "the answer holds no credentials or no assumed role");
    let credentials = credentials.ok_or_else(incomplete)?;
    let user = user.ok_or_else(incomplete)?;
    let identity = Identity::new(operation, &user.arn, &user.assumed_role_id)?;
    let expiry = SystemTime::try_from(credentials.expiration).ok();
    let credentials = Credentials::new(
        credentials.access_key_id,
        credentials.secret_access_key,
        Some(credentials.session_token),
        expiry,
        "sts",
    );
    Ok(Session::new(credentials, Some(identity)))
}

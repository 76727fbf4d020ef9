//! The AWS SDK's own configuration chain, with what the provider block says laid over it.
//!
//! Owns the order: block, environment, shared files, metadata service. Loaded once a process, on first use.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_iam::config::retry::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::error::story;
use super::settings::{RetryMode, Secret};
use super::{Error, Kind, Settings, http, retries};

mod region;

/// As in the AWS provider for Terraform, whose users have tuned their accounts to it.
const DEFAULT_ATTEMPTS: u32 = 25;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The loaded configuration: what every client is made from.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) sdk: SdkConfig,
    pub(super) region: String,
    /// All accounts are entered through one STS, whose retries they share.
    pub(super) sts_retries: RetryPartition,
    /// The profile that the block names.
    profile: Option<String>,
}

impl Chain {
    /// Reads the environment and the shared files, and asks the metadata service for the region where that can
    /// help. Asks nobody for credentials yet.
    pub(super) async fn load(settings: &Settings) -> Result<Self, Error> {
        let http = http::client(settings).await?;
        let files = profile_files(settings);
        let config = ProviderConfig::without_region()
            .with_http_client(http.clone())
            .with_behavior_version(Some(BehaviorVersion::latest()));
        let region = region::find(settings, &config, files.clone()).await;
        let config = config.with_region(Some(Region::new(region.clone())));
        let credentials = credentials(settings, &config, files.clone())?;
        let sdk = load_sdk(settings, Parts { http, files, region: region.clone(), credentials }).await;
        Ok(Self { sdk, region, sts_retries: retries::partition("sts"), profile: settings.profile.clone() })
    }

    /// Credentials from the block or from the SDK's chain, before any role is assumed.
    pub(super) async fn credentials(&self) -> Result<Credentials, Error> {
        let provider = self.sdk.credentials_provider().ok_or_else(|| self.no_credentials("none are set"))?;
        provider.provide_credentials().await.map_err(|error| self.no_credentials(&story(&error)))
    }

    fn no_credentials(&self, story: &str) -> Error {
        let message = match &self.profile {
            Some(profile) => format!("the profile {profile:?} gives none: {story}"),
            None => format!("no source gives any: {story}"),
        };
        Error::new(Kind::Credentials, "finding AWS credentials", message).advise(
            "Set `access_key` and `secret_key`, `profile` or `assume_role_with_web_identity` in the provider block, \
             or AWS_PROFILE, AWS_ACCESS_KEY_ID or another source of the AWS SDK in the environment.",
        )
    }
}

struct Parts {
    http: SharedHttpClient,
    files: Option<EnvConfigFiles>,
    region: String,
    /// None leaves the search to the SDK.
    credentials: Option<SharedCredentialsProvider>,
}

async fn load_sdk(settings: &Settings, parts: Parts) -> SdkConfig {
    let timeouts =
        TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(parts.http)
        .region(Region::new(parts.region))
        .timeout_config(timeouts);
    if let Some(credentials) = parts.credentials {
        loader = loader.credentials_provider(credentials);
    }
    if let Some(files) = parts.files {
        loader = loader.profile_files(files);
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(fips) = settings.use_fips_endpoint {
        loader = loader.use_fips(fips);
    }
    if let Some(dual_stack) = settings.use_dualstack_endpoint {
        loader = loader.use_dual_stack(dual_stack);
    }
    if let Some(name) = settings.user_agent.as_deref().and_then(app_name) {
        loader = loader.app_name(name);
    }
    let sdk = loader.load().await;
    let found = sdk.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    sdk.into_builder().retry_config(retry_config(settings, found)).build()
}

/// The SDK's default of 3 attempts is too few for IAM, whose rate limits are low and shared by the account; whatever
/// else the environment or a profile says is kept.
fn retry_config(settings: &Settings, found: RetryConfig) -> RetryConfig {
    let untouched = found.max_attempts() == RetryConfig::standard().max_attempts()
        && std::env::var_os("AWS_MAX_ATTEMPTS").is_none();
    let attempts = settings.max_retries.map(|retries| retries.saturating_add(1));
    let attempts = attempts.or(untouched.then_some(DEFAULT_ATTEMPTS));
    let found = attempts.map_or(found.clone(), |attempts| found.with_max_attempts(attempts));
    match settings.retry_mode {
        Some(RetryMode::Standard) => found.with_retry_mode(aws_config::retry::RetryMode::Standard),
        Some(RetryMode::Adaptive) => found.with_retry_mode(aws_config::retry::RetryMode::Adaptive),
        None => found,
    }
}

/// The SDK takes a name of token characters only, so the slash of `product/version` becomes a dash.
fn app_name(user_agent: &str) -> Option<AppName> {
    AppName::new(user_agent.replace(['/', ' '], "-")).ok()
}

fn profile_files(settings: &Settings) -> Option<EnvConfigFiles> {
    let (config, credentials) = (&settings.shared_config_files, &settings.shared_credentials_files);
    if config.is_empty() && credentials.is_empty() {
        return None;
    }
    let with =
        |builder: aws_runtime::env_config::file::Builder, kind: EnvConfigFileKind, paths: &[PathBuf]| {
            paths.iter().fold(builder, |builder, path| builder.with_file(kind, path))
        };
    let mut builder = EnvConfigFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    builder = with(builder, EnvConfigFileKind::Config, config);
    builder = with(builder, EnvConfigFileKind::Credentials, credentials);
    Some(builder.build())
}

/// Credentials that the block names, which the SDK's own search would put behind keys in the environment.
fn credentials(
    settings: &Settings,
    config: &ProviderConfig,
    files: Option<EnvConfigFiles>,
) -> Result<Option<SharedCredentialsProvider>, Error> {
    match (&settings.access_key, &settings.secret_key) {
        (Some(id), Some(secret)) => {
            let token = settings.token.as_ref().map(Secret::expose).map(str::to_owned);
            let keys = Credentials::new(id, secret.expose(), token, None, "provider block");
            return Ok(Some(SharedCredentialsProvider::new(keys)));
        }
        (None, None) => {}
        _ => {
            let message = "`access_key` and `secret_key` belong together: only one of them is set";
            return Err(Error::new(Kind::Configuration, "provider configuration", message));
        }
    }
    let Some(profile) = &settings.profile else { return Ok(None) };
    let mut builder = ProfileFileCredentialsProvider::builder().configure(config).profile_name(profile);
    if let Some(files) = files {
        builder = builder.profile_files(files);
    }
    Ok(Some(SharedCredentialsProvider::new(builder.build())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_ours_unless_the_user_says() {
        let attempts = |settings: &Settings| retry_config(settings, RetryConfig::standard()).max_attempts();
        assert_eq!(attempts(&Settings::default()), 25);
        assert_eq!(attempts(&Settings { max_retries: Some(4), ..Settings::default() }), 5);
        let found = RetryConfig::standard().with_max_attempts(7);
        assert_eq!(retry_config(&Settings::default(), found).max_attempts(), 7);
    }

    #[test]
    fn the_user_agent_becomes_an_app_name() {
        assert_eq!(app_name("terraform-provider-x/0.1.0").unwrap().as_ref(), "terraform-provider-x-0.1.0");
    }

    #[tokio::test]
    async fn half_a_key_pair_is_refused() {
        let settings = Settings {
            access_key: Some("AKIA".to_owned()),
            region: Some("eu-west-1".to_owned()),
            ..Settings::default()
        };
        assert_eq!(Chain::load(&settings).await.unwrap_err().kind(), Kind::Configuration);
    }

    #[tokio::test]
    async fn static_keys_and_region_come_from_the_block() {
        let settings = Settings {
            access_key: Some("AKIA".to_owned()),
            secret_key: Some(Secret::new("s")),
            region: Some("cn-north-1".to_owned()),
            ..Settings::default()
        };
        let chain = Chain::load(&settings).await.unwrap();
        assert_eq!(chain.region, "cn-north-1");
        assert_eq!(chain.credentials().await.unwrap().access_key_id(), "AKIA");
    }
}

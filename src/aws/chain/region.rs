//! The region: block, environment, profile, metadata service; and `us-east-1` when nobody says, since IAM is global.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_runtime::env_config::file::EnvConfigFiles;

use crate::aws::Settings;

const FALLBACK: &str = "us-east-1";
/// The metadata service is on the machine or not there.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The first region that a source names.
pub(super) async fn find(
    settings: &Settings,
    config: &ProviderConfig,
    files: Option<EnvConfigFiles>,
) -> String {
    if let Some(region) = &settings.region {
        return region.clone();
    }
    if let Some(region) = EnvironmentVariableRegionProvider::new().region().await {
        return region.to_string();
    }
    let mut profile = ProfileFileRegionProvider::builder().configure(config);
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    if let Some(files) = files {
        profile = profile.profile_files(files);
    }
    if let Some(region) = profile.build().region().await {
        return region.to_string();
    }
    let found = if may_be_on_ec2(settings) { from_metadata(config).await } else { None };
    found.unwrap_or_else(|| FALLBACK.to_owned())
}

async fn from_metadata(config: &ProviderConfig) -> Option<String> {
    let client = aws_config::imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(TIMEOUT)
        .read_timeout(TIMEOUT)
        .build();
    let provider = ImdsRegionProvider::builder().configure(config).imds_client(client).build();
    provider.region().await.map(|region| region.to_string())
}

/// Whether the credentials may come from the metadata service: everywhere else, asking it for the region would only
/// cost the time until it does not answer.
fn may_be_on_ec2(settings: &Settings) -> bool {
    const OTHER_SOURCES: [&str; 5] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    settings.access_key.is_none()
        && settings.profile.is_none()
        && settings.assume_role_with_web_identity.is_none()
        && OTHER_SOURCES.iter().all(|name| std::env::var_os(name).is_none())
}

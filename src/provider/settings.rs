//! From the provider block to what the AWS side needs to log in. Only called when all of it is known.

use super::config::{AccountRole, AssumeRole, AssumeRoleWithWebIdentity, Config, Endpoints};
use crate::aws;
use crate::checks;
use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Map, Set};

/// The settings of a known provider block.
///
/// # Errors
/// A web identity without a role or a token, neither here nor in the environment.
pub(super) fn settings(config: &Config, user_agent: String) -> Result<aws::Settings, Diagnostics> {
    let web_identity = config.assume_role_with_web_identity.known().map(web_identity).transpose()?;
    let retry_mode = config.retry_mode.known().map(|mode| match mode.as_str() {
        "adaptive" => aws::RetryMode::Adaptive,
        _ => aws::RetryMode::Standard,
    });
    Ok(aws::Settings {
        region: text(&config.region),
        profile: text(&config.profile),
        access_key: text(&config.access_key),
        secret_key: text(&config.secret_key).map(aws::Secret::new),
        token: text(&config.token).map(aws::Secret::new),
        shared_config_files: files(&config.shared_config_files),
        shared_credentials_files: files(&config.shared_credentials_files),
        endpoints: config.endpoints.known().map(endpoints).unwrap_or_default(),
        custom_ca_bundle: text(&config.custom_ca_bundle).map(|file| home(&file)),
        http_proxy: text(&config.http_proxy),
        use_fips_endpoint: config.use_fips_endpoint.known().copied(),
        use_dualstack_endpoint: config.use_dualstack_endpoint.known().copied(),
        max_retries: config.max_retries.known().and_then(|retries| u32::try_from(*retries).ok()),
        retry_mode,
        assume_role: config
            .assume_role
            .known()
            .into_iter()
            .flatten()
            .filter_map(Attr::known)
            .map(hop)
            .collect(),
        assume_role_with_web_identity: web_identity,
        account_role: config.account_role.known().map(account_role),
        allowed_account_ids: set(&config.allowed_account_ids),
        forbidden_account_ids: set(&config.forbidden_account_ids),
        user_agent: Some(user_agent),
        ..aws::Settings::default()
    })
}

/// A text; the empty text counts as not set, as in the AWS provider.
fn text(attr: &Attr<String>) -> Option<String> {
    attr.known().filter(|text| !text.is_empty()).cloned()
}

fn files(attr: &Attr<List<String>>) -> Vec<PathBuf> {
    attr.known().into_iter().flatten().filter_map(Attr::known).map(|file| home(file)).collect()
}

/// A path whose `~/` is the user's home, as shells and the AWS provider have it.
fn home(file: &str) -> PathBuf {
    match (file.strip_prefix("~/"), env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(file),
    }
}

/// The known elements of a set of texts.
pub(super) fn set(attr: &Attr<Set<String>>) -> Vec<String> {
    attr.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known).cloned().collect()
}

/// The known elements of a map of texts.
pub(super) fn map(attr: &Attr<Map<String>>) -> BTreeMap<String, String> {
    let pairs = attr.known().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect()
}

fn endpoints(endpoints: &Endpoints) -> aws::Endpoints {
    aws::Endpoints {
        iam: text(&endpoints.iam),
        sts: text(&endpoints.sts),
        access_analyzer: text(&endpoints.access_analyzer),
    }
}

fn duration(attr: &Attr<String>) -> Option<i32> {
    attr.known().and_then(|text| checks::seconds(text))
}

fn hop(hop: &AssumeRole) -> aws::Hop {
    aws::Hop {
        role_arn: text(&hop.role_arn).unwrap_or_default(),
        session_name: text(&hop.session_name),
        external_id: text(&hop.external_id),
        duration: duration(&hop.duration),
        policy: text(&hop.policy),
        policy_arns: set(&hop.policy_arns),
        source_identity: text(&hop.source_identity),
        tags: map(&hop.tags),
        transitive_tag_keys: set(&hop.transitive_tag_keys),
    }
}

fn account_role(role: &AccountRole) -> aws::AccountRole {
    aws::AccountRole {
        name: text(&role.name),
        path: text(&role.path),
        external_id: text(&role.external_id),
        session_name: text(&role.session_name),
        duration: duration(&role.duration),
        overrides: map(&role.overrides),
    }
}

fn web_identity(config: &AssumeRoleWithWebIdentity) -> Result<aws::WebIdentity, Diagnostics> {
    let missing = |argument: &str, variable: &str| {
        let detail = format!(
            "Assuming a role with a web identity needs `{argument}`, and neither it nor the environment variable \
             {variable} is set."
        );
        Diagnostics::from(
            Diagnostic::error("Invalid provider configuration", detail)
                .at(Path::attribute("assume_role_with_web_identity").join(argument)),
        )
    };
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let token_file = text(&config.web_identity_token_file)
        .map(|file| home(&file))
        .or_else(|| variable("AWS_WEB_IDENTITY_TOKEN_FILE").map(PathBuf::from));
    let token = match (text(&config.web_identity_token), token_file) {
        (Some(token), _) => aws::WebIdentityToken::Inline(aws::Secret::new(token)),
        (None, Some(file)) => aws::WebIdentityToken::File(file),
        (None, None) => return Err(missing("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE")),
    };
    Ok(aws::WebIdentity {
        role_arn: text(&config.role_arn)
            .or_else(|| variable("AWS_ROLE_ARN"))
            .ok_or_else(|| missing("role_arn", "AWS_ROLE_ARN"))?,
        session_name: text(&config.session_name).or_else(|| variable("AWS_ROLE_SESSION_NAME")),
        duration: duration(&config.duration),
        token,
    })
}

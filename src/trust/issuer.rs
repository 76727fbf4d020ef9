//! The name of an OpenID Connect issuer, as IAM uses it: host and path, without the scheme.

/// The issuer without `https://`.
pub(super) fn name(issuer: &str) -> &str {
    issuer.strip_prefix("https://").unwrap_or(issuer)
}

/// An issuer: the URL of an identity provider, with or without `https://`.
///
/// # Errors
/// What IAM would not take (IAM API, `CreateOpenIDConnectProvider`: at most 255 characters, https, no port or
/// query).
pub(super) fn check(issuer: &str) -> Result<(), String> {
    let wrong = |reason: &str| {
        Err(format!(
            "An issuer is the URL of an identity provider, such as `https://agent.buildkite.com`; {issuer:?} {reason}."
        ))
    };
    let name = name(issuer);
    let host = name.split('/').next().unwrap_or_default();
    match () {
        () if issuer.chars().count() > 255 => wrong("has more than 255 characters"),
        () if name.contains("://") => wrong("is not https"),
        () if name.ends_with('/') => wrong("ends with a slash, which the issuer of a token does not"),
        () if name.contains(['?', '#', ' ', '*']) => wrong("has a query, a fragment, a space or a wildcard"),
        () if host.contains(':') => wrong("has a port, which IAM does not take"),
        () if !host.contains('.') => wrong("has no host"),
        () => Ok(()),
    }
}

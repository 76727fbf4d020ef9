//! The one HTTP client: TLS roots, proxy, connection pool, shared by every account and every service.
//!
//! Owns what the SDK would panic over: a CA bundle is checked here before it is handed on.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{Error, Kind, Settings};

/// Never through a proxy: the metadata services of EC2 and ECS answer on the machine itself only.
const METADATA_HOSTS: &str = "169.254.169.254,169.254.170.2,fd00:ec2::254";

/// Builds the client. Reads the CA bundle, if there is one; opens no connection.
pub(super) async fn client(settings: &Settings) -> Result<SharedHttpClient, Error> {
    let from_environment =
        || std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(Into::into);
    let bundle = settings.custom_ca_bundle.clone().or_else(from_environment);
    let trust_store = match bundle {
        Some(path) => read_bundle(&path).await?,
        None => TrustStore::default(),
    };
    let context = TlsContext::builder()
        .with_trust_store(trust_store)
        .build()
        .map_err(|error| configuration(format!("TLS cannot be set up: {error}")))?;
    let proxy = proxy(settings)?;
    Ok(shared(context, proxy))
}

fn configuration(message: String) -> Error {
    Error::new(Kind::Configuration, "provider configuration", message)
}

/// The SDK asks for a connector by its timeouts (those of the metadata service are shorter); one is kept for each.
fn shared(context: TlsContext, proxy: ProxyConfig) -> SharedHttpClient {
    type Timeouts = (Option<Duration>, Option<Duration>);
    let kept: Mutex<Vec<(Timeouts, SharedHttpConnector)>> = Mutex::default();
    http_client_fn(move |settings: &HttpConnectorSettings, components| {
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, connector)) = kept.iter().find(|(of, _)| *of == timeouts) {
            return connector.clone();
        }
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context.clone())
            .connector_settings(settings.clone())
            .proxy_config(proxy.clone());
        builder.set_sleep_impl(components.sleep_impl());
        let connector = SharedHttpConnector::new(builder.build());
        kept.push((timeouts, connector.clone()));
        connector
    })
}

fn proxy(settings: &Settings) -> Result<ProxyConfig, Error> {
    let Some(url) = &settings.http_proxy else { return Ok(ProxyConfig::from_env()) };
    let excepted =
        ["NO_PROXY", "no_proxy"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    let config = ProxyConfig::all(url.as_str())
        // The URL may hold a password, and the error may hold the URL.
        .map_err(|_| {
            configuration(
                "`http_proxy` is no URL of a proxy, such as http://proxy.example.com:3128".to_owned(),
            )
        })?;
    Ok(config.no_proxy(format!("{excepted},{METADATA_HOSTS}").trim_start_matches(',')))
}

async fn read_bundle(path: &Path) -> Result<TrustStore, Error> {
    let shown = path.display();
    let pem = tokio::fs::read(path)
        .await
        .map_err(|error| configuration(format!("the CA bundle {shown} cannot be read: {error}")))?;
    check_bundle(&pem)
        .map_err(|fault| configuration(format!("the CA bundle {shown} cannot be used: {fault}")))?;
    Ok(tls::TrustStore::empty().with_pem_certificate(pem))
}

/// The SDK panics over a certificate that it cannot parse, so each is tried here first.
fn check_bundle(pem: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()))
            .map_err(|fault| format!("certificate {} is damaged ({fault})", index + 1))?;
    }
    if roots.is_empty() { Err("it holds no PEM certificate".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_certificates_is_refused() {
        assert_eq!(check_bundle(b"hello").unwrap_err(), "it holds no PEM certificate");
    }

    #[test]
    fn a_damaged_certificate_is_refused_with_its_number() {
        let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(check_bundle(pem).unwrap_err().starts_with("certificate 1 is damaged"));
    }

    #[tokio::test]
    async fn a_missing_bundle_names_its_path() {
        let settings = Settings { custom_ca_bundle: Some("/no/such/ca.pem".into()), ..Settings::default() };
        assert!(client(&settings).await.unwrap_err().to_string().contains("/no/such/ca.pem"));
    }

    #[test]
    fn a_proxy_must_be_a_url() {
        let settings = Settings { http_proxy: Some("::".to_owned()), ..Settings::default() };
        assert!(proxy(&settings).unwrap_err().to_string().contains("`http_proxy`"));
    }
}

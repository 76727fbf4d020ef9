//! The connection to a provider, and the host's own certificate.
//!
//! Owns what a Go host does here: a P-521 key, a certificate marked as an authority, and the provider's
//! certificate pinned to the one in its handshake.

use std::io;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, IsCa, KeyPair, KeyUsagePurpose};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{self, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme, SupportedProtocolVersion, version};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

use super::Handshake;
use crate::plugin::{certificate_parameters, crypto_provider};

static TLS12_ONLY: &[&SupportedProtocolVersion] = &[&version::TLS12];

/// A host's certificate and key.
#[derive(Debug)]
pub struct HostIdentity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: PrivatePkcs8KeyDer<'static>,
    versions: &'static [&'static SupportedProtocolVersion],
}

impl HostIdentity {
    /// A certificate as Go hosts make it: P-521, self-signed, an authority.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new() -> io::Result<Self> {
        Self::generate().map_err(io::Error::other)
    }

    fn generate() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512)?;
        let mut parameters = certificate_parameters()?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages.push(KeyUsagePurpose::KeyCertSign);
        let certificate = parameters.self_signed(&key)?;
        Ok(Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
            versions: rustls::ALL_VERSIONS,
        })
    }

    /// The same host, in a version that knows TLS 1.2 only.
    #[must_use]
    pub fn tls12_only(self) -> Self {
        Self { versions: TLS12_ONLY, ..self }
    }

    /// The certificate as it goes into `PLUGIN_CLIENT_CERT`.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificate of `self` with the key of `other`: somebody who knows the certificate but does not
    /// own it.
    #[must_use]
    pub fn with_key_of(self, other: &Self) -> Self {
        Self { key: other.key.clone_key(), ..self }
    }
}

/// Connects as the handshake says: with TLS if it names a certificate, showing that of `identity` if there
/// is one.
pub(super) async fn connect(handshake: &Handshake, identity: Option<&HostIdentity>) -> io::Result<Channel> {
    let tls = handshake.certificate.as_ref().map(|pinned| client(pinned, identity)).transpose()?;
    let place = handshake.clone();
    let connector = tower::service_fn(move |_| {
        let (place, tls) = (place.clone(), tls.clone());
        async move { dial(&place, tls).await.map(TokioIo::new) }
    });
    // The name stands for nothing: the connector knows where to go.
    let endpoint = Endpoint::from_static("http://localhost");
    endpoint.connect_with_connector(connector).await.map_err(io::Error::other)
}

trait Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}

impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Stream for T {}

async fn dial(place: &Handshake, tls: Option<TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let socket: Box<dyn Stream> = match place.network.as_str() {
        #[cfg(unix)]
        "unix" => Box::new(tokio::net::UnixStream::connect(&place.address).await?),
        "tcp" => Box::new(TcpStream::connect(&place.address).await?),
        other => return Err(io::Error::other(format!("unknown network {other:?}"))),
    };
    match tls {
        None => Ok(socket),
        Some(tls) => {
            let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
            Ok(Box::new(tls.connect(name, socket).await?))
        }
    }
}

fn client(pinned: &[u8], identity: Option<&HostIdentity>) -> io::Result<TlsConnector> {
    let crypto = Arc::new(crypto_provider());
    let verifier = PinnedProvider {
        certificate: CertificateDer::from(pinned.to_vec()),
        algorithms: crypto.signature_verification_algorithms,
    };
    let versions = identity.map_or(rustls::ALL_VERSIONS, |identity| identity.versions);
    let builder = ClientConfig::builder_with_provider(crypto)
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let key = PrivateKeyDer::from(identity.key.clone_key());
            builder
                .with_client_auth_cert(vec![identity.certificate.clone()], key)
                .map_err(io::Error::other)?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Accepts the certificate in the provider's handshake, and no other.
#[derive(Debug)]
struct PinnedProvider {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for PinnedProvider {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

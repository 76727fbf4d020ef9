//! Mutual TLS with the host: each side knows the other's one certificate and accepts no other.
//!
//! Owns our certificate, made for this run, and the check of the host's. Never optional on either side: the
//! process holds the user's cloud credentials, and a socket alone does not tell who is calling.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{self, CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme, version,
};
use tokio_rustls::TlsAcceptor;

use super::error::StartError;

/// The only name that a host asks for, as a DNS name: Go ignores the common name.
const SERVER_NAME: &str = "localhost";

/// Makes a certificate for this run and an acceptor that lets in nobody but the owner of `host`.
///
/// Gives the acceptor, and our certificate as DER, for the handshake line.
pub(super) fn mutual(
    host: CertificateDer<'static>,
) -> Result<(TlsAcceptor, CertificateDer<'static>), StartError> {
    let crypto = Arc::new(crypto_provider());
    let verifier = PinnedHost { certificate: host, algorithms: crypto.signature_verification_algorithms };
    // P-256 rather than the P-521 that Go plugins take: every build of Go accepts it, and it is far cheaper
    // to make.
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(StartError::OwnCertificate)?;
    let certificate = parameters()
        .and_then(|parameters| parameters.self_signed(&key))
        .map_err(StartError::OwnCertificate)?;
    let certificate = certificate.der().clone();
    let mut config = ServerConfig::builder_with_provider(crypto)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .and_then(|builder| {
            builder.with_client_cert_verifier(Arc::new(verifier)).with_single_cert(
                vec![certificate.clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
        })
        .map_err(StartError::Tls)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // Every connection shows its certificate: a resumed session would not.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok((TlsAcceptor::from(Arc::new(config)), certificate))
}

/// The key exchanges that every build of Go knows, FIPS ones included.
pub(crate) fn crypto_provider() -> CryptoProvider {
    CryptoProvider {
        kx_groups: vec![
            aws_lc_rs::kx_group::X25519,
            aws_lc_rs::kx_group::SECP256R1,
            aws_lc_rs::kx_group::SECP384R1,
        ],
        ..aws_lc_rs::default_provider()
    }
}

/// What a self-signed certificate of either side says. Its fixed, wide validity spares the run from wrong
/// clocks: what counts is that the other side knows these very bytes.
pub(crate) fn parameters() -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(vec![SERVER_NAME.to_owned()])?;
    parameters.distinguished_name.push(DnType::CommonName, SERVER_NAME);
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    Ok(parameters)
}

/// Accepts one certificate: the one that the host put into our environment.
///
/// The library's own verifier refuses every host, because their self-signed certificates are marked as
/// authorities.
#[derive(Debug)]
struct PinnedHost {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for PinnedHost {
    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    // The certificate is public: these signatures are what proves that the other side is its owner.
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

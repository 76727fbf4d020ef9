//! The handshake: what the host says in the environment, and the one line it reads back.
//!
//! Owns the names of those variables and the shape of that line. Never writes it, and never logs the
//! environment: it holds certificates, and credentials of the user.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::error::StartError;
use super::listener::Address;

/// Set by a host, to tell a start as a plugin from a start by hand. Not a secret: every provider holds it.
pub(crate) const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The provider protocol's major version.
pub(super) const PROTOCOL: u32 = 6;

/// Version of the handshake line itself.
const CORE_PROTOCOL: u32 = 1;

/// Looks up an environment variable; empty counts as not set, as it does for hosts.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// Whether a host started this process.
pub(super) fn started_by_host(environment: &dyn Fn(&str) -> Option<String>) -> bool {
    environment(COOKIE.0).is_some_and(|value| value == COOKIE.1)
}

/// What host and plugin agreed on.
#[derive(Debug)]
pub(super) struct Terms {
    /// The only certificate that may connect. `None`: plain text, as the host asked.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
    /// The host knows the seventh field.
    multiplexing_field: bool,
}

impl Terms {
    /// Reads the host's offer.
    ///
    /// # Errors When our protocol version is not in it, or when it asks for TLS with a certificate that
    /// cannot be read: falling back to plain text would let any local process use the user's credentials.
    pub(super) fn read(environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, StartError> {
        let offered = environment("PLUGIN_PROTOCOL_VERSIONS");
        let offers_ours = offered
            .as_deref()
            .is_some_and(|list| list.split(',').any(|version| version.trim().parse() == Ok(PROTOCOL)));
        if !offers_ours {
            return Err(StartError::Protocol(offered));
        }
        let client_certificate = environment("PLUGIN_CLIENT_CERT")
            .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()))
            .transpose()
            .map_err(|error| StartError::HostCertificate(error.to_string()))?;
        Ok(Self { client_certificate, multiplexing_field: environment("PLUGIN_MULTIPLEX_GRPC").is_some() })
    }

    /// The terms of `--debug`: hosts attach to a running plugin without TLS.
    pub(super) fn debug() -> Self {
        Self { client_certificate: None, multiplexing_field: false }
    }
}

/// The handshake line, without its line end.
///
/// The certificate goes out as unpadded base64 of its DER. The seventh field exists only for hosts that
/// asked about multiplexing, because older ones read it as part of the sixth; the answer is no, since a
/// provider offers nothing that a second connection would carry.
pub(super) fn line(terms: &Terms, address: &Address, certificate: Option<&[u8]>) -> String {
    let Address { network, place } = address;
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let multiplexing = if terms.multiplexing_field { "|false" } else { "" };
    format!("{CORE_PROTOCOL}|{PROTOCOL}|{network}|{place}|grpc|{certificate}{multiplexing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Terms, StartError> {
        Terms::read(&|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn socket() -> Address {
        Address { network: "unix", place: "/run/p".to_owned() }
    }

    #[test]
    fn our_protocol_is_found_among_several() {
        for offered in ["6", "5,6", "6,5", " 5 , 6 "] {
            assert!(read(&[("PLUGIN_PROTOCOL_VERSIONS", offered)]).is_ok(), "{offered}");
        }
    }

    #[test]
    fn a_host_without_our_protocol_is_refused_with_its_offer() {
        for offered in ["5", "4,5", "16", "six"] {
            let refusal = read(&[("PLUGIN_PROTOCOL_VERSIONS", offered)]).unwrap_err().to_string();
            assert!(refusal.contains(offered) && refusal.contains("protocol 6"), "{refusal}");
        }
        let silent = read(&[]).unwrap_err().to_string();
        assert!(silent.contains("not set"), "{silent}");
    }

    #[test]
    fn a_client_certificate_that_is_none_is_no_reason_for_plain_text() {
        let refusal = read(&[("PLUGIN_PROTOCOL_VERSIONS", "6"), ("PLUGIN_CLIENT_CERT", "not a certificate")]);
        assert!(matches!(refusal, Err(StartError::HostCertificate(_))));
    }

    #[test]
    fn plain_text_leaves_the_sixth_field_empty() {
        assert_eq!(line(&Terms::debug(), &socket(), None), "1|6|unix|/run/p|grpc|");
    }

    #[test]
    fn the_certificate_is_base64_without_padding() {
        assert_eq!(line(&Terms::debug(), &socket(), Some(&[0xfb, 0xff])), "1|6|unix|/run/p|grpc|+/8");
    }

    #[test]
    fn the_seventh_field_is_only_for_hosts_that_ask() {
        let asked = read(&[("PLUGIN_PROTOCOL_VERSIONS", "6"), ("PLUGIN_MULTIPLEX_GRPC", "true")]).unwrap();
        assert_eq!(line(&asked, &socket(), None), "1|6|unix|/run/p|grpc||false");
    }
}

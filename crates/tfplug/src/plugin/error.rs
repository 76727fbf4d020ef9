//! Why a plugin process could not start: what the person reading the host's log needs.
//!
//! Owns the wording. Never a log line itself.

use std::fmt;
use std::io;

use super::handshake::PROTOCOL;

/// A reason not to serve.
#[derive(Debug)]
pub(super) enum StartError {
    /// `PLUGIN_PROTOCOL_VERSIONS` lacks ours; holds what it said.
    Protocol(Option<String>),
    /// `PLUGIN_CLIENT_CERT` is set and holds no certificate.
    HostCertificate(String),
    /// No key or certificate of our own.
    OwnCertificate(rcgen::Error),
    /// The TLS library refused our configuration.
    Tls(rustls::Error),
    /// No place to listen; what was tried, each with its failure.
    Listen(Vec<String>),
    /// The async runtime did not start.
    Runtime(io::Error),
    /// Signal handlers could not be installed.
    #[cfg(unix)]
    Signals(io::Error),
    /// Standard output is gone, so nobody can learn the address.
    Handshake(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(Some(offered)) => write!(
                f,
                "it speaks provider protocol {PROTOCOL} and the host offers only {offered:?} \
                 (PLUGIN_PROTOCOL_VERSIONS); Terraform 1.0 or OpenTofu 1.6 is the oldest that works"
            ),
            Self::Protocol(None) => write!(
                f,
                "the host names no protocol versions (PLUGIN_PROTOCOL_VERSIONS is not set) and this plugin \
                 speaks provider protocol {PROTOCOL} only; Terraform 1.0 or OpenTofu 1.6 is the oldest that works"
            ),
            Self::HostCertificate(why) => write!(
                f,
                "PLUGIN_CLIENT_CERT is set but holds no usable PEM certificate ({why}), so the host could not \
                 be told from any other process of this machine"
            ),
            Self::OwnCertificate(error) => write!(f, "cannot make a certificate for this run: {error}"),
            Self::Tls(error) => write!(f, "cannot set up TLS: {error}"),
            Self::Listen(tried) => write!(f, "found no place to listen: {}", tried.join("; ")),
            Self::Runtime(error) => write!(f, "cannot start worker threads: {error}"),
            #[cfg(unix)]
            Self::Signals(error) => write!(f, "cannot install signal handlers: {error}"),
            Self::Handshake(error) => write!(f, "cannot write the handshake to standard output: {error}"),
        }
    }
}

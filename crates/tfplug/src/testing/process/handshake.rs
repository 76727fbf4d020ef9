//! The handshake line as a host reads it.
//!
//! Owns its fields. Never connects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;

/// What a provider says when it has started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The line as it came.
    pub line: String,
    /// The provider protocol's major version.
    pub protocol: u32,
    /// `unix` or `tcp`.
    pub network: String,
    /// The socket's path, or host and port.
    pub address: String,
    /// The provider's certificate as DER. `None`: plain text.
    pub certificate: Option<Vec<u8>>,
    /// The seventh field, if there is one.
    pub multiplexing: Option<String>,
}

impl Handshake {
    /// Reads the line as strictly as hosts do.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split('|').collect();
        let (fixed, multiplexing) = match fields.as_slice() {
            [fixed @ .., seventh] if fixed.len() == 6 => (fixed, Some((*seventh).to_owned())),
            fixed => (fixed, None),
        };
        let ["1", protocol, network, address, "grpc", certificate] = fixed else {
            return Err(format!("{line:?} is no handshake of the gRPC kind"));
        };
        let certificate = match *certificate {
            "" => None,
            encoded => {
                Some(STANDARD_NO_PAD.decode(encoded).map_err(|error| format!("certificate: {error}"))?)
            }
        };
        Ok(Self {
            line: line.to_owned(),
            protocol: protocol.parse().map_err(|_| "the protocol version is no number".to_owned())?,
            network: (*network).to_owned(),
            address: (*address).to_owned(),
            certificate,
            multiplexing,
        })
    }

    /// Where to attach, from the value of `TF_REATTACH_PROVIDERS` for one provider.
    pub(super) fn reattached(value: &str) -> Result<Self, String> {
        let providers: Value = serde_json::from_str(value).map_err(|error| error.to_string())?;
        let provider = providers.as_object().and_then(|providers| providers.values().next());
        let text = |pointer| provider.and_then(|provider| provider.pointer(pointer)).and_then(Value::as_str);
        let (Some(network), Some(address)) = (text("/Addr/Network"), text("/Addr/String")) else {
            return Err(format!("{value} names no address"));
        };
        Ok(Self { network: network.to_owned(), address: address.to_owned(), ..Self::default() })
    }
}

//! A loopback port, where there are no Unix sockets.
//!
//! Owns the range of ports that a host may ask for. Never listens beyond the loopback address.

use std::net::{Ipv4Addr, TcpListener};

use super::{Address, Endpoint, Listener, SocketFile};

/// Binds the first free port from `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`, or any when the host names no
/// range.
///
/// # Errors
/// What was tried, and why it did not work.
pub(super) fn bind(environment: &dyn Fn(&str) -> Option<String>) -> Result<Endpoint, String> {
    let lowest = port(environment, "PLUGIN_MIN_PORT")?;
    let highest = port(environment, "PLUGIN_MAX_PORT")?;
    if lowest > highest {
        return Err(format!("PLUGIN_MIN_PORT {lowest} is above PLUGIN_MAX_PORT {highest}"));
    }
    let mut failure = String::new();
    for port in lowest..=highest {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(endpoint) {
            Ok(endpoint) => return Ok(endpoint),
            Err(error) => failure = error.to_string(),
        }
    }
    Err(format!("127.0.0.1, ports {lowest} to {highest}: {failure}"))
}

/// Zero, which lets the system choose, when the variable is not set.
fn port(environment: &dyn Fn(&str) -> Option<String>, name: &str) -> Result<u16, String> {
    match environment(name) {
        None => Ok(0),
        Some(value) => {
            value.parse().map_err(|_| format!("{name} is {value:?}, which is no port from 0 to 65535"))
        }
    }
}

fn endpoint(listener: TcpListener) -> std::io::Result<Endpoint> {
    listener.set_nonblocking(true)?;
    let place = listener.local_addr()?.to_string();
    let listener = Listener::Tcp(tokio::net::TcpListener::from_std(listener)?);
    Ok(Endpoint { listener, address: Address { network: "tcp", place }, socket_file: SocketFile(None) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind_with(min: &str, max: &str) -> Result<Endpoint, String> {
        bind(&|name| match name {
            "PLUGIN_MIN_PORT" => Some(min.to_owned()),
            "PLUGIN_MAX_PORT" => Some(max.to_owned()),
            _ => None,
        })
    }

    #[tokio::test]
    async fn a_taken_port_is_passed_over_within_the_range() {
        let taken = bind(&|_| None).unwrap().address.place;
        let port: u16 = taken.rsplit(':').next().unwrap().parse().unwrap();
        let held = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        let last = port.saturating_add(50);
        let bound = bind_with(&port.to_string(), &last.to_string()).unwrap();
        assert_ne!(bound.address.place, taken);
        drop(held);
    }

    #[tokio::test]
    async fn a_range_that_is_none_is_refused_with_its_bounds() {
        let refusal = bind_with("5000", "4000").unwrap_err();
        assert!(refusal.contains("5000") && refusal.contains("4000"), "{refusal}");
        assert!(bind_with("http", "4000").unwrap_err().contains("\"http\""));
    }
}

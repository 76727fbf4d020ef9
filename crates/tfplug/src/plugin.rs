//! The plugin process: everything between `main` and the provider's RPCs.
//!
//! Owns the command line, the handshake, the socket, mutual TLS, the services every plugin offers its host,
//! logs, and how the process ends. Never knows what a provider does: that is the service it is given.
//!
//! The protocol is the one that Terraform and OpenTofu speak to every provider (go-plugin): the host starts
//! the binary, reads one line from its standard output, dials the address in it, and talks gRPC until it
//! asks for the end. Nothing here reads standard input, which is the user's terminal.

mod broker;
mod command_line;
mod controller;
mod error;
mod handshake;
mod lifecycle;
mod listener;
mod logging;
mod panics;
mod routes;
mod stdio;
mod tls;

use std::io::Write;
use std::process::ExitCode;

use tonic::transport::Server;

use crate::generated::tfplugin6::provider_server::Provider;
use command_line::Invocation;
use error::StartError;
use handshake::Terms;
use lifecycle::{Ending, Lifecycle};
use listener::Endpoint;
use routes::Routes;

#[cfg(feature = "testing")]
pub(crate) use handshake::COOKIE as MAGIC_COOKIE;
#[cfg(feature = "testing")]
pub(crate) use routes::MAX_MESSAGE;
#[cfg(feature = "testing")]
pub(crate) use tls::{crypto_provider, parameters as certificate_parameters};

/// Who this plugin is: for `--version`, for the texts a person reads, and for the reattach line.
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    /// The binary's name, for example `terraform-provider-example`. With underscores it is also the name of
    /// the crate whose log lines below `warn` may pass.
    pub name: &'static str,
    /// The release, without a leading `v`.
    pub version: &'static str,
    /// The full source address, for example `registry.terraform.io/example/example`.
    pub address: &'static str,
}

/// Runs the plugin process: reads the command line, shakes hands with the host, and serves until told to end.
///
/// `service` answers the provider's RPCs. `stop` is called once, when the process begins to end (the host
/// said so, a SIGTERM came, or the host is gone): it asks running work to wind down and must not block.
///
/// Gives the exit code for `main` to return: 0 after an orderly end, `--version` and `--help`; 1 when run
/// by hand or when serving was not possible (the reason is on standard error); 2 for an argument it does
/// not know.
pub fn serve<S, F>(plugin: Plugin, service: S, stop: F) -> ExitCode
where
    S: Provider,
    F: FnOnce() + Send,
{
    let debug = match command_line::read(&plugin, std::env::args_os().skip(1), &handshake::environment) {
        Invocation::Answered(code) => return code,
        Invocation::Host => false,
        Invocation::Debug => true,
    };
    logging::start(&plugin);
    panics::hook();
    let terms = if debug { Ok(Terms::debug()) } else { Terms::read(&handshake::environment) };
    match terms.and_then(|terms| block_on(Process { plugin, terms, debug }, service, stop)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the plugin could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Bytes of stack of each thread, as much as a main thread has. Futures that wait for futures of an SDK go deep where nothing
/// is optimized; what is not touched takes no memory.
const STACK: usize = 8 << 20;

/// What is settled before the runtime starts.
struct Process {
    plugin: Plugin,
    terms: Terms,
    debug: bool,
}

fn block_on<S, F>(process: Process, service: S, stop: F) -> Result<(), StartError>
where
    S: Provider,
    F: FnOnce() + Send,
{
    // Two workers keep one free while the other is busy with a large message; the work itself waits on the
    // network.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("plugin")
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    let outcome = runtime.block_on(process.run(service, stop));
    // Whatever still runs has had its grace: the host kills the process two seconds after Shutdown.
    runtime.shutdown_background();
    outcome
}

impl Process {
    async fn run<S, F>(self, service: S, stop: F) -> Result<(), StartError>
    where
        S: Provider,
        F: FnOnce() + Send,
    {
        let lifecycle = Lifecycle::new();
        lifecycle.heed_signals(self.debug)?;
        let (acceptor, certificate) = match &self.terms.client_certificate {
            Some(host) => tls::mutual(host.clone()).map(|(acceptor, ours)| (Some(acceptor), Some(ours)))?,
            None => (None, None),
        };
        let Endpoint { listener, address, socket_file } = listener::bind(&handshake::environment)?;
        let incoming = listener::incoming(listener, acceptor, lifecycle.clone());
        let routes = Routes::new(service, &lifecycle).await;
        let ended = lifecycle.ended();
        let server = Server::builder().serve_with_incoming_shutdown(routes, incoming, async {
            ended.await;
        });
        let serving = tokio::spawn(server);
        if self.debug {
            say(&command_line::reattach(&self.plugin, &address))?;
        } else {
            say(&handshake::line(&self.terms, &address, certificate.as_deref()))?;
            lifecycle.end_when_abandoned();
        }

        let ending: Ending = lifecycle.ended().await;
        tracing::debug!(%ending, "the plugin ends");
        stop();
        if tokio::time::timeout(ending.grace(), serving).await.is_err() {
            tracing::warn!("calls were still running, and are cut off");
        }
        drop(socket_file);
        Ok(())
    }
}

/// Writes a line that the host or a person waits for. Nothing else goes to standard output.
fn say(line: &str) -> Result<(), StartError> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(StartError::Handshake)
}

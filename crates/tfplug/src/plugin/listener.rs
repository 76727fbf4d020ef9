//! Where the host reaches the process, and the connections it makes there.
//!
//! Owns the choice of address and the way from an accepted socket to a connection that gRPC may use. Never
//! lets a slow or foreign caller hold up the others.

mod tcp;
#[cfg(unix)]
mod unix;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

use super::error::StartError;
use super::lifecycle::{Connected, Lifecycle};

/// How long a caller may take over its TLS handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait when the system has no socket to give, which passes as others close theirs.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// An address as the handshake line and the reattach line name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// The socket's path, or host and port.
    pub(super) place: String,
}

/// A bound address.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) listener: Listener,
    pub(super) address: Address,
    /// Removes the socket from the file system when dropped.
    pub(super) socket_file: SocketFile,
}

/// A socket that accepts connections.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
}

/// A path, if the socket has one, that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct SocketFile(Option<std::path::PathBuf>);

impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Gone already: the host removes the folder it made for sockets.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Binds the first address that works: a Unix socket where there are any, else a loopback port.
pub(super) fn bind(environment: &dyn Fn(&str) -> Option<String>) -> Result<Endpoint, StartError> {
    let mut tried = Vec::new();
    #[cfg(unix)]
    if let Some(endpoint) = unix::bind(environment, &mut tried) {
        return Ok(endpoint);
    }
    match tcp::bind(environment) {
        Ok(endpoint) => {
            if !tried.is_empty() {
                tracing::warn!(
                    tried = tried.join("; "),
                    "no Unix socket could be made, serving on a loopback port"
                );
            }
            Ok(endpoint)
        }
        Err(why) => {
            tried.push(why);
            Err(StartError::Listen(tried))
        }
    }
}

/// The connections that callers make, after their TLS handshake where `tls` asks for one.
///
/// A caller that fails the handshake is dropped with a log line.
pub(super) fn incoming(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    lifecycle: Lifecycle,
) -> ReceiverStream<io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sender.closed() => break,
            };
            match accepted {
                Ok(socket) => {
                    tokio::spawn(admit(socket, tls.clone(), lifecycle.clone(), sender.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(receiver)
}

async fn admit(
    socket: Box<dyn Socket>,
    tls: Option<TlsAcceptor>,
    lifecycle: Lifecycle,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let socket = match tls {
        None => Ok(socket),
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(socket)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream) as Box<dyn Socket>),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        },
    };
    match socket {
        // A receiver that is gone means that the process ends: so may the connection.
        Ok(socket) => drop(sender.send(Ok(Connection { socket, _counted: lifecycle.connected() })).await),
        Err(error) => tracing::warn!(%error, "refused a connection: it did not prove to be the host"),
    }
}

impl Listener {
    async fn accept(&self) -> io::Result<Box<dyn Socket>> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

/// What a connection is made of, whichever way it came.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// An admitted connection. It counts as a connected host until dropped.
pub(super) struct Connection {
    socket: Box<dyn Socket>,
    _counted: Connected,
}

impl tonic::transport::server::Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}

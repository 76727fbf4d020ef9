//! A host for tests: starts a provider binary as Terraform does and speaks to it over its socket.
//!
//! Owns the host's half of the plugin protocol. It trusts nothing that a real host would not: the magic
//! cookie, one certificate a run on each side, both pinned. Never looks into the provider's answers.

mod connect;
mod handshake;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;
use tonic::transport::Channel;

pub use crate::generated::{plugin, tfplugin6};
use crate::plugin::MAGIC_COOKIE;
pub use connect::HostIdentity;
pub use handshake::Handshake;

/// How long a provider may take for what should take milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a host gives a plugin between its reply to Shutdown and the kill.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// Variables that would change what the plugin does, and that only this host may set.
const HOST_VARIABLES: &[&str] = &[
    "TF_LOG",
    "TF_LOG_PROVIDER",
    "TF_REATTACH_PROVIDERS",
    "PLUGIN_CLIENT_CERT",
    "PLUGIN_MULTIPLEX_GRPC",
    "PLUGIN_UNIX_SOCKET_DIR",
    "PLUGIN_UNIX_SOCKET_GROUP",
];

/// A host about to start a provider.
#[derive(Debug)]
pub struct Host {
    binary: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, Option<OsString>)>,
    identity: Option<HostIdentity>,
}

impl Host {
    /// A host as Terraform is one: mutual TLS, protocols 5 and 6 on offer.
    ///
    /// # Errors
    /// When no key or certificate can be made.
    pub fn new(binary: impl Into<PathBuf>) -> io::Result<Self> {
        let identity = HostIdentity::new()?;
        let host = Self::plain_text(binary).env("PLUGIN_CLIENT_CERT", identity.pem());
        Ok(Self { identity: Some(identity), ..host })
    }

    /// A host that asks for no TLS, as Terraform does under `TF_DISABLE_PLUGIN_TLS`.
    pub fn plain_text(binary: impl Into<PathBuf>) -> Self {
        let host = Self::bystander(binary);
        host.env(MAGIC_COOKIE.0, MAGIC_COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
    }

    /// No host at all: somebody who starts the binary by hand.
    pub fn bystander(binary: impl Into<PathBuf>) -> Self {
        let environment = HOST_VARIABLES.iter().map(|name| (name.into(), None)).collect();
        Self { binary: binary.into(), arguments: Vec::new(), environment, identity: None }
    }

    /// Sets an environment variable of the provider. The rest of the environment is inherited.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), Some(value.into())));
        self
    }

    /// Takes an environment variable away from the provider.
    #[must_use]
    pub fn env_remove(mut self, name: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), None));
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Runs a provider that is expected to end on its own, and gives all it printed.
    ///
    /// # Errors
    /// When it cannot be started or does not end.
    pub async fn refusal(&self) -> io::Result<Output> {
        let output = self.command().output();
        tokio::time::timeout(PATIENCE, output).await.unwrap_or_else(|_| Err(late("the provider still runs")))
    }

    /// Starts the provider and reads its handshake.
    ///
    /// # Errors
    /// When it cannot be started, or its first line is no handshake; the message then holds what it printed.
    pub async fn start(self) -> io::Result<Process> {
        let mut process = self.spawn()?;
        let line = process.stdout_line().await;
        let handshake = line.map_err(|error| error.to_string()).and_then(|line| Handshake::parse(&line));
        match handshake {
            Ok(handshake) => {
                process.handshake = handshake;
                Ok(process)
            }
            Err(why) => {
                let _ = process.child.kill().await;
                let printed = process.stderr.borrow().join("\n");
                Err(io::Error::other(format!("no handshake: {why}; standard error: {printed}")))
            }
        }
    }

    /// Starts the provider without reading anything: for `--debug`, which shakes no hands.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(self) -> io::Result<Process> {
        let mut child = self.command().spawn()?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(io::Error::other("the provider has no output streams"));
        };
        let stdout = BufReader::new(stdout);
        let stderr = collect(BufReader::new(stderr));
        Ok(Process { child, stdout, stderr, handshake: Handshake::default(), identity: self.identity })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}

/// A running provider. Killed when dropped, and its socket removed, which a killed process leaves behind.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: watch::Receiver<Vec<String>>,
    handshake: Handshake,
    identity: Option<HostIdentity>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        if self.handshake.network == "unix" {
            let _ = std::fs::remove_file(&self.handshake.address);
        }
    }
}

impl Process {
    /// What the provider said when it started.
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The process id; `None` once it has ended and was waited for.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Connects as the host that started the provider.
    ///
    /// # Errors
    /// When there is no connection, or the provider's certificate is not the one in its handshake.
    pub async fn connect(&self) -> io::Result<Channel> {
        connect::connect(&self.handshake, self.identity.as_ref()).await
    }

    /// Connects as somebody else: with another certificate, or with none.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect). A refusal may also come with the first call only.
    pub async fn connect_as(&self, identity: Option<&HostIdentity>) -> io::Result<Channel> {
        connect::connect(&self.handshake, identity).await
    }

    /// Connects and gives the provider's service, with room for messages as large as Go hosts take.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect).
    pub async fn provider(&self) -> io::Result<tfplugin6::provider_client::ProviderClient<Channel>> {
        self.connect().await.map(provider_on)
    }

    /// Asks the provider to end, and gives how it ended. All it wrote to standard error has then been read.
    ///
    /// # Errors
    /// When it does not reply, or is still there two seconds after its reply, when a host would kill it.
    pub async fn shutdown(&mut self) -> io::Result<ExitStatus> {
        let channel = self.connect().await?;
        let mut controller = plugin::grpc_controller_client::GrpcControllerClient::new(channel);
        controller.shutdown(plugin::Empty {}).await.map_err(io::Error::other)?;
        self.ended_within(SHUTDOWN_GRACE).await
    }

    /// Waits until the provider ends on its own. All it wrote to standard error has then been read.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.ended_within(PATIENCE).await
    }

    async fn ended_within(&mut self, limit: Duration) -> io::Result<ExitStatus> {
        let wait = tokio::time::timeout(limit, self.child.wait()).await;
        let status =
            wait.unwrap_or_else(|_| Err(late(&format!("the provider still runs after {limit:?}"))))?;
        while self.stderr.changed().await.is_ok() {}
        Ok(status)
    }

    /// Waits for a line on standard error that contains `wanted`.
    ///
    /// # Errors
    /// When none comes.
    pub async fn stderr_line(&mut self, wanted: &str) -> io::Result<String> {
        let holds = |lines: &Vec<String>| lines.iter().any(|line| line.contains(wanted));
        let lines = tokio::time::timeout(PATIENCE, self.stderr.wait_for(holds)).await;
        let found = lines.ok().and_then(Result::ok);
        let found = found.and_then(|lines| lines.iter().find(|line| line.contains(wanted)).cloned());
        found.ok_or_else(|| late(&format!("standard error never said {wanted:?}")))
    }

    /// Everything that came on standard error so far, a line each.
    pub fn stderr(&self) -> Vec<String> {
        self.stderr.borrow().clone()
    }

    /// The next line on standard output, without its line end.
    ///
    /// # Errors
    /// When none comes.
    pub async fn stdout_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, self.stdout.read_line(&mut line)).await;
        if read.unwrap_or_else(|_| Err(late("standard output stays silent")))? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Reads what `--debug` prints, and gives the value for `TF_REATTACH_PROVIDERS`. After it the provider
    /// can be connected to.
    ///
    /// # Errors
    /// When no such line comes, or it is not what hosts read.
    pub async fn reattach(&mut self) -> io::Result<String> {
        loop {
            let line = self.stdout_line().await?;
            if let Some((_, quoted)) = line.split_once("TF_REATTACH_PROVIDERS=") {
                let value = quoted.trim().trim_matches('\'').to_owned();
                self.handshake = Handshake::reattached(&value).map_err(io::Error::other)?;
                return Ok(value);
            }
        }
    }

    /// What else is on standard output. To be asked for once the provider has ended.
    ///
    /// # Errors
    /// When the stream breaks.
    pub async fn rest_of_stdout(&mut self) -> io::Result<String> {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).await?;
        Ok(rest)
    }
}

/// The provider's service over a connection, with room for messages as large as Go hosts take.
pub fn provider_on(channel: Channel) -> tfplugin6::provider_client::ProviderClient<Channel> {
    let limit = crate::plugin::MAX_MESSAGE;
    tfplugin6::provider_client::ProviderClient::new(channel)
        .max_decoding_message_size(limit)
        .max_encoding_message_size(limit)
}

/// Reads lines as they come, so that the provider never waits for a reader.
fn collect(mut from: impl AsyncBufRead + Send + Unpin + 'static) -> watch::Receiver<Vec<String>> {
    let (sender, receiver) = watch::channel(Vec::new());
    tokio::spawn(async move {
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            sender.send_modify(|lines: &mut Vec<String>| lines.push(text));
            line.clear();
        }
    });
    receiver
}

fn late(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what.to_owned())
}

//! A machine that was reached.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use infra_provider::Output;
use russh::client::{self, Handle};
use russh::{Channel, ChannelMsg};
use tokio::net::TcpStream;

use crate::host_key::Trust;
use crate::login::log_in;
use crate::proxy;
use crate::settings::{Login, Proxy, Settings};

/// How long one attempt to open a connection may take.
const DIALLING: Duration = Duration::from_secs(15);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// A machine on which we are logged in.
pub(crate) struct Remote {
    server: Handle<Trust>,
    /// What the connection goes through must stay open.
    _bastion: Option<Handle<Trust>>,
    windows: bool,
    agent: bool,
}

/// Why an attempt failed.
enum Refusal {
    /// It may well succeed later: the machine is still starting.
    ForNow(String),
    /// It will not.
    ForGood(String),
}

impl Remote {
    /// Reaches a machine, trying until the timeout.
    ///
    /// # Errors
    /// The last thing that was wrong.
    pub(crate) async fn connect(settings: &Settings, output: Output<'_>) -> Result<Self, String> {
        tell(settings, output);
        let mut last = String::new();
        let attempts = async {
            let mut pause = Duration::from_secs(1);
            loop {
                match Self::attempt(settings).await {
                    Ok(remote) => break Ok(remote),
                    Err(Refusal::ForGood(why)) => break Err(why),
                    Err(Refusal::ForNow(why)) => {
                        if last != why {
                            output(&format!("Not connected yet: {why}"));
                        }
                        last = why;
                    }
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        let found = tokio::time::timeout(settings.timeout, attempts).await;
        let remote = found.unwrap_or_else(|_| {
            let last = if last.is_empty() { "no answer" } else { &last };
            Err(format!("timeout - last error: {last}"))
        })?;
        output("Connected!");
        Ok(remote)
    }

    async fn attempt(settings: &Settings) -> Result<Self, Refusal> {
        let target = &settings.target;
        let proxy = settings.proxy.as_ref();
        let (server, bastion) = match &settings.bastion {
            None => (greet(dial(target, proxy).await?, target).await?, None),
            Some(bastion) => {
                let first = greet(dial(bastion, proxy).await?, bastion).await?;
                let through = first
                    .channel_open_direct_tcpip(&target.host, target.port.into(), "127.0.0.1", 0)
                    .await
                    .map_err(|error| {
                        let (host, port) = (&target.host, target.port);
                        Refusal::ForNow(format!("bastion: {host}:{port} is not reached: {error}"))
                    })?;
                (greet(through.into_stream(), target).await?, Some(first))
            }
        };
        let agent = target.agent.is_some();
        Ok(Self { server, _bastion: bastion, windows: settings.windows, agent })
    }

    /// Runs a command in a terminal, as Terraform does, so that `sudo` works where it asks for one; gives its exit status.
    ///
    /// # Errors
    /// The connection was lost, or the command ended by a signal.
    pub(crate) async fn run(&self, command: &str, output: Output<'_>) -> Result<u32, String> {
        let mut channel = self.start(command, true).await?;
        let mut lines = Lines::default();
        let mut status = None;
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. } => {
                    lines.add(&data, output);
                }
                ChannelMsg::ExitStatus { exit_status } => status = Some(Ok(exit_status)),
                ChannelMsg::ExitSignal { signal_name, .. } => {
                    status = Some(Err(format!("Process exited from signal {signal_name:?}")));
                }
                ChannelMsg::Failure => return Err("the server does not run commands".to_owned()),
                _ => {}
            }
        }
        lines.end(output);
        status.unwrap_or_else(|| {
            Err("the connection was lost before the command ended: remote command exited without exit status or exit \
                 signal"
                .to_owned())
        })
    }

    /// A channel on which a command runs.
    pub(crate) async fn start(
        &self,
        command: &str,
        terminal: bool,
    ) -> Result<Channel<client::Msg>, String> {
        let lost = |error| format!("the connection was lost: {error}");
        let channel = self.server.channel_open_session().await.map_err(lost)?;
        if terminal && self.agent {
            channel.agent_forward(false).await.map_err(lost)?;
        }
        if terminal && !self.windows {
            let quiet = [(russh::Pty::ECHO, 0)];
            channel.request_pty(false, "xterm", 80, 40, 0, 0, &quiet).await.map_err(lost)?;
        }
        channel.exec(true, command).await.map_err(lost)?;
        Ok(channel)
    }

    /// Ends the connection.
    pub(crate) async fn close(self) {
        let _ = self.server.disconnect(russh::Disconnect::ByApplication, "", "en").await;
    }
}

async fn dial(login: &Login, proxy: Option<&Proxy>) -> Result<TcpStream, Refusal> {
    let (host, port) = (login.host.trim_matches(['[', ']']), login.port);
    let opened = async {
        match proxy {
            Some(proxy) => proxy::connect(proxy, host, port).await,
            None => TcpStream::connect((host, port)).await.map_err(|error| error.to_string()),
        }
    };
    match tokio::time::timeout(DIALLING, opened).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(why)) => Err(Refusal::ForNow(format!("dial tcp {host}:{port}: {why}"))),
        Err(_) => Err(Refusal::ForNow(format!("dial tcp {host}:{port}: no answer"))),
    }
}

/// Shakes hands and logs in.
async fn greet<S>(stream: S, login: &Login) -> Result<Handle<Trust>, Refusal>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let config = client::Config {
        keepalive_interval: Some(Duration::from_secs(2)),
        keepalive_max: 10,
        nodelay: true,
        ..client::Config::default()
    };
    let trust = Trust::new(&login.host, login.host_key.clone(), login.agent.clone());
    let refused = trust.refused.clone();
    match client::connect_stream(Arc::new(config), stream, trust).await {
        Ok(mut server) => {
            log_in(&mut server, login).await.map_err(Refusal::ForNow)?;
            Ok(server)
        }
        Err(_) if refused.load(Ordering::Relaxed) => Err(Refusal::ForGood(format!(
            "The key of {}:{} is not the host key of the configuration. Either it is another machine than expected, or \
             the machine was made anew and host_key must be corrected.",
            login.host, login.port
        ))),
        Err(error) => Err(Refusal::ForNow(format!("SSH handshake failed: {error}"))),
    }
}

/// Says what is going to be reached, and with what.
fn tell(settings: &Settings, output: Output<'_>) {
    output("Connecting to remote host via SSH...");
    let who = |login: &Login| {
        output(&format!("  Host: {}", login.host));
        output(&format!("  User: {}", login.user));
        output(&format!("  Password: {}", login.password.is_some()));
        output(&format!("  Private key: {}", login.key.is_some()));
        output(&format!("  Certificate: {}", login.certificate.is_some()));
        output(&format!("  SSH Agent: {}", login.agent.is_some()));
        output(&format!("  Checking Host Key: {}", login.host_key.is_some()));
    };
    who(&settings.target);
    output(&format!("  Target Platform: {}", if settings.windows { "windows" } else { "unix" }));
    if let Some(bastion) = &settings.bastion {
        output("Using configured bastion host...");
        who(bastion);
    }
    if let Some(proxy) = &settings.proxy {
        output("Using configured proxy host...");
        output(&format!("  ProxyHost: {}", proxy.host));
        output(&format!("  ProxyPort: {}", proxy.port));
        output(&format!("  ProxyUserName: {}", proxy.credentials.is_some()));
    }
}

/// Cuts what a command prints into lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, data: &[u8], output: Output<'_>) {
        self.0.extend(data);
        while let Some(end) = self.0.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.0.drain(..=end).collect();
            output(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        }
    }

    fn end(self, output: Output<'_>) {
        if !self.0.is_empty() {
            output(String::from_utf8_lossy(&self.0).trim_end_matches('\r'));
        }
    }
}

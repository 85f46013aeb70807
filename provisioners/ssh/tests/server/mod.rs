//! An SSH server for tests: it runs commands in a folder, takes uploads in as `scp` does, and forwards connections.
//!
//! Users: `root` may log in with the password `secret`, with the key [`Server::key`], with the key [`RSA`], or with a
//! certificate of [`Server::authority`]; `asked` must answer a question with `secret`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::keys::{Algorithm, Certificate, PrivateKey, PublicKey, decode_secret_key};
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelMsg};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// Its public key.
    pub(crate) host_key: PublicKey,
    /// The key with which `root` may log in.
    pub(crate) key: PrivateKey,
    /// The authority whose certificates it trusts.
    pub(crate) authority: PrivateKey,
    /// What was asked of it.
    pub(crate) log: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

/// A key in the form in which EC2 gives out key pairs. It was made for these tests and opens nothing else.
pub(crate) const RSA: &str = include_str!("rsa.pem");

/// A new key.
pub(crate) fn new_key() -> PrivateKey {
    PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519).expect("a key")
}

impl Server {
    /// Starts a server whose commands run in a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let (host, key, authority) = (new_key(), new_key(), new_key());
        let rsa = decode_secret_key(RSA, None).expect("a key");
        let host_key = host.public_key().clone();
        let config = Arc::new(server::Config {
            keys: vec![host],
            auth_rejection_time: Duration::ZERO,
            auth_rejection_time_initial: Some(Duration::ZERO),
            nodelay: true,
            ..server::Config::default()
        });
        let log = Arc::default();
        let client = Client {
            folder: folder.to_owned(),
            keys: [key.public_key().clone(), rsa.public_key().clone()],
            authority: authority.public_key().clone(),
            log: Arc::clone(&log),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (config, client) = (config.clone(), client.clone());
                tokio::spawn(async move {
                    if let Ok(session) = server::run_stream(config, stream, client).await {
                        let _ = session.await;
                    }
                });
            }
        });
        Self { port, host_key, key, authority, log, _runtime: runtime }
    }

    /// The lines of its log that begin with a word.
    pub(crate) fn logged(&self, word: &str) -> Vec<String> {
        let log = self.log.lock().expect("the log");
        log.iter().filter(|line| line.starts_with(word)).cloned().collect()
    }
}

#[derive(Clone)]
struct Client {
    folder: PathBuf,
    keys: [PublicKey; 2],
    authority: PublicKey,
    log: Arc<Mutex<Vec<String>>>,
}

impl Client {
    fn note(&self, line: String) {
        self.log.lock().expect("the log").push(line);
    }
}

fn decided(accepted: bool) -> Result<Auth, russh::Error> {
    Ok(if accepted { Auth::Accept } else { Auth::reject() })
}

impl server::Handler for Client {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        decided(user == "root" && password == "secret")
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, russh::Error> {
        let known = self.keys.iter().any(|known| known.key_data() == key.public_key.key_data());
        decided(user == "root" && known)
    }

    async fn auth_openssh_certificate(
        &mut self,
        user: &str,
        certificate: &Certificate,
    ) -> Result<Auth, russh::Error> {
        self.note("certificate".to_owned());
        decided(user == "root" && certificate.signature_key() == self.authority.key_data())
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<server::Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(mut response) = response else {
            return Ok(Auth::Partial {
                name: "".into(),
                instructions: "".into(),
                prompts: vec![("Password: ".into(), false)].into(),
            });
        };
        decided(user == "asked" && response.next().is_some_and(|answer| &answer[..] == b"secret"))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        let client = self.clone();
        tokio::spawn(async move { serve(channel, &client).await });
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_success(channel)
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        _originator: &str,
        _originator_port: u32,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.note(format!("forward {host}:{port}"));
        let port = u16::try_from(port).unwrap_or_default();
        let Ok(mut onward) = tokio::net::TcpStream::connect((host, port)).await else {
            reply.reject(russh::ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        };
        reply.accept().await;
        tokio::spawn(async move {
            let mut stream = channel.into_stream();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut onward).await;
        });
        Ok(())
    }
}

/// Waits for the command of a channel and runs it.
async fn serve(mut channel: Channel<Msg>, client: &Client) {
    while let Some(message) = channel.wait().await {
        let ChannelMsg::Exec { command, .. } = message else { continue };
        let command = String::from_utf8_lossy(&command).into_owned();
        client.note(format!("exec {command}"));
        let plain = command.replace('\'', "");
        let code = match plain.strip_prefix("scp -").and_then(|rest| rest.split_once(' ')) {
            Some((_, folder)) => {
                let folder = folder.trim_start_matches("~/");
                match take_in(&mut channel, &client.folder.join(folder)).await {
                    Ok(()) => 0,
                    Err(error) => {
                        let message = format!("\u{1}scp: {folder}: {error}\n");
                        let _ = channel.data(message.as_bytes()).await;
                        1
                    }
                }
            }
            None => run(&channel, client, &command).await,
        };
        let _ = channel.exit_status(code).await;
        let _ = channel.eof().await;
        let _ = channel.close().await;
        return;
    }
}

async fn run(channel: &Channel<Msg>, client: &Client, command: &str) -> u32 {
    let child = tokio::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(&client.folder)
        .env("HOME", &client.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = child else { return 127 };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    if let (Some(stdout), Some(stderr)) = (&mut child.stdout, &mut child.stderr) {
        let _ = tokio::join!(stdout.read_to_end(&mut out), stderr.read_to_end(&mut err));
    }
    let _ = channel.data(&out[..]).await;
    let _ = channel.extended_data(1, &err[..]).await;
    let status = child.wait().await.ok().and_then(|status| status.code());
    status.and_then(|code| u32::try_from(code).ok()).unwrap_or(255)
}

/// The side of `scp` that takes files in.
async fn take_in(channel: &mut Channel<Msg>, folder: &Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Err(std::io::Error::other("No such file or directory"));
    }
    let mut writer = channel.make_writer();
    let mut reader = tokio::io::BufReader::new(channel.make_reader());
    let mut folder = folder.to_owned();
    writer.write_all(&[0]).await?;
    loop {
        let mut line = Vec::new();
        tokio::io::AsyncBufReadExt::read_until(&mut reader, b'\n', &mut line).await?;
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match (line.chars().next(), &words[..]) {
            (None, _) => return Ok(()),
            (Some('E'), _) => folder = folder.parent().unwrap_or(&folder).to_owned(),
            (Some('D'), [_, _, name]) => {
                folder.push(name);
                std::fs::create_dir_all(&folder)?;
            }
            (Some('C'), [mode, size, name]) => {
                writer.write_all(&[0]).await?;
                let size: usize = size.parse().map_err(std::io::Error::other)?;
                let mut content = vec![0; size + 1];
                reader.read_exact(&mut content).await?;
                let path = folder.join(name);
                std::fs::write(&path, &content[..size])?;
                let mode = u32::from_str_radix(&mode[1..], 8).map_err(std::io::Error::other)?;
                let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
                std::fs::set_permissions(&path, permissions)?;
            }
            _ => return Err(std::io::Error::other("no line of the protocol")),
        }
        writer.write_all(&[0]).await?;
    }
}

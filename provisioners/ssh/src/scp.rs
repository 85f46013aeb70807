//! Uploads with the protocol of `scp`: what Terraform uses, and what a server needs for it is there wherever there is `scp`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use russh::client::Msg;
use russh::{Channel, ChannelMsg};

use crate::remote::Remote;

/// How much of a file is read at a time.
const CHUNK: usize = 128 * 1024;

/// Writes a file that holds `content` to a path of the remote machine.
///
/// # Errors
/// What the remote `scp` says, or that there is none.
pub(crate) async fn content(
    remote: &Remote,
    destination: &str,
    content: &[u8],
) -> Result<(), String> {
    let (folder, name) = split(destination);
    let mut sink = Sink::open(remote, "-t", &folder).await?;
    sink.tell(&format!("C0644 {} {name}\n", content.len())).await?;
    sink.send(content).await?;
    sink.send(&[0]).await?;
    sink.accepted().await?;
    sink.close().await
}

/// Copies a file to a path of the remote machine.
///
/// # Errors
/// The file cannot be read; what the remote `scp` says.
pub(crate) async fn file(remote: &Remote, destination: &str, source: &Path) -> Result<(), String> {
    let (folder, name) = split(destination);
    let mut sink = Sink::open(remote, "-t", &folder).await?;
    sink.file(source, &name).await?;
    sink.close().await
}

/// Copies a folder into one of the remote machine, or what is in it, if its path ends with a slash.
///
/// # Errors
/// The folder cannot be read; what the remote `scp` says.
pub(crate) async fn folder(
    remote: &Remote,
    destination: &str,
    source: &Path,
    contents_only: bool,
) -> Result<(), String> {
    let mut sink = Sink::open(remote, "-rt", destination).await?;
    let name = source.file_name().filter(|_| !contents_only);
    if let Some(name) = name {
        sink.tell(&format!("D0755 0 {}\n", name.to_string_lossy())).await?;
    }
    sink.entries(source).await?;
    if name.is_some() {
        sink.tell("E\n").await?;
    }
    sink.close().await
}

/// The folder and the name of a remote path.
fn split(path: &str) -> (String, String) {
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some(("", name)) => ("/".to_owned(), name.to_owned()),
        Some((folder, name)) => (folder.to_owned(), name.to_owned()),
        None => (".".to_owned(), path.to_owned()),
    }
}

/// A word as a shell reads it. A `~` at the start goes on meaning the home folder.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,@%=".contains(c);
    let (home, rest) = match word.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("~", rest),
        _ => ("", word),
    };
    if rest.chars().all(plain) && !(home.is_empty() && rest.is_empty()) {
        return format!("{home}{rest}");
    }
    let slash = if home.is_empty() { "" } else { "/" };
    let rest = rest.strip_prefix(slash).unwrap_or(rest);
    format!("{home}{slash}'{}'", rest.replace('\'', r"'\''"))
}

/// The remote `scp`, which takes files in.
struct Sink {
    channel: Channel<Msg>,
    folder: String,
    received: Vec<u8>,
}

impl Sink {
    async fn open(remote: &Remote, flags: &str, folder: &str) -> Result<Self, String> {
        let channel = remote.start(&format!("scp {flags} {}", quoted(folder)), false).await?;
        let mut sink = Self { channel, folder: folder.to_owned(), received: Vec::new() };
        sink.accepted().await?;
        Ok(sink)
    }

    async fn send(&self, data: &[u8]) -> Result<(), String> {
        let lost = |error| format!("the connection was lost: {error}");
        self.channel.data(data).await.map_err(lost)
    }

    /// Sends a line of the protocol and waits until it is accepted.
    async fn tell(&mut self, line: &str) -> Result<(), String> {
        self.send(line.as_bytes()).await?;
        self.accepted().await
    }

    /// Waits for the answer to what was sent.
    async fn accepted(&mut self) -> Result<(), String> {
        let mut errors = Vec::new();
        loop {
            match self.received.first() {
                Some(0) => {
                    self.received.remove(0);
                    return Ok(());
                }
                Some(_) if self.received.contains(&b'\n') => {
                    let text = String::from_utf8_lossy(&self.received[1..]);
                    return Err(text.lines().next().unwrap_or_default().trim().to_owned());
                }
                _ => {}
            }
            match self.channel.wait().await {
                Some(ChannelMsg::Data { data }) => self.received.extend(&data[..]),
                Some(ChannelMsg::ExtendedData { data, .. }) => errors.extend(&data[..]),
                Some(ChannelMsg::ExitStatus { exit_status: 127 }) => {
                    return Err("SCP failed to start. This usually means that SCP is not properly installed on the \
                         remote system: install its package \"openssh-clients\" or \"openssh-client\"."
                        .to_owned());
                }
                Some(ChannelMsg::Failure) | None => {
                    let said = String::from_utf8_lossy(&errors);
                    let said = said.trim();
                    let why = if said.is_empty() { "scp ended too early" } else { said };
                    return Err(format!("{}: {why}", self.folder));
                }
                Some(_) => {}
            }
        }
    }

    async fn file(&mut self, source: &Path, name: &str) -> Result<(), String> {
        use tokio::io::AsyncReadExt as _;
        let unreadable = |error: std::io::Error| format!("{}: {error}", source.display());
        let mut file = tokio::fs::File::open(source).await.map_err(unreadable)?;
        let about = file.metadata().await.map_err(unreadable)?;
        let mode = about.permissions().mode() & 0o777;
        self.tell(&format!("C{mode:04o} {} {name}\n", about.len())).await?;
        let mut chunk = vec![0; CHUNK];
        let mut left = about.len();
        while left > 0 {
            let read = file.read(&mut chunk).await.map_err(unreadable)?;
            if read == 0 {
                return Err(format!("{}: the file became shorter meanwhile", source.display()));
            }
            let read = usize::try_from(left).unwrap_or(CHUNK).min(read);
            self.send(&chunk[..read]).await?;
            left -= read as u64;
        }
        self.send(&[0]).await?;
        self.accepted().await
    }

    /// What is in a folder, by name.
    async fn entries(&mut self, folder: &Path) -> Result<(), String> {
        let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            entries.push(entry.map_err(unreadable)?.path());
        }
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                self.tell(&format!("D0755 0 {name}\n")).await?;
                Box::pin(self.entries(&path)).await?;
                self.tell("E\n").await?;
            } else {
                self.file(&path, &name).await?;
            }
        }
        Ok(())
    }

    /// Says that there is no more, and waits until the remote `scp` ends.
    async fn close(mut self) -> Result<(), String> {
        let lost = |error| format!("the connection was lost: {error}");
        self.channel.eof().await.map_err(lost)?;
        let mut errors = Vec::new();
        while let Some(message) = self.channel.wait().await {
            match message {
                ChannelMsg::ExtendedData { data, .. } => errors.extend(&data[..]),
                ChannelMsg::ExitStatus { exit_status } if exit_status != 0 => {
                    let said = String::from_utf8_lossy(&errors).trim().to_owned();
                    return Err(format!("scp exited with status {exit_status}. {said}"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_paths_are_split_as_terraform_splits_them() {
        let split = |path| split(path);
        assert_eq!(split("/tmp/x"), ("/tmp".into(), "x".into()));
        assert_eq!(split("/x"), ("/".into(), "x".into()));
        assert_eq!(split("x"), (".".into(), "x".into()));
        assert_eq!(split("a/b/"), ("a".into(), "b".into()));
    }

    #[test]
    fn remote_paths_are_quoted_but_for_the_home_folder() {
        assert_eq!(quoted("/tmp/x"), "/tmp/x");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("~/a b"), "~/'a b'");
        assert_eq!(quoted("~"), "~");
    }
}

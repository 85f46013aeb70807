//! Whether a server is the one that it should be, and what it may ask of us.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use russh::client::{ChannelOpenHandle, Handler, Msg, Session};
use russh::keys::{HashAlg, PublicKey, PublicKeyOrCertificate};
use russh::{Channel, ChannelOpenFailure};

/// Our side of a connection.
pub(crate) struct Trust {
    host: String,
    expected: Option<PublicKey>,
    /// The server had another key.
    pub(crate) refused: Arc<AtomicBool>,
    /// The agent that the server may ask, since we log in with it.
    agent: Option<PathBuf>,
}

impl Trust {
    pub(crate) fn new(host: &str, expected: Option<PublicKey>, agent: Option<PathBuf>) -> Self {
        Self { host: host.to_owned(), expected, refused: Arc::default(), agent }
    }

    /// Any key will do where none is expected; else it is the expected one, or one that the expected one has signed.
    fn accepts(&self, found: &PublicKeyOrCertificate) -> bool {
        let Some(expected) = &self.expected else { return true };
        if found.public_key().key_data() == expected.key_data() {
            return true;
        }
        let Some(certificate) = found.certificate() else { return false };
        let principals = certificate.valid_principals();
        let named = principals.is_empty() || principals.contains(&self.host);
        let authority = expected.fingerprint(HashAlg::Sha256);
        named && certificate.cert_type().is_host() && certificate.validate([&authority]).is_ok()
    }
}

impl Handler for Trust {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        found: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let accepted = self.accepts(found);
        self.refused.store(!accepted, Ordering::Relaxed);
        Ok(accepted)
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Some(socket) = &self.agent else {
            reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
            return Ok(());
        };
        let Ok(mut agent) = tokio::net::UnixStream::connect(socket).await else {
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        };
        reply.accept().await;
        tokio::spawn(async move {
            let mut stream = channel.into_stream();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut agent).await;
        });
        Ok(())
    }
}

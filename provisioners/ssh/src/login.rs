//! Logging in: a key, a password, an agent, in Terraform's order.

use std::sync::Arc;

use russh::client::{Handle, KeyboardInteractiveAuthResponse as Asked};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey};

use crate::host_key::Trust;
use crate::settings::Login;

/// Logs in with whatever the settings have.
///
/// # Errors
/// What was tried, if the server accepts none of it.
pub(crate) async fn log_in(server: &mut Handle<Trust>, login: &Login) -> Result<(), String> {
    let mut tried = vec!["none"];
    let accepted = server.authenticate_none(&login.user).await.map_err(failed)?;
    if accepted.success() {
        return Ok(());
    }
    if let Some(key) = &login.key {
        tried.push("publickey");
        if with_key(server, login, key).await? {
            return Ok(());
        }
    }
    if let Some(password) = &login.password {
        tried.push("password");
        let accepted = server.authenticate_password(&login.user, password).await.map_err(failed)?;
        if accepted.success() {
            return Ok(());
        }
        tried.push("keyboard-interactive");
        if by_asking(server, &login.user, password).await? {
            return Ok(());
        }
    }
    if let Some(socket) = &login.agent {
        tried.push("agent");
        let mut agent = AgentClient::connect_uds(socket)
            .await
            .map_err(|error| format!("could not connect to the SSH agent: {error}"))?;
        if with_agent(server, login, &mut agent).await? {
            return Ok(());
        }
    }
    Err(format!(
        "SSH authentication failed ({}@{}:{}): the server accepts none of what was tried: {}",
        login.user,
        login.host,
        login.port,
        tried.join(", ")
    ))
}

fn failed(error: russh::Error) -> String {
    format!("SSH handshake failed: {error}")
}

/// The ways in which an RSA key may sign, the one that the server asks for first.
async fn hashes(server: &Handle<Trust>, rsa: bool) -> Result<Vec<Option<HashAlg>>, String> {
    if !rsa {
        return Ok(vec![None]);
    }
    let best = server.best_supported_rsa_hash().await.map_err(failed)?;
    Ok(best.map_or_else(|| vec![Some(HashAlg::Sha256), None], |hash| vec![hash]))
}

async fn with_key(
    server: &mut Handle<Trust>,
    login: &Login,
    key: &PrivateKey,
) -> Result<bool, String> {
    let key = Arc::new(key.clone());
    if let Some(certificate) = &login.certificate {
        let accepted =
            server.authenticate_openssh_cert(&login.user, key, certificate.clone()).await;
        return Ok(accepted.map_err(failed)?.success());
    }
    for hash in hashes(server, key.algorithm().is_rsa()).await? {
        let signing = PrivateKeyWithHashAlg::new(key.clone(), hash);
        let accepted = server.authenticate_publickey(&login.user, signing).await;
        if accepted.map_err(failed)?.success() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Answers every question with the password.
async fn by_asking(server: &mut Handle<Trust>, user: &str, password: &str) -> Result<bool, String> {
    let mut asked =
        server.authenticate_keyboard_interactive_start(user, None).await.map_err(failed)?;
    loop {
        match asked {
            Asked::Success => return Ok(true),
            Asked::Failure { .. } => return Ok(false),
            Asked::InfoRequest { prompts, .. } => {
                let answers = vec![password.to_owned(); prompts.len()];
                asked = server
                    .authenticate_keyboard_interactive_respond(answers)
                    .await
                    .map_err(failed)?;
            }
        }
    }
}

async fn with_agent(
    server: &mut Handle<Trust>,
    login: &Login,
    agent: &mut AgentClient<tokio::net::UnixStream>,
) -> Result<bool, String> {
    let refused = |error| format!("the SSH agent does not answer: {error}");
    let mut identities = agent.request_identities().await.map_err(refused)?;
    if let Some(preferred) = &login.agent_identity {
        let key = key_in(preferred);
        identities.sort_by_key(|identity| !is(identity, preferred, key.as_ref()));
    }
    for identity in identities {
        let rsa = identity.public_key().algorithm().is_rsa();
        for hash in hashes(server, rsa).await? {
            let user = &login.user;
            let accepted = match &identity {
                AgentIdentity::PublicKey { key, .. } => {
                    server.authenticate_publickey_with(user, key.clone(), hash, agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    let certificate = certificate.clone();
                    server.authenticate_certificate_with(user, certificate, hash, agent).await
                }
            };
            // An agent that will not sign with one key may sign with the next.
            if accepted.is_ok_and(|accepted| accepted.success()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The public key in a file, with or without its `.pub`.
fn key_in(path: &str) -> Option<PublicKey> {
    let read =
        |path: String| PublicKey::from_openssh(std::fs::read_to_string(path).ok()?.trim()).ok();
    read(format!("{path}.pub")).or_else(|| read(path.to_owned()))
}

/// Whether a key of the agent is the one that is meant, by its comment or by the key itself.
fn is(identity: &AgentIdentity, name: &str, key: Option<&PublicKey>) -> bool {
    let comment = match identity {
        AgentIdentity::PublicKey { comment, .. } | AgentIdentity::Certificate { comment, .. } => {
            comment
        }
    };
    let same = |key: &PublicKey| key.key_data() == identity.public_key().key_data();
    comment == name || key.is_some_and(same)
}

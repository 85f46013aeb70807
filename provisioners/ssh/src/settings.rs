//! What a `connection` block says, with what holds where it says nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use infra_provider::Output;
use infra_provider_sdk::prelude::*;
use russh::keys::{Certificate, PrivateKey, PublicKey, decode_secret_key};

/// Ports are numbers that fit into sixteen bits.
const PORTS: &str = "value must be a whole number, between 0 and 65535 inclusive";

/// How the target is reached.
pub(crate) struct Settings {
    /// The machine on which things are done.
    pub(crate) target: Login,
    /// The machine through which it is reached.
    pub(crate) bastion: Option<Login>,
    /// The proxy through which the first of them is reached.
    pub(crate) proxy: Option<Proxy>,
    /// For how long reaching it is tried.
    pub(crate) timeout: Duration,
    /// Where scripts are put.
    pub(crate) script_path: Option<String>,
    /// The target runs Windows.
    pub(crate) windows: bool,
}

/// One SSH server, and who we are to it.
pub(crate) struct Login {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Option<String>,
    pub(crate) key: Option<PrivateKey>,
    pub(crate) certificate: Option<Certificate>,
    /// The socket of the agent, if it is asked.
    pub(crate) agent: Option<PathBuf>,
    /// The agent's key that is tried first.
    pub(crate) agent_identity: Option<String>,
    /// The key that the server must have, or the authority that must have signed it.
    pub(crate) host_key: Option<PublicKey>,
}

/// A proxy before the first server.
pub(crate) struct Proxy {
    pub(crate) scheme: Scheme,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) credentials: Option<(String, String)>,
}

/// What a proxy speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Socks5,
}

/// The arguments of `connection` for SSH; `infra_provider::connection_schema` is the schema.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    r#type: Option<String>,
    host: String,
    port: Option<f64>,
    user: Option<String>,
    password: Option<String>,
    private_key: Option<String>,
    certificate: Option<String>,
    agent: Option<bool>,
    agent_identity: Option<String>,
    host_key: Option<String>,
    target_platform: Option<String>,
    script_path: Option<String>,
    timeout: Option<String>,
    bastion_host: Option<String>,
    bastion_port: Option<f64>,
    bastion_user: Option<String>,
    bastion_password: Option<String>,
    bastion_private_key: Option<String>,
    bastion_certificate: Option<String>,
    bastion_host_key: Option<String>,
    proxy_scheme: Option<String>,
    proxy_host: Option<String>,
    proxy_port: Option<f64>,
    proxy_user_name: Option<String>,
    proxy_user_password: Option<String>,
}

impl Settings {
    /// Reads the value of a `connection` block; `agent` is the socket of the SSH agent, if there is one.
    ///
    /// # Errors
    /// A sentence on what is missing or wrong.
    pub(crate) fn read(
        connection: &Value,
        agent: Option<&Path>,
        output: Output<'_>,
    ) -> std::result::Result<Self, String> {
        if connection.is_null() {
            return Err("Missing connection configuration for provisioner.".to_owned());
        }
        let given = Arguments::from_object(connection);
        match filled(given.r#type).as_deref() {
            None | Some("ssh") => {}
            Some("winrm") => {
                return Err("Connections of type \"winrm\" are not supported. Windows has an SSH server: install \
                     OpenSSH on the machine, and use type = \"ssh\" with target_platform = \"windows\"."
                    .to_owned());
            }
            Some(other) => return Err(format!("connection type '{other}' not supported")),
        }
        if given.host.is_empty() {
            return Err("host for provisioner cannot be empty".to_owned());
        }
        let windows = match filled(given.target_platform).as_deref() {
            None | Some("unix") => false,
            Some("windows") => true,
            Some(_) => {
                return Err(
                    "target_platform for provisioner has to be either unix or windows".to_owned()
                );
            }
        };
        let agent = match (given.agent, agent) {
            (Some(false), _) | (None, None) => None,
            (_, Some(socket)) => Some(socket.to_owned()),
            (Some(true), None) => {
                return Err("SSH Agent requested but SSH_AUTH_SOCK not-specified".to_owned());
            }
        };
        let port = port(given.port)?;
        let user = filled(given.user).unwrap_or_else(|| "root".to_owned());
        let password = filled(given.password);
        let (key, certificate) = (filled(given.private_key), filled(given.certificate));
        let target = Login {
            host: given.host,
            port: port.unwrap_or(22),
            user: user.clone(),
            password: password.clone(),
            key: key.as_deref().map(private_key).transpose()?,
            certificate: certificate.as_deref().map(certificate_of).transpose()?,
            agent: agent.clone(),
            agent_identity: given.agent_identity.clone(),
            host_key: filled(given.host_key).as_deref().map(public_key).transpose()?,
        };
        let bastion_port = self::port(given.bastion_port)?.or(port).unwrap_or(22);
        let bastion = match filled(given.bastion_host) {
            None => None,
            Some(host) => {
                let key = filled(given.bastion_private_key).or(key);
                let certificate = filled(given.bastion_certificate).or(certificate);
                Some(Login {
                    host,
                    port: bastion_port,
                    user: filled(given.bastion_user).unwrap_or(user),
                    password: filled(given.bastion_password).or(password),
                    key: key.as_deref().map(private_key).transpose()?,
                    certificate: certificate.as_deref().map(certificate_of).transpose()?,
                    agent,
                    agent_identity: given.agent_identity,
                    host_key: filled(given.bastion_host_key)
                        .as_deref()
                        .map(public_key)
                        .transpose()?,
                })
            }
        };
        let proxy_port = self::port(given.proxy_port)?;
        let proxy = match filled(given.proxy_host) {
            None => None,
            Some(host) => {
                let (scheme, otherwise) = match filled(given.proxy_scheme).as_deref() {
                    None | Some("http") => (Scheme::Http, 80),
                    Some("socks5") => (Scheme::Socks5, 1080),
                    Some(other) => {
                        return Err(format!(
                            "A proxy_scheme of \"{other}\" is not supported. Use \"http\" or \"socks5\"."
                        ));
                    }
                };
                let user = filled(given.proxy_user_name);
                let credentials =
                    user.map(|user| (user, given.proxy_user_password.unwrap_or_default()));
                Some(Proxy { scheme, host, port: proxy_port.unwrap_or(otherwise), credentials })
            }
        };
        let otherwise = Duration::from_secs(300);
        let timeout = match filled(given.timeout) {
            None => otherwise,
            Some(text) => infra_provider_sdk::field::duration(&text).unwrap_or_else(|_| {
                output(&format!(
                    "The timeout \"{text}\" is no duration such as \"30s\": trying for 5m."
                ));
                otherwise
            }),
        };
        let script_path = filled(given.script_path);
        Ok(Self { target, bastion, proxy, timeout, script_path, windows })
    }
}

/// An empty text is none.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn port(given: Option<f64>) -> std::result::Result<Option<u16>, String> {
    let Some(number) = given.filter(|number| *number != 0.0) else { return Ok(None) };
    let whole = number.fract() == 0.0 && (0.0..=65535.0).contains(&number);
    if whole { Ok(Some(number as u16)) } else { Err(PORTS.to_owned()) }
}

fn private_key(text: &str) -> std::result::Result<PrivateKey, String> {
    if !text.contains("-----BEGIN") && !text.starts_with("PuTTY-User-Key-File-") {
        return Err("Failed to read ssh private key: no key found".to_owned());
    }
    match decode_secret_key(text, None) {
        Ok(key) if !key.is_encrypted() => Ok(key),
        Ok(_) | Err(russh::keys::Error::KeyIsEncrypted) => {
            Err("Failed to parse ssh private key: password protected keys are not supported. Please decrypt the key \
                 prior to use."
                .to_owned())
        }
        Err(error) => Err(format!("Failed to parse ssh private key: {error}")),
    }
}

fn certificate_of(text: &str) -> std::result::Result<Certificate, String> {
    Certificate::from_openssh(text.trim())
        .map_err(|error| format!("failed to read certificate: {error}"))
}

fn public_key(text: &str) -> std::result::Result<PublicKey, String> {
    PublicKey::from_openssh(text.trim()).map_err(|error| {
        format!(
            "The host key cannot be read: {error}. It is the type and the key as in a file \"ssh_host_*_key.pub\", such \
             as \"ssh-ed25519 AAAA...\"."
        )
    })
}

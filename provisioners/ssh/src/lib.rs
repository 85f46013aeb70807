//! Provisioners that work on another machine, reached over SSH: `remote-exec` and `file`.
//!
//! Reading order: `settings` (what a `connection` block says), `remote` (a machine that was reached), `login` and `host_key`
//! (who trusts whom), `proxy`, `scp` (uploads), then the provisioners, `remote_exec` and `file`.

mod diagnostics;
mod file;
mod host_key;
mod login;
mod proxy;
mod remote;
mod remote_exec;
mod scp;
mod settings;

use std::path::PathBuf;
use std::sync::Arc;

use infra_provider::Provisioner;

/// What these provisioners need of the outside.
#[derive(Clone)]
pub struct Surroundings {
    /// The folder from which relative paths start.
    pub folder: PathBuf,
    /// The socket of the SSH agent, if there is one.
    pub agent: Option<PathBuf>,
}

/// All provisioners of this crate.
pub fn provisioners(surroundings: &Surroundings) -> Vec<Arc<dyn Provisioner>> {
    vec![
        Arc::new(file::File::new(surroundings.clone())),
        Arc::new(remote_exec::RemoteExec::new(surroundings.clone())),
    ]
}

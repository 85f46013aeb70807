//! Providers that need no service: a folder each.

mod local;
mod local_exec;
mod null;
mod random;
mod template;
mod terraform;

use std::path::PathBuf;
use std::sync::Arc;

use infra_provider::{Provider, Provisioner};
use infra_value::Value;

pub use terraform::{BackendProblem, Backends};

/// What these providers need of the outside.
#[derive(Clone)]
pub struct Surroundings {
    /// The folder from which relative paths start.
    pub folder: PathBuf,
    /// Renders a template with variables.
    pub render: fn(&str, &Value) -> Result<Value, String>,
    /// Where states of other configurations are, besides local files.
    pub backends: Option<Arc<dyn Backends>>,
}

/// All providers of this crate.
pub fn providers(surroundings: &Surroundings) -> Vec<Arc<dyn Provider>> {
    vec![
        Arc::new(local::provider(surroundings)),
        Arc::new(null::provider()),
        Arc::new(random::provider()),
        Arc::new(template::provider(surroundings)),
        Arc::new(terraform::provider(surroundings)),
    ]
}

/// All provisioners of this crate.
pub fn provisioners(surroundings: &Surroundings) -> Vec<Arc<dyn Provisioner>> {
    vec![Arc::new(local_exec::LocalExec::new(surroundings.folder.clone()))]
}

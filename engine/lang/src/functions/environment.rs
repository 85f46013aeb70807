//! What functions see of the world.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::ProviderAddr;
use infra_value::function::Function;

use crate::files::{Files, Snapshot};

/// The functions of providers, by the address of the provider.
pub type ProviderFunctions = Arc<BTreeMap<ProviderAddr, &'static [&'static Function]>>;

/// Files and time, as far as functions may see them. Cheap to clone.
#[derive(Clone)]
pub struct Environment {
    /// The files.
    pub files: Arc<dyn Files>,
    /// The folder from which relative paths are read; empty for the working folder.
    pub base_dir: String,
    /// When planning began, in RFC 3339.
    pub plan_time: String,
    /// The time now, in RFC 3339; nothing while planning, when only apply will know.
    pub now: Option<String>,
    /// The functions of providers.
    pub providers: ProviderFunctions,
    /// A template is being rendered: templates do not render others.
    pub in_template: bool,
}

impl Environment {
    /// No files and no time.
    pub fn nowhere() -> Self {
        Self {
            files: Arc::new(Snapshot::default()),
            base_dir: String::new(),
            plan_time: String::new(),
            now: None,
            providers: ProviderFunctions::default(),
            in_template: false,
        }
    }
}

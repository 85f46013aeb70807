//! Configurations: the tree of modules with what their blocks say. A file for each block.
//!
//! Loading reads and checks what can be known without values; it does not evaluate.
//!
//! Reading order: `module` (what there is), `load`, then a file for each block, `variables` (their values), `check`.

mod backend;
mod blocks;
mod check;
mod diagnostics;
mod load;
mod module;
mod module_call;
mod output;
mod provider;
mod resource;
mod variable;
mod version;

pub mod variables;

pub use backend::Backend;
pub use check::check;
pub use load::{LoadOptions, is_ignored, load};
pub use module::{Config, Module};
pub use module_call::ModuleCall;
pub use output::{Local, Output};
pub use provider::{ProviderBlock, Requirement};
pub use resource::{Condition, IgnoreChanges, Lifecycle, Provisioner, Resource};
pub use variable::Variable;
pub use version::satisfies;

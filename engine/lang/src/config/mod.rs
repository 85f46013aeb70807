//! Configurations: the tree of modules with what their blocks say. A file for each block.
//!
//! Loading reads and checks what can be known without values; it evaluates what it needs to find modules.
//!
//! Reading order: `module` (what there is), `load`, `content` (what may stand in a block), then a file for each
//! block, `variables` (their values), `early` (what may be said with them before anything is planned).

mod action;
mod blocks;
mod check_block;
mod content;
pub(crate) mod diagnostics;
mod early;
mod import;
mod json;
mod list;
mod load;
mod manifest;
mod migration;
mod module;
mod module_call;
mod moved;
mod output;
mod overriding;
mod provider;
mod provisioner;
mod removed;
mod resource;
mod source;
mod stand_in;
mod terraform;
mod test_file;
mod variable;
mod version;

pub mod variables;

pub use action::{Trigger, TriggerEvent, Triggered};
pub use check_block::Check;
pub use import::Import;
pub use list::Listing;
pub use load::{Deprecations, LoadOptions, Missing, is_ignored, load};
pub use manifest::{Installed, Manifest};
pub use module::{Config, Module};
pub use module_call::{ModuleCall, Passed};
pub use moved::Moved;
pub use output::{Local, Output};
pub use provider::{ProviderBlock, Requirement};
pub use provisioner::Provisioner;
pub use removed::Removed;
pub use resource::{Condition, DependsOn, IgnoreChanges, Lifecycle, Resource};
pub use source::{Fetch, Package, Source};
pub use stand_in::{ModuleStandIn, StandIn};
pub use terraform::Backend;
pub use test_file::{MockProvider, Named, Override, Run, TestFile};
pub use variable::Variable;
pub use version::{constraint_text, newest, satisfies};

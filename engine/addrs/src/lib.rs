//! Addresses: the names of modules, resources, instances and provider configurations, parsed and printed as Terraform
//! writes them.

mod module;
mod parse;
mod provider;
mod resource;
mod target;

pub use module::{InstanceKey, ModuleInstance, ModulePath};
pub use parse::{ParseError, is_reserved};
pub use provider::{ProviderAddr, ProviderConfig};
pub use resource::{ConfigResource, Mode, Resource, ResourceInstance};
pub use target::Target;

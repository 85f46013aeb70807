//! What an address on the command line selects: a module, a resource, or one instance of it.

use std::fmt;

use infra_engine::addrs::{ModuleInstance, Resource, ResourceInstance};
use infra_engine::state::State;

/// What an address selects.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Selection {
    /// Everything in a module instance; in all its instances, if the last call has no key.
    Module(ModuleInstance),
    /// All instances of a resource.
    Resource(ModuleInstance, Resource),
    /// One instance.
    Instance(ResourceInstance),
}

impl Selection {
    /// Reads an address.
    ///
    /// # Errors
    /// Why the text is none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(module) = text.parse::<ModuleInstance>()
            && !module.is_root()
        {
            return Ok(Self::Module(module));
        }
        let addr: ResourceInstance =
            text.parse().map_err(|error: infra_engine::addrs::ParseError| error.0)?;
        Ok(match addr.key {
            Some(_) => Self::Instance(addr),
            None => Self::Resource(addr.module, addr.resource),
        })
    }

    /// Whether it selects an instance.
    pub(crate) fn selects(&self, addr: &ResourceInstance) -> bool {
        match self {
            Self::Module(module) => {
                let depth = module.0.len();
                let Some(inside) = addr.module.0.get(..depth) else { return false };
                inside.iter().zip(module.0.iter()).enumerate().all(|(at, (there, wanted))| {
                    let any_key = at + 1 == depth && wanted.1.is_none();
                    there.0 == wanted.0 && (any_key || there.1 == wanted.1)
                })
            }
            Self::Resource(module, resource) => {
                addr.module == *module && addr.resource == *resource
            }
            Self::Instance(wanted) => addr == wanted,
        }
    }

    /// The instances of a state that it selects.
    pub(crate) fn of(&self, state: &State) -> Vec<ResourceInstance> {
        let instances = state.instances().map(|(addr, ..)| addr);
        instances.filter(|addr| self.selects(addr)).collect()
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => module.fmt(f),
            Self::Resource(module, resource) if module.is_root() => resource.fmt(f),
            Self::Resource(module, resource) => write!(f, "{module}.{resource}"),
            Self::Instance(addr) => addr.fmt(f),
        }
    }
}

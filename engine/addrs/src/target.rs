//! What a flag or a block of the configuration may name.

use std::fmt;

use crate::{ConfigResource, InstanceKey, ModuleInstance, Resource, ResourceInstance};

/// A module, a resource, or an instance of one. Without a key at its end it stands for all instances.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Target {
    /// The module, or the one that the resource is in.
    pub module: ModuleInstance,
    /// The resource, with a key if it is one instance.
    pub resource: Option<(Resource, Option<InstanceKey>)>,
}

impl Target {
    /// Whether there is a key anywhere.
    pub fn keyed(&self) -> bool {
        self.module.0.iter().any(|(_, key)| key.is_some())
            || self.resource.as_ref().is_some_and(|(_, key)| key.is_some())
    }

    /// Whether it is of instances of a resource.
    pub fn covers(&self, resource: &ConfigResource) -> bool {
        let path = self.module.module();
        match &self.resource {
            Some((found, _)) => *found == resource.resource && path == resource.module,
            None => resource.module.0.starts_with(&path.0),
        }
    }

    /// Whether an instance is, or is in, what this stands for. A module without a key stands for all its instances.
    pub fn contains(&self, addr: &ResourceInstance) -> bool {
        self.matches(addr, |_| true)
    }

    /// The same for a flag: there a module without a key stands for all its instances only at the end.
    pub fn chooses(&self, addr: &ResourceInstance) -> bool {
        let last = self.module.0.len();
        self.matches(addr, |at| self.resource.is_none() && at + 1 == last)
    }

    /// `any` says whether the module at a position stands for all its instances if it has no key.
    fn matches(&self, addr: &ResourceInstance, any: impl Fn(usize) -> bool) -> bool {
        let steps = &self.module.0;
        let pairs = steps.iter().zip(addr.module.0.iter()).enumerate();
        let mut same = pairs.map(|(at, ((name, key), (other, found)))| {
            name == other && (key == found || (key.is_none() && any(at)))
        });
        let within = steps.len() <= addr.module.0.len() && same.all(|same| same);
        match &self.resource {
            None => within,
            Some((resource, key)) => {
                within
                    && steps.len() == addr.module.0.len()
                    && *resource == addr.resource
                    && (key.is_none() || *key == addr.key)
            }
        }
    }
}

/// As it is written.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.module)?;
        let Some((resource, key)) = &self.resource else { return Ok(()) };
        let dot = if self.module.is_root() { "" } else { "." };
        write!(f, "{dot}{resource}")?;
        match key {
            Some(key) => write!(f, "{key}"),
            None => Ok(()),
        }
    }
}

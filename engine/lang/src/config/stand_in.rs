//! What a test has in place of objects and modules.

use infra_addrs::{
    ModuleInstance, ModulePath, ProviderAddr, ProviderConfig, ResourceInstance, Target,
};
use infra_value::Value;

use super::{Module, Resource};

/// A provider that looks after objects.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// Which objects; without a key all instances.
    pub target: Target,
    /// The provider. It needs no configuration.
    pub provider: ProviderAddr,
}

impl StandIn {
    /// The provider with the configuration that it does not need.
    pub fn config(&self) -> ProviderConfig {
        let (module, provider) = (ModulePath::root(), self.provider.clone());
        ProviderConfig { module, provider, alias: None, key: None }
    }
}

impl Resource {
    /// What looks after an instance in place of its provider: of several the last.
    pub fn stand_in(&self, addr: &ResourceInstance) -> Option<&StandIn> {
        self.stand_ins.iter().rev().find(|found| found.target.contains(addr))
    }

    /// Whether not all instances have the same provider.
    pub fn is_divided(&self) -> bool {
        self.stand_ins.iter().any(|found| found.target.keyed())
    }
}

/// Output values in place of an instance of a module.
#[derive(Clone, Debug)]
pub struct ModuleStandIn {
    /// Which instance.
    pub instance: ModuleInstance,
    /// The values, by name; what is not among them is null.
    pub outputs: Value,
}

impl Module {
    /// What is in place of an instance.
    pub fn stand_in(&self, instance: &ModuleInstance) -> Option<&ModuleStandIn> {
        self.stand_ins.iter().rev().find(|found| found.instance == *instance)
    }
}

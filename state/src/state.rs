//! The state in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::{
    ConfigResource, InstanceKey, ModuleInstance, ProviderConfig, Resource, ResourceInstance,
};
use infra_value::{Str, Value};
use serde_json::Value as Json;

use crate::ObjectState;

/// Everything that a state file holds.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// The version of Terraform that wrote it, or that we are compatible with.
    pub terraform_version: String,
    /// Counts the versions of this state.
    pub serial: u64,
    /// Tells states apart that have nothing to do with each other.
    pub lineage: String,
    /// Output values of the root module.
    pub outputs: BTreeMap<Str, OutputValue>,
    /// Resources of all module instances.
    pub resources: BTreeMap<(ModuleInstance, Resource), ResourceState>,
    /// Results of `check` blocks, as they were read.
    pub check_results: Json,
}

/// An output value.
#[derive(Clone, PartialEq, Debug)]
pub struct OutputValue {
    /// Its value, without marks.
    pub value: Value,
    /// Whether it must not be shown.
    pub sensitive: bool,
}

/// One resource in one module instance.
#[derive(Clone, PartialEq, Debug)]
pub struct ResourceState {
    /// The provider configuration that looks after it; of one that is repeated, all of it.
    pub provider: ProviderConfig,
    /// Its instances by key.
    pub instances: BTreeMap<Option<InstanceKey>, InstanceState>,
}

/// One resource instance.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct InstanceState {
    /// The object.
    pub current: Option<ObjectState>,
    /// Objects that were replaced but are not deleted yet, by deposed key.
    pub deposed: BTreeMap<String, ObjectState>,
    /// The instance of the provider configuration that looks after it, where that is repeated.
    pub provider: Option<Arc<ProviderConfig>>,
}

impl InstanceState {
    fn is_empty(&self) -> bool {
        self.current.is_none() && self.deposed.is_empty()
    }
}

impl State {
    /// The version of Terraform that we are compatible with.
    pub const COMPATIBLE: &'static str = "1.11.4";

    /// A state of nothing.
    pub fn new(lineage: String) -> Self {
        Self {
            terraform_version: Self::COMPATIBLE.to_owned(),
            serial: 0,
            lineage,
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
            check_results: Json::Null,
        }
    }

    /// Whether it holds neither objects nor outputs.
    pub fn is_empty(&self) -> bool {
        self.resources.values().all(|found| found.instances.is_empty()) && self.outputs.is_empty()
    }

    /// What the state holds of an instance.
    pub fn instance(&self, addr: &ResourceInstance) -> Option<&InstanceState> {
        self.resources.get(&(addr.module.clone(), addr.resource.clone()))?.instances.get(&addr.key)
    }

    /// The current object of an instance.
    pub fn object(&self, addr: &ResourceInstance) -> Option<&ObjectState> {
        self.instance(addr)?.current.as_ref()
    }

    fn instance_mut(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
    ) -> &mut InstanceState {
        let key = (addr.module.clone(), addr.resource.clone());
        let resource = self.resources.entry(key).or_insert_with(|| ResourceState {
            provider: provider.whole(),
            instances: BTreeMap::new(),
        });
        if resource.provider != *provider {
            resource.provider = provider.whole();
        }
        let instance = resource.instances.entry(addr.key.clone()).or_default();
        instance.provider = provider.key.is_some().then(|| Arc::new(provider.clone()));
        instance
    }

    /// The provider configuration that looks after an instance.
    pub fn provider(&self, addr: &ResourceInstance) -> Option<&ProviderConfig> {
        let resource = self.resources.get(&(addr.module.clone(), addr.resource.clone()))?;
        let instance = resource.instances.get(&addr.key);
        Some(instance.and_then(|found| found.provider.as_deref()).unwrap_or(&resource.provider))
    }

    /// Sets all that there is of an instance.
    pub fn set_instance(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        found: InstanceState,
    ) {
        let instance = self.instance_mut(addr, provider);
        let provider = instance.provider.take();
        *instance = InstanceState { provider, ..found };
    }

    /// Sets the current object of an instance.
    pub fn set_object(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        object: ObjectState,
    ) {
        self.instance_mut(addr, provider).current = Some(object);
    }

    /// An object of an instance, deposed or not, to be changed; it is noted which provider configuration looks after it.
    pub fn object_mut(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        deposed: Option<&str>,
    ) -> Option<&mut ObjectState> {
        let instance = self.instance_mut(addr, provider);
        match deposed {
            None => instance.current.as_mut(),
            Some(key) => instance.deposed.get_mut(key),
        }
    }

    /// Drops the current object of an instance.
    pub fn remove_object(&mut self, addr: &ResourceInstance) {
        self.change(addr, |instance| instance.current = None);
    }

    /// Gives an instance another address.
    pub fn rename(&mut self, from: &ResourceInstance, to: &ResourceInstance) {
        let key = (from.module.clone(), from.resource.clone());
        let Some(resource) = self.resources.get_mut(&key) else { return };
        let Some(found) = resource.instances.remove(&from.key) else { return };
        let provider = found.provider.as_deref().unwrap_or(&resource.provider).clone();
        if resource.instances.is_empty() {
            self.resources.remove(&key);
        }
        *self.instance_mut(to, &provider) = found;
    }

    /// Drops all dependencies of the objects that depended on one of these resources: what is left of them would be
    /// relied on as if it were all. The next plan that refreshes finds them anew.
    pub fn forget_dependencies_on(&mut self, resources: &BTreeSet<ConfigResource>) {
        let instances = self.resources.values_mut().flat_map(|found| found.instances.values_mut());
        for instance in instances {
            for object in instance.current.iter_mut().chain(instance.deposed.values_mut()) {
                if object.dependencies.iter().any(|needed| resources.contains(needed)) {
                    object.dependencies.clear();
                }
            }
        }
    }

    /// Notes that a resource is there although it has no instance yet.
    pub fn add_resource(&mut self, addr: &ResourceInstance, provider: &ProviderConfig) {
        let key = (addr.module.clone(), addr.resource.clone());
        self.resources.entry(key).or_insert_with(|| ResourceState {
            provider: provider.whole(),
            instances: BTreeMap::new(),
        });
    }

    /// Sets an object aside under a key.
    pub fn set_deposed(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        key: &str,
        object: ObjectState,
    ) {
        self.instance_mut(addr, provider).deposed.insert(key.to_owned(), object);
    }

    /// Drops an object that was set aside.
    pub fn remove_deposed(&mut self, addr: &ResourceInstance, key: &str) {
        self.change(addr, |instance| {
            instance.deposed.remove(key);
        });
    }

    fn change(&mut self, addr: &ResourceInstance, change: impl FnOnce(&mut InstanceState)) {
        let key = (addr.module.clone(), addr.resource.clone());
        let Some(resource) = self.resources.get_mut(&key) else { return };
        if let Some(instance) = resource.instances.get_mut(&addr.key) {
            change(instance);
            if instance.is_empty() {
                resource.instances.remove(&addr.key);
            }
        }
        if resource.instances.is_empty() {
            self.resources.remove(&key);
        }
    }

    /// Takes an instance out, with the provider configuration that looks after it.
    pub fn take(&mut self, addr: &ResourceInstance) -> Option<(ProviderConfig, InstanceState)> {
        let key = (addr.module.clone(), addr.resource.clone());
        let resource = self.resources.get_mut(&key)?;
        let found = resource.instances.remove(&addr.key)?;
        let provider = found.provider.as_deref().unwrap_or(&resource.provider).clone();
        if resource.instances.is_empty() {
            self.resources.remove(&key);
        }
        Some((provider, found))
    }

    /// Puts an instance in, in place of one that may be there.
    pub fn put(
        &mut self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        instance: InstanceState,
    ) {
        let slot = self.instance_mut(addr, provider);
        *slot = InstanceState { provider: slot.provider.take(), ..instance };
    }

    /// Every instance with its provider configuration, sorted by address.
    pub fn instances(
        &self,
    ) -> impl Iterator<Item = (ResourceInstance, &ProviderConfig, &InstanceState)> {
        self.resources.iter().flat_map(|((module, resource), found)| {
            found.instances.iter().map(move |(key, instance)| {
                let addr = ResourceInstance {
                    module: module.clone(),
                    resource: resource.clone(),
                    key: key.clone(),
                };
                let provider = instance.provider.as_deref().unwrap_or(&found.provider);
                (addr, provider, instance)
            })
        })
    }

    /// Whether both hold the same, apart from the serial.
    pub fn same_content(&self, other: &Self) -> bool {
        self.lineage == other.lineage
            && crate::format::write(&Self { serial: 0, ..self.clone() })
                == crate::format::write(&Self { serial: 0, ..other.clone() })
    }
}

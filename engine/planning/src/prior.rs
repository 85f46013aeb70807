//! The prior state, indexed by what the walk asks for.

use std::collections::BTreeMap;

use infra_addrs::{ConfigResource, Mode, ModulePath, ProviderConfig, ResourceInstance};
use infra_graph::Graph;
use infra_lang::config::{Config, StandIn};
use infra_lang::dependencies::Node;
use infra_state::State;

use crate::Request;
use crate::targets::Targets;

pub(crate) struct Prior {
    /// The state, refreshed as answers come in.
    pub(crate) state: State,
    /// Whether refresh changed anything in it.
    pub(crate) changed: bool,
    /// The managed instances that each provider configuration looks after, whichever of its instances does.
    pub(crate) by_provider: BTreeMap<ProviderConfig, Vec<ResourceInstance>>,
    /// All instances of each resource.
    pub(crate) by_resource: BTreeMap<ConfigResource, Vec<ResourceInstance>>,
}

impl Prior {
    pub(crate) fn new(request: &Request, targets: &Targets) -> Self {
        let mut by_provider: BTreeMap<ProviderConfig, Vec<ResourceInstance>> = BTreeMap::new();
        let mut by_resource: BTreeMap<ConfigResource, Vec<ResourceInstance>> = BTreeMap::new();
        for ((module, resource), found) in &request.prior.resources {
            let config = ConfigResource { module: module.module(), resource: resource.clone() };
            let addrs: Vec<ResourceInstance> = found
                .instances
                .keys()
                .map(|key| ResourceInstance {
                    module: module.clone(),
                    resource: resource.clone(),
                    key: key.clone(),
                })
                .collect();
            if resource.mode == Mode::Managed && targets.resource(&config) {
                // The configuration decides the provider configuration; the state only where there is none any more.
                let block = request.config.resource(&config);
                let provider = block.map(|block| request.config.provider_of(&config.module, block));
                let provider = provider.unwrap_or_else(|| found.provider.clone());
                for addr in addrs.iter().filter(|addr| targets.instance(addr)) {
                    let own = block.and_then(|block| block.stand_in(addr));
                    let provider = own.map_or_else(|| provider.clone(), StandIn::config);
                    by_provider.entry(provider).or_default().push(addr.clone());
                }
            }
            by_resource.entry(config).or_default().extend(addrs);
        }
        Self { state: request.prior.clone(), changed: false, by_provider, by_resource }
    }

    /// For what depends on a module as a whole, what is still there of resources that the module does not have any more.
    pub(crate) fn left_behind(
        &self,
        config: &Config,
        graph: &Graph<Node>,
    ) -> BTreeMap<ConfigResource, Vec<ConfigResource>> {
        let mut gone: BTreeMap<&ModulePath, Vec<&ConfigResource>> = BTreeMap::new();
        for resource in self.by_resource.keys() {
            if resource.resource.mode == Mode::Managed
                && config.module(&resource.module).is_some()
                && config.resource(resource).is_none()
            {
                gone.entry(&resource.module).or_default().push(resource);
            }
        }
        let mut found: BTreeMap<ConfigResource, Vec<ConfigResource>> = BTreeMap::new();
        for (module, gone) in gone {
            for dependent in graph.with_dependents([&Node::Close(module.clone())]) {
                if let Node::Resource(dependent) = dependent {
                    let left = found.entry(dependent.clone()).or_default();
                    left.extend(gone.iter().copied().cloned());
                }
            }
        }
        found
    }
}

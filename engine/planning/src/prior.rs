//! The prior state, indexed by what the walk asks for.

use std::collections::BTreeMap;

use infra_addrs::{ConfigResource, Mode, ProviderConfig, ResourceInstance};
use infra_lang::config::StandIn;
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
}

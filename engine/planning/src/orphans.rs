//! Objects in the state that the configuration does not ask for: they are deleted.

use std::collections::BTreeSet;

use infra_addrs::{ConfigResource, Mode as ResourceMode, ModulePath, ResourceInstance};
use infra_lang::dependencies::Node;
use infra_lang::problems;
use infra_lang::world::Expansion;
use infra_plan::{Action, Mode, Reason, ResourceChange};
use infra_provider::Kind;
use infra_state::ObjectState;
use infra_value::Marks;

use crate::diagnostics;
use crate::managed::{marked_by_schema, remarked};
use crate::planner::Planner;

impl Planner {
    /// Plans what no block of the configuration is about any more, or everything where all is destroyed.
    pub(crate) fn plan_orphans(&mut self) {
        let errored = self.diags.has_errors();
        if self.request.mode == Mode::RefreshOnly || errored && self.request.mode == Mode::Destroy {
            return;
        }
        let config = self.request.config.clone();
        let by_resource = std::mem::take(&mut self.prior.by_resource);
        let needed = self.needed_by_protected(by_resource.values().flatten());
        for (resource, instances) in &by_resource {
            match resource.resource.mode {
                ResourceMode::Managed => {
                    let planned =
                        self.request.mode == Mode::Normal && config.resource(resource).is_some();
                    if !planned && !needed.contains(resource) {
                        self.plan_leftovers(resource, instances);
                    }
                }
                // Nothing is known of what failed, and of what follows it.
                _ if self.is_lost(&Node::Resource(resource.clone())) => {}
                ResourceMode::Data
                | ResourceMode::Ephemeral
                | ResourceMode::List
                | ResourceMode::Action => {
                    self.drop_data(resource, instances);
                }
            }
        }
    }

    /// Plans what is left of a resource beyond the instances that are wanted.
    pub(crate) fn plan_leftovers_of(&mut self, resource: &ConfigResource) {
        if self.request.mode == Mode::Normal
            && let Some(instances) = self.prior.by_resource.get(resource).cloned()
        {
            self.plan_leftovers(resource, &instances);
        }
    }

    /// What objects that must not be destroyed depend on: where everything is destroyed, its turn does not come.
    fn needed_by_protected<'a>(
        &self,
        instances: impl Iterator<Item = &'a ResourceInstance>,
    ) -> BTreeSet<ConfigResource> {
        let config = &self.request.config;
        instances
            .filter(|addr| self.request.mode == Mode::Destroy && self.targets.instance(addr))
            .filter(|addr| {
                config.resource(&addr.config()).is_some_and(|block| self.is_protected(block, addr))
            })
            .filter_map(|addr| self.prior.state.object(addr))
            .flat_map(|object| object.dependencies.iter().cloned())
            .collect()
    }

    /// Deletes what there is at addresses beyond what is wanted there: the objects themselves, and deposed ones always.
    fn plan_leftovers(&mut self, resource: &ConfigResource, instances: &[ResourceInstance]) {
        let errored = self.diags.has_errors();
        let mut deleted = BTreeSet::new();
        for addr in instances {
            let left_of = || self.is_beyond(addr) && self.targets.leftover(addr);
            if !(self.targets.instance(addr) || left_of()) {
                continue;
            }
            // Of what a provider looks after that could not be configured nothing is known.
            let provider = || self.prior_provider(addr).map(Node::Provider);
            if errored && provider().is_none_or(|provider| self.is_lost(&provider)) {
                continue;
            }
            let Some(found) = self.prior.state.instance(addr) else { continue };
            let reason = found.current.as_ref().and_then(|_| self.unwanted(resource, addr));
            if reason.is_none() && found.deposed.is_empty() {
                continue;
            }
            let found = found.clone();
            if let (Some(object), Some(reason)) = (&found.current, reason) {
                self.plan_deletion(addr, None, object, reason);
                deleted.insert(addr);
            }
            for (key, object) in &found.deposed {
                self.plan_deletion(addr, Some(key.clone()), object, None);
            }
        }
        if self.request.mode != Mode::Normal || deleted.is_empty() {
            return;
        }
        // What an object was before refresh is what it is said to have been.
        for drift in self.drift.iter().filter(|drift| deleted.contains(&drift.addr)) {
            if let Some(change) = self.changes.get_mut(&(drift.addr.clone(), None))
                && drift.before.is_some()
            {
                change.before.clone_from(&drift.before);
            }
        }
    }

    /// Whether an instance is in a module instance that is gone, of a resource that is not.
    fn is_beyond(&self, addr: &ResourceInstance) -> bool {
        let config = &self.request.config;
        let module = config.module(&addr.module.module());
        self.request.mode != Mode::Destroy
            && config.resource(&addr.config()).is_some()
            && module
                .is_some_and(|module| !self.world.module_instances(module).contains(&addr.module))
    }

    /// Why an instance is not wanted; nothing if it is.
    fn unwanted(
        &self,
        resource: &ConfigResource,
        addr: &ResourceInstance,
    ) -> Option<Option<Reason>> {
        if self.request.mode == Mode::Destroy {
            return Some(None);
        }
        let config = &self.request.config;
        let (Some(module), Some(_)) = (config.module(&resource.module), config.resource(resource))
        else {
            if self.changes.contains_key(&(addr.clone(), None)) {
                return None;
            }
            return Some(Some(match self.moves.from.contains_key(addr) {
                true => Reason::DeleteBecauseNoMoveTarget,
                false => Reason::DeleteBecauseNoResourceConfig,
            }));
        };
        if !self.world.module_instances(module).contains(&addr.module) {
            let open = self.request.defers() && self.may_come_to_be(&addr.module);
            return (!open).then_some(Some(Reason::DeleteBecauseNoModule));
        }
        let expansion = self.world.expansion(&addr.module, &addr.resource);
        if expansion.contains(&addr.key) || *expansion == Expansion::Unknown {
            return None;
        }
        Some(Some(match (&*expansion, &addr.key) {
            (Expansion::Count(_), Some(infra_addrs::InstanceKey::Int(_))) => {
                Reason::DeleteBecauseCountIndex
            }
            (Expansion::ForEach(_), Some(infra_addrs::InstanceKey::String(_))) => {
                Reason::DeleteBecauseEachKey
            }
            _ => Reason::DeleteBecauseWrongRepetition,
        }))
    }

    fn plan_deletion(
        &mut self,
        addr: &ResourceInstance,
        deposed: Option<String>,
        object: &ObjectState,
        reason: Option<Reason>,
    ) {
        let config = self.request.config.clone();
        let block = config.resource(&addr.config());
        let Some(provider_addr) = self.prior_provider(addr) else { return };
        if let Some(block) = block.filter(|_| deposed.is_none()) {
            self.tell_protected(block, addr);
        }
        let Some(provider) = self.provider(&provider_addr.provider) else { return };
        let Some(schema) = provider.schema(Kind::Managed, &addr.resource.type_name) else {
            self.diags.push(diagnostics::unknown_type_in_state(addr, &provider_addr.provider));
            return;
        };
        let before = match object.decode(schema) {
            Ok(value) => value,
            Err(problem) => {
                self.diags.push(problems::unlocated(problem).address(addr));
                return;
            }
        };
        let marks: Vec<_> =
            object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
        let before = marked_by_schema(remarked(before, &marks), &schema.block);
        let forgotten = self.is_forgotten(&addr.config());
        let change = ResourceChange {
            addr: addr.clone(),
            deposed: deposed.clone(),
            previous_addr: None,
            provider: provider_addr,
            action: if forgotten { Action::Forget } else { Action::Delete },
            reason,
            before: Some(before),
            after: None,
            private: object.private.clone(),
            requires_replace: Vec::new(),
            importing: None,
            generated_config: None,
            dependencies: object.dependencies.clone().into(),
            create_before_destroy: object.create_before_destroy,
        };
        self.changes.insert((addr.clone(), deposed), change);
    }

    /// Whether a `removed` block says that the objects of a resource shall go on existing.
    pub(crate) fn is_forgotten(&self, resource: &ConfigResource) -> bool {
        let removed = self.request.config.removed(resource);
        self.request.mode == Mode::Normal && removed.is_some_and(|removed| !removed.destroy)
    }

    /// Reports `removed` blocks about what is still there.
    pub(crate) fn check_removed(&mut self) {
        for module in self.request.config.modules() {
            for removed in &module.removed {
                let inner = removed.from.module.module();
                let path = module.path.0.iter().chain(inner.0.iter()).cloned().collect();
                let there = self.request.config.module(&ModulePath(path));
                let there = there.and_then(|found| match &removed.from.resource {
                    Some((resource, _)) => found.resources.get(resource).map(|found| found.span),
                    None => {
                        let (parent, name) = found.path.parent()?;
                        Some(self.request.config.module(&parent)?.calls.get(name)?.span)
                    }
                });
                if let Some(span) = there {
                    self.diags.push(diagnostics::removed_still_there(&removed.from, span));
                }
            }
        }
    }

    /// Says which objects go on existing without being managed.
    pub(crate) fn tell_forgotten(&mut self) {
        let forgotten = self.changes.values().filter(|change| change.action == Action::Forget);
        let names: Vec<String> = forgotten.map(|change| change.addr.to_string()).collect();
        if !names.is_empty() {
            self.diags.push(diagnostics::forgotten(&names));
        }
    }

    /// What a data source gave is dropped when the configuration does not have it any more.
    fn drop_data(&mut self, resource: &ConfigResource, instances: &[ResourceInstance]) {
        if self.request.mode == Mode::Destroy {
            return;
        }
        let module = self.request.config.module(&resource.module);
        let declared = self.request.config.resource(resource).is_some();
        let wanted: BTreeSet<_> = match module {
            Some(module) if declared => self.world.module_instances(module).into_iter().collect(),
            _ => BTreeSet::new(),
        };
        for addr in instances.iter().filter(|addr| self.targets.instance(addr)) {
            let keep = wanted.contains(&addr.module)
                && self.world.expansion(&addr.module, &addr.resource).contains(&addr.key);
            if !keep {
                self.prior.state.remove_object(addr);
            }
        }
    }
}

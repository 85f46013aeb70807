//! What has to wait for the next plan, where the request allows that: what has an unknown number of instances or belongs to a
//! provider that cannot be configured yet, and all that depends on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use infra_addrs::{ConfigResource, Mode as ResourceMode, ModuleInstance, ProviderConfig};
use infra_addrs::{ModulePath, ResourceInstance};
use infra_lang::config::Resource;
use infra_lang::dependencies::Node;
use infra_lang::world::{Expansion, Repetition};
use infra_plan::{Action, DeferralReason, Deferred, ResourceChange};
use infra_value::Value;

use crate::planner::Planner;

impl Planner {
    /// Notes that a node has to wait, if so.
    pub(crate) fn note_wait(&mut self, node: &Node) {
        if !self.request.defers() {
            return;
        }
        if let Some(reason) = self.reason_to_wait(node) {
            self.deferred.insert(node.clone(), reason);
        }
    }

    fn reason_to_wait(&mut self, node: &Node) -> Option<DeferralReason> {
        // Of a provider its configuration decides, which is looked at when it is connected.
        if let Node::Provider(_) = node {
            return None;
        }
        if self.is_open(node) {
            return Some(DeferralReason::InstanceCountUnknown);
        }
        let needed = self.graph.dependencies(node).into_iter();
        let reasons = needed.filter_map(|needed| {
            let reason = *self.deferred.get(needed)?;
            Some(match needed {
                Node::Call(..) | Node::Provider(_) => reason,
                _ => DeferralReason::DeferredPrereq,
            })
        });
        reasons.min()
    }

    /// Whether it is not known yet how many instances a node has.
    fn is_open(&mut self, node: &Node) -> bool {
        let instances = |path: &ModulePath| {
            let module = self.request.config.module(path);
            module.map(|module| self.world.module_instances(module)).unwrap_or_default()
        };
        let unknown = |expansion: Arc<Expansion>| *expansion == Expansion::Unknown;
        let open = match node {
            Node::Resource(addr) | Node::Action(addr) => instances(&addr.module)
                .iter()
                .any(|module| unknown(self.world.expansion(module, &addr.resource))),
            Node::Call(path, name) => instances(path)
                .iter()
                .any(|module| unknown(self.world.call_expansion(module, name))),
            _ => return false,
        };
        let found = self.world.take_diagnostics();
        let failed = found.has_errors();
        self.diags.extend(found);
        open && !failed
    }

    /// Whether a module instance that is not there may be one of those that are not known yet.
    pub(crate) fn may_come_to_be(&self, module: &ModuleInstance) -> bool {
        let mut caller = ModuleInstance::root();
        module.0.iter().any(|(name, key)| {
            let open = *self.world.call_expansion(&caller, name) == Expansion::Unknown;
            caller = caller.child(name, key.clone());
            open
        })
    }

    /// Whether a resource has to wait.
    pub(crate) fn waits(&self, resource: &ConfigResource) -> bool {
        !self.deferred.is_empty() && self.deferred.contains_key(&Node::Resource(resource.clone()))
    }

    /// The resources that have to wait, and all that is computed from them.
    pub(crate) fn waiting(&self) -> BTreeSet<Node> {
        let resources = self.deferred.keys().filter(|node| node.resource().is_some());
        self.graph.with_dependents(resources).into_iter().cloned().collect()
    }

    /// Takes what has to wait out of the changes.
    pub(crate) fn set_aside(&mut self) -> Vec<Deferred> {
        if self.deferred.is_empty() {
            return Vec::new();
        }
        self.wait_for_actions();
        let needed = self.needed_by_waiting();
        let mut aside = Vec::new();
        for (key, change) in std::mem::take(&mut self.changes) {
            match self.reason_for(&change, &needed) {
                Some(reason) => {
                    let address = change.addr.to_string();
                    aside.push(Deferred { address, reason, change });
                }
                None => {
                    self.changes.insert(key, change);
                }
            }
        }
        let planned: BTreeSet<ResourceInstance> =
            aside.iter().map(|found| found.change.addr.clone()).collect();
        let config = self.request.config.clone();
        for (node, reason) in &self.deferred {
            let Some(addr) = node.resource() else { continue };
            let Some(block) = config.resource(addr) else { continue };
            let unplanned = self.world.instances(addr).into_iter();
            for instance in unplanned.filter(|instance| !planned.contains(instance)) {
                let address = instance.to_string();
                let change = self.unplanned(block, instance);
                aside.push(Deferred { address, reason: *reason, change });
            }
            for (module, address) in self.open_instances(addr, block) {
                let keyless = || addr.module.0.iter().map(|name| (name.clone(), None)).collect();
                let instance = ResourceInstance {
                    module: module.unwrap_or_else(|| ModuleInstance(keyless())),
                    resource: addr.resource.clone(),
                    key: None,
                };
                let change = self.unplanned(block, instance);
                aside.push(Deferred { address, reason: *reason, change });
            }
        }
        aside.sort_by(|a, b| a.address.cmp(&b.address));
        aside
    }

    /// What triggers actions that have to wait, waits with them, and so does all that depends on it.
    fn wait_for_actions(&mut self) {
        let triggering = self.deferred.keys().filter_map(|node| match node {
            Node::Triggers(resource) => Some(Node::Resource(resource.clone())),
            _ => None,
        });
        let triggering: Vec<Node> = triggering.collect();
        for node in self.graph.with_dependents(&triggering) {
            if node.resource().is_some() {
                self.deferred.entry(node.clone()).or_insert(DeferralReason::DeferredPrereq);
            }
        }
    }

    /// Why a change has to wait, if so.
    fn reason_for(
        &self,
        change: &ResourceChange,
        needed: &BTreeSet<ConfigResource>,
    ) -> Option<DeferralReason> {
        let resource = change.addr.config();
        let provider = ProviderConfig { key: None, ..change.provider.clone() };
        let found = self.deferred.get(&Node::Provider(provider));
        let goes = change.action == Action::Delete && needed.contains(&resource);
        let of_resource = self.deferred.get(&Node::Resource(resource));
        of_resource.or(found).copied().or(goes.then_some(DeferralReason::DeferredPrereq))
    }

    /// What objects that wait depend on: it must not go before them.
    fn needed_by_waiting(&self) -> BTreeSet<ConfigResource> {
        let instances = self.prior.state.instances();
        let waiting = instances.filter(|(addr, ..)| self.waits(&addr.config()));
        let objects = waiting.filter_map(|(.., found)| found.current.as_ref());
        objects.flat_map(|object| object.dependencies.iter().cloned()).collect()
    }

    /// A change of which is known what the block says, at most.
    fn unplanned(&self, block: &Resource, addr: ResourceInstance) -> ResourceChange {
        let provider = self.request.config.provider_of(&addr.module.module(), block);
        let schema = self.provider(&provider.provider);
        let schema = schema
            .as_ref()
            .and_then(|found| found.schema(addr.resource.mode.into(), &addr.resource.type_name));
        let before = schema.and_then(|schema| self.current(schema, &addr));
        let action = match (&before, addr.resource.mode) {
            (Some(_), _) => Action::Update,
            (None, ResourceMode::Managed) => Action::Create,
            (None, _) => Action::Read,
        };
        let after = schema.map(|schema| {
            let scope = self.world.scope_with(&addr.module, Repetition::open(), None);
            let said = scope.map(|scope| self.world.decode(&block.body, &schema.block, &scope));
            match said {
                Some((said, found)) if !found.has_errors() && before.is_none() => {
                    let (said, marks) = said.unmarked_paths();
                    let said = crate::completed(said, &schema.block);
                    crate::marked(said, &crate::kept(marks), &schema.block)
                }
                _ => Value::unknown(schema.block.implied_type().clone()),
            }
        });
        ResourceChange {
            deposed: None,
            previous_addr: None,
            provider,
            action,
            reason: None,
            before,
            after,
            private: Vec::new(),
            requires_replace: Vec::new(),
            importing: None,
            generated_config: None,
            dependencies: self.dependencies.get(&addr.config()).cloned().unwrap_or_default(),
            create_before_destroy: false,
            addr,
        }
    }

    /// The addresses of instances whose keys are not known, `[*]` in place of those; each with its module instance, if that
    /// is known.
    fn open_instances(
        &self,
        addr: &ConfigResource,
        block: &Resource,
    ) -> Vec<(Option<ModuleInstance>, String)> {
        let mut modules = vec![(Some(ModuleInstance::root()), String::new())];
        let mut path = ModulePath::root();
        for name in addr.module.0.iter() {
            let Some(caller) = self.request.config.module(&path) else { return Vec::new() };
            let repeated = caller
                .calls
                .get(name)
                .is_some_and(|call| call.count.is_some() || call.for_each.is_some());
            let inner = modules.into_iter().flat_map(|(instance, text)| match instance {
                Some(instance) => match &*self.world.call_expansion(&instance, name) {
                    Expansion::Unknown => vec![(None, format!("{text}module.{name}[*]."))],
                    expansion => {
                        let child = |key| {
                            let child = instance.child(name, key);
                            let text = format!("{child}.");
                            (Some(child), text)
                        };
                        expansion.keys().into_iter().map(child).collect()
                    }
                },
                None => {
                    let key = if repeated { "[*]" } else { "" };
                    vec![(None, format!("{text}module.{name}{key}."))]
                }
            });
            modules = inner.collect();
            path = path.child(name);
        }
        let repeated = block.count.is_some() || block.for_each.is_some();
        let open = modules.into_iter().filter_map(|(instance, text)| {
            let open = instance.as_ref().is_none_or(|instance| {
                *self.world.expansion(instance, &addr.resource) == Expansion::Unknown
            });
            let key = if repeated { "[*]" } else { "" };
            open.then(|| (instance, format!("{text}{}{key}", addr.resource)))
        });
        open.collect()
    }
}

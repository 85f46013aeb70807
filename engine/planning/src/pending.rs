//! Whether a data source must wait until something has been changed.

use std::collections::BTreeSet;

use infra_addrs::{
    ConfigResource, Mode as ResourceMode, ModuleInstance, ModulePath, ResourceInstance,
};
use infra_lang::config::Resource;
use infra_lang::dependencies::Node;
use infra_lang::eval;
use infra_lang::syntax::{Expr, Located, Reference};
use infra_plan::Action;

use crate::planner::Planner;

impl Planner {
    /// The managed resources after which a data source is read: those that it names itself, those that it or a call
    /// around it says that it depends on, and all that it depends on in any way where it has conditions, which a change
    /// may be meant to fulfil.
    pub(crate) fn awaited(
        &self,
        addr: &ConfigResource,
        block: &Resource,
    ) -> BTreeSet<ConfigResource> {
        let mut awaited = BTreeSet::new();
        let lifecycle = &block.lifecycle;
        if !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty() {
            awaited.extend(
                self.dependencies.get(addr).into_iter().flat_map(|all| all.iter()).cloned(),
            );
        }
        let repeated = block.count.iter().chain(&block.for_each).flat_map(Expr::references);
        for found in eval::references(&block.body).into_iter().chain(repeated) {
            if let Reference::Resource(resource) = &found.reference {
                awaited.insert(ConfigResource {
                    module: addr.module.clone(),
                    resource: resource.clone(),
                });
            }
        }
        for found in &block.depends_on.references {
            match &found.reference {
                Reference::Resource(resource) => {
                    let module = addr.module.clone();
                    awaited.insert(ConfigResource { module, resource: resource.clone() });
                }
                _ => awaited.extend(self.behind(&addr.module, found)),
            }
        }
        let mut inner = addr.module.clone();
        while let Some((parent, name)) = inner.parent() {
            let caller = self.request.config.module(&parent);
            let call = caller.and_then(|module| module.calls.get(name));
            for found in call.into_iter().flat_map(|call| &call.depends_on.references) {
                awaited.extend(self.behind(&parent, found));
            }
            inner = parent;
        }
        // Reading has no effects: what a data source waits for, it waits for itself.
        awaited.retain(|resource| resource.resource.mode == ResourceMode::Managed);
        awaited
    }

    /// All resources that a reference leads to, directly or not.
    fn behind(&self, module: &ModulePath, found: &Located) -> Vec<ConfigResource> {
        let module = module.clone();
        let nodes: Vec<Node> = match &found.reference {
            Reference::Resource(resource) => {
                vec![Node::Resource(ConfigResource { module, resource: resource.clone() })]
            }
            Reference::Module(name) => {
                let child = module.child(name);
                let inside = self.graph.nodes().filter(|node| match node {
                    Node::Resource(resource) => resource.module.0.starts_with(&child.0),
                    _ => false,
                });
                inside.cloned().collect()
            }
            Reference::Local(name) => vec![Node::Local(module, name.clone())],
            Reference::Variable(name) => vec![Node::Variable(module, name.clone())],
            _ => Vec::new(),
        };
        let reached = self.graph.with_dependencies(&nodes).into_iter();
        let resources = reached.filter_map(|node| match node {
            Node::Resource(resource) => Some(resource.clone()),
            _ => None,
        });
        resources.collect()
    }

    /// Whether anything will become of one of these resources, as an instance of a module sees it: instances of the same
    /// module do not see each other's.
    pub(crate) fn any_will_change(
        &self,
        resources: &BTreeSet<ConfigResource>,
        seen_from: &ModuleInstance,
    ) -> bool {
        let elsewhere =
            |module: &ModuleInstance| module != seen_from && module.module() == seen_from.module();
        resources.iter().any(|resource| {
            let planned: BTreeSet<ResourceInstance> =
                self.world.instances(resource).into_iter().collect();
            let stored = self.prior.by_resource.get(resource).into_iter().flatten();
            let goes = stored
                .filter(|addr| self.targets.instance(addr) && !elsewhere(&addr.module))
                .any(|addr| !planned.contains(addr));
            goes || planned.into_iter().filter(|addr| !elsewhere(&addr.module)).any(|addr| {
                let change = self.changes.get(&(addr, None));
                change.is_some_and(|change| change.action != Action::NoOp)
            })
        })
    }
}

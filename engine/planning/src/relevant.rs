//! Which attributes a plan's changes were computed from, directly or not: drift of these explains the plan.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ModuleInstance, Resource, ResourceInstance};
use infra_lang::config::{Config, Module, Output, Resource as Block};
use infra_lang::eval;
use infra_lang::syntax::{Expr, Located, Reference};
use infra_plan::{Action, OutputChange, ResourceChange};
use infra_value::{Path, Step, Str};

/// A reference with the module instance that it is seen from. The text of its steps makes it comparable.
type Seen = (ModuleInstance, Reference, String);

/// The attributes, each once, sorted as they print.
pub(crate) fn relevant<'p>(
    config: &Config,
    changes: impl Iterator<Item = &'p ResourceChange>,
    outputs: &BTreeMap<Str, OutputChange>,
    inner: &[(ModuleInstance, &Output)],
) -> Vec<(ResourceInstance, Path)> {
    let mut search =
        Search { config, pending: Vec::new(), seen: BTreeSet::new(), found: BTreeMap::new() };
    let mut blocks: BTreeSet<(&ModuleInstance, &Resource)> = BTreeSet::new();
    for change in changes.filter(|change| change.action != Action::NoOp) {
        let addr = &change.addr;
        let Some(module) = config.module(&addr.module.module()) else { continue };
        let Some(block) = module.resources.get(&addr.resource) else { continue };
        if blocks.insert((&addr.module, &addr.resource)) {
            search.body(&addr.module, block, eval::references(&block.body));
        }
    }
    // Outputs of other modules are not stored: a plan that is not empty always sets them.
    for (instance, output) in inner {
        search.refer(instance, output.expr.references());
    }
    for (name, output) in &config.root.outputs {
        if outputs.get(name).is_some_and(|change| change.action != Action::NoOp) {
            search.refer(&ModuleInstance::root(), output.expr.references());
        }
    }
    search.run();
    search.found.into_values().collect()
}

struct Search<'a> {
    config: &'a Config,
    pending: Vec<(ModuleInstance, Located)>,
    seen: BTreeSet<Seen>,
    found: BTreeMap<String, (ResourceInstance, Path)>,
}

impl Search<'_> {
    fn refer<'r>(
        &mut self,
        module: &ModuleInstance,
        references: impl IntoIterator<Item = &'r Located>,
    ) {
        for found in references {
            let steps = Path(found.steps.clone()).to_string();
            if self.seen.insert((module.clone(), found.reference.clone(), steps)) {
                self.pending.push((module.clone(), found.clone()));
            }
        }
    }

    /// What a block refers to; `count.index` and `each` lead on to what `count` and `for_each` refer to.
    fn body(&mut self, module: &ModuleInstance, block: &Block, references: Vec<&Located>) {
        let repeated =
            |found: &&&Located| matches!(found.reference, Reference::Count(_) | Reference::Each(_));
        if references.iter().any(|found| repeated(&found)) {
            let exprs: Vec<Expr> = block.count.iter().chain(&block.for_each).cloned().collect();
            for expr in exprs {
                self.refer(module, expr.references());
            }
        }
        self.refer(module, references);
    }

    fn keep(&mut self, addr: ResourceInstance, path: Path) {
        self.found.insert(format!("{addr} {path}"), (addr, path));
    }

    fn run(&mut self) {
        while let Some((instance, found)) = self.pending.pop() {
            let Some(module) = self.config.module(&instance.module()) else { continue };
            match &found.reference {
                Reference::Local(name) => {
                    if let Some(local) = module.locals.get(name) {
                        let expr = local.expr.clone();
                        self.refer(&instance, expr.references());
                    }
                }
                Reference::Variable(name) => self.variable(&instance, name),
                Reference::Module(name) => self.module(module, &instance, name, &found),
                Reference::Resource(resource) => self.resource(module, &instance, resource, &found),
                _ => {}
            }
        }
    }

    fn variable(&mut self, instance: &ModuleInstance, name: &str) {
        let (Some(parent), Some((call, _))) = (instance.parent(), instance.0.last()) else {
            return;
        };
        let call = self.config.module(&parent.module()).and_then(|module| module.calls.get(call));
        if let Some(argument) = call.and_then(|call| call.body.attribute(name)) {
            let expr = argument.expr.clone();
            self.refer(&parent, expr.references());
        }
    }

    fn module(&mut self, module: &Module, instance: &ModuleInstance, name: &Str, found: &Located) {
        let Some(child) = module.children.get(name) else { return };
        let inner = instance.child(name, found.key.clone());
        let wanted = child
            .outputs
            .values()
            .filter(|output| found.attr.as_ref().is_none_or(|attr| *attr == output.name));
        let exprs: Vec<Expr> = wanted.map(|output| output.expr.clone()).collect();
        for expr in exprs {
            self.refer(&inner, expr.references());
        }
    }

    fn resource(
        &mut self,
        module: &Module,
        instance: &ModuleInstance,
        resource: &Resource,
        found: &Located,
    ) {
        let Some(block) = module.resources.get(resource) else { return };
        let steps = &found.steps[usize::from(found.key.is_some()).min(found.steps.len())..];
        let addr = ResourceInstance {
            module: instance.clone(),
            resource: resource.clone(),
            key: found.key.clone(),
        };
        self.keep(addr, Path(steps.to_vec()));
        let name = match steps.first() {
            Some(Step::Attr(name)) => Some(name.clone()),
            _ => None,
        };
        let block = block.clone();
        match name {
            None => self.body(instance, &block, eval::references(&block.body)),
            Some(name) => {
                if let Some(attribute) = block.body.attribute(&name) {
                    let references = attribute.expr.references().iter().collect();
                    self.body(instance, &block, references);
                }
                for nested in block.body.blocks_of(&name) {
                    self.body(instance, &block, eval::references(&nested.body));
                }
            }
        }
    }
}

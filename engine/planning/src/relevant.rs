//! Which attributes a plan's changes were computed from, directly or not: drift of these explains the plan.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use infra_addrs::{ModuleInstance, Resource, ResourceInstance};
use infra_lang::config::{Config, Module, Output, Resource as Block};
use infra_lang::eval;
use infra_lang::syntax::{Located, Reference};
use infra_plan::{Action, OutputChange, ResourceChange};
use infra_value::{Path, Step, Str};

/// A reference with the module instance that it is seen from. The text of its steps makes it comparable.
type Seen<'c> = (ModuleInstance, &'c Reference, String);

/// The attributes, each once, sorted as they print.
pub(crate) fn relevant<'p>(
    config: &Config,
    changes: impl Iterator<Item = &'p ResourceChange>,
    outputs: &BTreeMap<Str, OutputChange>,
    inner: &[(ModuleInstance, &Output)],
) -> Vec<(ResourceInstance, Path)> {
    let mut search =
        Search { config, pending: Vec::new(), seen: HashSet::new(), found: BTreeMap::new() };
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

struct Search<'c> {
    config: &'c Config,
    pending: Vec<(ModuleInstance, &'c Located)>,
    seen: HashSet<Seen<'c>>,
    found: BTreeMap<String, (ResourceInstance, Path)>,
}

impl<'c> Search<'c> {
    fn refer(
        &mut self,
        module: &ModuleInstance,
        references: impl IntoIterator<Item = &'c Located>,
    ) {
        for found in references {
            let steps = Path(found.steps.clone()).to_string();
            if self.seen.insert((module.clone(), &found.reference, steps)) {
                self.pending.push((module.clone(), found));
            }
        }
    }

    /// What a block refers to; `count.index` and `each` lead on to what `count` and `for_each` refer to.
    fn body(&mut self, module: &ModuleInstance, block: &'c Block, references: Vec<&'c Located>) {
        let repeated =
            |found: &&Located| matches!(found.reference, Reference::Count(_) | Reference::Each(_));
        if references.iter().any(repeated) {
            for expr in block.count.iter().chain(&block.for_each) {
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
                        self.refer(&instance, local.expr.references());
                    }
                }
                Reference::Variable(name) => self.variable(&instance, name),
                Reference::Module(name) => self.module(module, &instance, name, found),
                Reference::Resource(resource) => self.resource(module, &instance, resource, found),
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
            self.refer(&parent, argument.expr.references());
        }
    }

    fn module(
        &mut self,
        module: &'c Module,
        instance: &ModuleInstance,
        name: &Str,
        found: &'c Located,
    ) {
        let Some(child) = module.children.get(name) else { return };
        let inner = instance.child(name, found.key.clone());
        let wanted = child
            .outputs
            .values()
            .filter(|output| found.attr.as_ref().is_none_or(|attr| *attr == output.name));
        for output in wanted {
            self.refer(&inner, output.expr.references());
        }
    }

    fn resource(
        &mut self,
        module: &'c Module,
        instance: &ModuleInstance,
        resource: &Resource,
        found: &'c Located,
    ) {
        let Some(block) = module.resources.get(resource) else { return };
        let steps = &found.steps[usize::from(found.key.is_some()).min(found.steps.len())..];
        let addr = ResourceInstance {
            module: instance.clone(),
            resource: resource.clone(),
            key: found.key.clone(),
        };
        self.keep(addr, Path(steps.to_vec()));
        let Some(Step::Attr(name)) = steps.first() else {
            return self.body(instance, block, eval::references(&block.body));
        };
        if let Some(attribute) = block.body.attribute(name) {
            let references = attribute.expr.references().iter().collect();
            self.body(instance, block, references);
        }
        for nested in block.body.blocks_of(name) {
            self.body(instance, block, eval::references(&nested.body));
        }
    }
}

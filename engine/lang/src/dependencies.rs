//! What depends on what in a configuration: a graph of its objects, not of their instances.
//!
//! Built straight from the configuration; it knows nothing of state.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;
use infra_addrs::{ConfigResource, InstanceKey, ModulePath, ProviderConfig};
use infra_graph::{Cycle, Graph};
use infra_value::Str;

use crate::config::{Check, Condition, Config, Module, Resource, Trigger};
use crate::eval;
use crate::syntax::{Expr, Located, Reference};

/// An object of a configuration, in whatever instances.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Node {
    /// An input variable of a module.
    Variable(ModulePath, Str),
    /// A local value.
    Local(ModulePath, Str),
    /// A module call: which instances it has.
    Call(ModulePath, Str),
    /// A provider configuration.
    Provider(ProviderConfig),
    /// A managed, data or ephemeral resource.
    Resource(ConfigResource),
    /// An action.
    Action(ConfigResource),
    /// The invocations that changes of a resource trigger.
    Triggers(ConfigResource),
    /// An output value of a module.
    Output(ModulePath, Str),
    /// All that is in a module, for what refers to the module as a whole.
    Close(ModulePath),
}

impl Node {
    /// The resource, if it is one.
    pub fn resource(&self) -> Option<&ConfigResource> {
        match self {
            Self::Resource(resource) => Some(resource),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |f: &mut fmt::Formatter<'_>, module: &ModulePath| {
            if module.is_root() { Ok(()) } else { write!(f, "{module}.") }
        };
        match self {
            Self::Variable(module, name) => {
                within(f, module).and_then(|()| write!(f, "var.{name}"))
            }
            Self::Local(module, name) => within(f, module).and_then(|()| write!(f, "local.{name}")),
            Self::Call(module, name) => within(f, module).and_then(|()| write!(f, "module.{name}")),
            Self::Provider(config) => write!(f, "{config}"),
            Self::Resource(found) | Self::Action(found) => write!(f, "{found}"),
            Self::Triggers(resource) => write!(f, "{resource} (actions)"),
            Self::Output(module, name) => {
                within(f, module).and_then(|()| write!(f, "output.{name}"))
            }
            Self::Close(module) => write!(f, "{module} (close)"),
        }
    }
}

/// The dependencies of every object of a configuration.
#[derive(Clone, Debug)]
pub struct Dependencies {
    /// Shared, since planning adds to its own.
    pub graph: Arc<Graph<Node>>,
    /// Each object after all that it depends on, or what has no order.
    pub order: Result<Vec<Node>, Vec<Cycle<Node>>>,
}

impl Dependencies {
    pub(crate) fn new(config: &Config) -> Self {
        let mut graph = Graph::new();
        for module in config.modules() {
            Builder { config, module, graph: &mut graph }.module();
        }
        let order = graph.order();
        Self { graph: Arc::new(graph), order }
    }
}

/// For each resource of an ordered graph the resources that it depends on, directly or through anything, sorted.
pub fn resource_dependencies(
    graph: &Graph<Node>,
    order: &[Node],
) -> BTreeMap<ConfigResource, Arc<[ConfigResource]>> {
    let mut resources: Vec<&ConfigResource> = order.iter().filter_map(Node::resource).collect();
    resources.sort_by_cached_key(ToString::to_string);
    let positions: HashMap<&ConfigResource, usize, RandomState> =
        resources.iter().enumerate().map(|(at, resource)| (*resource, at)).collect();
    let mut closures: HashMap<&Node, Arc<BTreeSet<usize>>, RandomState> = HashMap::default();
    let mut found = BTreeMap::new();
    for node in order {
        let mut closure: Option<Arc<BTreeSet<usize>>> = None;
        for dependency in graph.dependencies(node) {
            let inherited = closures.get(dependency).cloned().unwrap_or_default();
            let itself = dependency.resource().map(|resource| positions[resource]);
            closure = Some(match closure {
                None if itself.is_none_or(|resource| inherited.contains(&resource)) => inherited,
                closure => {
                    let mut joined = closure.unwrap_or_default();
                    let set = Arc::make_mut(&mut joined);
                    set.extend(&*inherited);
                    set.extend(itself);
                    joined
                }
            });
        }
        let closure = closure.unwrap_or_default();
        if let Some(resource) = node.resource() {
            let needed = closure.iter().map(|position| resources[*position].clone());
            found.insert(resource.clone(), needed.collect());
        }
        closures.insert(node, closure);
    }
    found
}

/// The resources nearest to a node on every path of its dependencies, sorted.
pub fn nearest_resources(graph: &Graph<Node>, node: &Node) -> BTreeSet<ConfigResource> {
    nearest(node, |node| graph.dependencies(node))
}

/// The resources nearest to a node on every path of what depends on it, sorted.
pub fn nearest_dependents(graph: &Graph<Node>, node: &Node) -> BTreeSet<ConfigResource> {
    nearest(node, |node| graph.dependents(node))
}

/// What the assertions of a check look at.
pub fn looked_at(module: &Module, check: &Check) -> Vec<Node> {
    let path = &module.path;
    let named = check.asserts.iter().flat_map(Condition::references);
    named
        .flat_map(|found| match &found.reference {
            Reference::Variable(name) => vec![Node::Variable(path.clone(), name.clone())],
            Reference::Local(name) => vec![Node::Local(path.clone(), name.clone())],
            Reference::Resource(resource) => vec![Node::Resource(ConfigResource {
                module: path.clone(),
                resource: resource.clone(),
            })],
            Reference::Module(name) => {
                let outputs = |child: &Module| -> Vec<Node> {
                    let names = child.outputs.keys();
                    names.map(|name| Node::Output(child.path.clone(), name.clone())).collect()
                };
                module.children.get(name).map(outputs).unwrap_or_default()
            }
            _ => Vec::new(),
        })
        .collect()
}

/// The resources of which a resource or an output value needs certain instances alone, and their keys: it names them, and
/// nothing else that it depends on leads there.
pub fn named_instances(
    config: &Config,
    node: &Node,
) -> BTreeMap<ConfigResource, BTreeSet<InstanceKey>> {
    let (path, values) = match node {
        Node::Resource(addr) => {
            let Some(block) = config.resource(addr) else { return BTreeMap::new() };
            let body = eval::references(&block.body);
            (&addr.module, body.into_iter().chain(around(block)).collect::<Vec<_>>())
        }
        Node::Output(path, name) => {
            let output = config.module(path).and_then(|module| module.outputs.get(name));
            let Some(output) = output else { return BTreeMap::new() };
            let conditions = output.preconditions.iter().flat_map(Condition::references);
            let around = conditions.chain(&output.depends_on.references);
            (path, output.expr.references().iter().chain(around).collect())
        }
        _ => return BTreeMap::new(),
    };
    if values.iter().all(|found| found.key.is_none()) {
        return BTreeMap::new();
    }
    let resource = |found: &Located| match &found.reference {
        Reference::Resource(resource) => {
            Some(ConfigResource { module: path.clone(), resource: resource.clone() })
        }
        _ => None,
    };
    let mut named: BTreeMap<ConfigResource, BTreeSet<InstanceKey>> = BTreeMap::new();
    for found in &values {
        if let (Some(resource), Some(key)) = (resource(found), &found.key) {
            named.entry(resource).or_default().insert(key.clone());
        }
    }
    let whole = values.into_iter().filter(|found| found.key.is_none());
    whole.filter_map(resource).for_each(|resource| drop(named.remove(&resource)));
    let graph = &config.dependencies().graph;
    for other in graph.dependencies(node) {
        if other.resource().is_none() && !named.is_empty() {
            for resource in nearest_resources(graph, other) {
                named.remove(&resource);
            }
        }
    }
    named
}

/// What a resource refers to outside of its arguments.
fn around(block: &Resource) -> Vec<&Located> {
    let conditions = block.lifecycle.conditions();
    let mut found: Vec<&Located> = conditions.flat_map(Condition::references).collect();
    found.extend(&block.depends_on.references);
    let repeated = block.count.iter().chain(&block.for_each).chain(&block.provider_key);
    let expressions = repeated.chain(&block.lifecycle.replace_triggered_by);
    found.extend(expressions.flat_map(Expr::references));
    for provisioner in &block.provisioners {
        found.extend(eval::references(&provisioner.body));
    }
    found
}

/// The first resource on every path that `next` leads along.
fn nearest<'g>(node: &Node, next: impl Fn(&Node) -> Vec<&'g Node>) -> BTreeSet<ConfigResource> {
    let mut pending = next(node);
    let mut seen: BTreeSet<&Node> = pending.iter().copied().collect();
    let mut found = BTreeSet::new();
    while let Some(node) = pending.pop() {
        match node {
            Node::Resource(resource) => {
                found.insert(resource.clone());
            }
            other => pending.extend(next(other).into_iter().filter(|found| seen.insert(found))),
        }
    }
    found
}

struct Builder<'a> {
    config: &'a Config,
    module: &'a Module,
    graph: &'a mut Graph<Node>,
}

impl Builder<'_> {
    fn module(&mut self) {
        let module = self.module;
        let path = &module.path;
        let own_call = path.parent().map(|(parent, name)| Node::Call(parent, name.clone()));
        for name in module.variables.keys() {
            let node = Node::Variable(path.clone(), name.clone());
            self.graph.add(node.clone());
            self.input(&node, name);
            for validation in &module.variables[name].validations {
                let own = Reference::Variable(name.clone());
                let others = validation.references().filter(|found| found.reference != own);
                self.refer(&node, others);
            }
        }
        for (name, local) in &module.locals {
            let node = Node::Local(path.clone(), name.clone());
            self.graph.add(node.clone());
            self.refer(&node, local.expr.references());
            self.after(&node, own_call.as_ref());
        }
        for (name, output) in &module.outputs {
            let node = Node::Output(path.clone(), name.clone());
            self.graph.add(node.clone());
            self.refer(&node, output.expr.references());
            self.refer(&node, &output.depends_on.references);
            self.conditions(&node, &output.preconditions);
            self.after(&node, own_call.as_ref());
        }
        for (name, call) in &module.calls {
            let node = Node::Call(path.clone(), name.clone());
            self.graph.add(node.clone());
            self.repeated(&node, call.count.as_ref(), call.for_each.as_ref());
            // What a call depends on, all that is inside depends on.
            self.refer(&node, &call.depends_on.references);
            self.after(&node, own_call.as_ref());
        }
        for ((name, alias), block) in &module.providers {
            let provider = module.provider_source(name);
            let node = Node::Provider(ProviderConfig {
                module: path.clone(),
                provider,
                alias: alias.clone(),
                key: None,
            });
            self.graph.add(node.clone());
            self.repeated(&node, None, block.for_each.as_ref());
            self.refer(&node, eval::references(&block.body));
        }
        for resource in module.resources.values() {
            self.resource(resource, own_call.as_ref());
        }
        for action in module.actions.values() {
            self.action(action, own_call.as_ref());
        }
        // What names an object that is imported must be known before the resource is planned.
        for import in &module.imports {
            let Some(resource) = import.resource() else { continue };
            let known = self.config.resource(resource).is_some();
            if known {
                let node = Node::Resource(resource.clone());
                let parts = [&import.id, &import.identity, &import.for_each];
                for expr in parts.into_iter().flatten() {
                    self.refer(&node, expr.references());
                }
            }
        }
    }

    fn resource(&mut self, resource: &Resource, own_call: Option<&Node>) {
        let addr =
            ConfigResource { module: self.module.path.clone(), resource: resource.addr.clone() };
        let node = Node::Resource(addr);
        self.graph.add(node.clone());
        self.after(&node, own_call);
        let provider = self.config.provider_of(&self.module.path, resource);
        self.graph.depend(node.clone(), Node::Provider(provider));
        for found in &resource.stand_ins {
            self.graph.depend(node.clone(), Node::Provider(found.config()));
        }
        self.repeated(&node, None, resource.provider_key.as_ref());
        self.repeated(&node, resource.count.as_ref(), resource.for_each.as_ref());
        let listing = &resource.listing;
        self.repeated(&node, listing.limit.as_ref(), listing.include_resource.as_ref());
        self.refer(&node, eval::references(&resource.body));
        self.refer(&node, &resource.depends_on.references);
        self.conditions(&node, &resource.lifecycle.preconditions);
        self.conditions(&node, &resource.lifecycle.postconditions);
        for trigger in &resource.lifecycle.replace_triggered_by {
            self.refer(&node, trigger.references());
        }
        if let Node::Resource(addr) = &node {
            self.triggers(addr, &resource.lifecycle.triggers);
        }
        for provisioner in resource.provisioners.iter().filter(|provisioner| !provisioner.destroy) {
            self.refer(&node, eval::references(&provisioner.body));
            if let Some(connection) = provisioner.connection(resource.connection.as_ref()) {
                self.refer(&node, eval::references(&connection));
            }
        }
    }

    fn action(&mut self, action: &Resource, own_call: Option<&Node>) {
        let path = self.module.path.clone();
        let node = Node::Action(ConfigResource { module: path, resource: action.addr.clone() });
        self.graph.add(node.clone());
        self.after(&node, own_call);
        let provider = self.config.provider_of(&self.module.path, action);
        self.graph.depend(node.clone(), Node::Provider(provider));
        for found in &action.stand_ins {
            self.graph.depend(node.clone(), Node::Provider(found.config()));
        }
        self.repeated(&node, None, action.provider_key.as_ref());
        self.repeated(&node, action.count.as_ref(), action.for_each.as_ref());
        self.refer(&node, eval::references(&action.body));
    }

    /// What actions need, those that a change waits for need before it.
    fn triggers(&mut self, addr: &ConfigResource, triggers: &[Trigger]) {
        let resource = Node::Resource(addr.clone());
        let node = Node::Triggers(addr.clone());
        if !triggers.is_empty() {
            self.graph.depend(node.clone(), resource.clone());
        }
        for trigger in triggers {
            let waiting = trigger.is_before().then_some(&resource);
            for dependent in waiting.into_iter().chain([&node]) {
                self.refer(dependent, trigger.references());
                for found in &trigger.actions {
                    if self.module.actions.contains_key(&found.action) {
                        let (module, resource) = (addr.module.clone(), found.action.clone());
                        let action = Node::Action(ConfigResource { module, resource });
                        self.graph.depend(dependent.clone(), action);
                    }
                }
            }
        }
    }

    /// A variable of a called module depends on what the call passes.
    fn input(&mut self, node: &Node, name: &Str) {
        let Some((parent, call_name)) = self.module.path.parent() else { return };
        let Some(caller) = self.config.module(&parent) else { return };
        let Some(call) = caller.calls.get(call_name) else { return };
        self.graph.depend(node.clone(), Node::Call(parent, call_name.clone()));
        if let Some(argument) = call.body.attribute(name) {
            let references = argument.expr.references().to_vec();
            Builder { config: self.config, module: caller, graph: self.graph }
                .refer(node, &references);
        }
    }

    fn after(&mut self, node: &Node, other: Option<&Node>) {
        if let Some(other) = other {
            self.graph.depend(node.clone(), other.clone());
        }
    }

    fn repeated(&mut self, node: &Node, count: Option<&Expr>, for_each: Option<&Expr>) {
        for expr in count.into_iter().chain(for_each) {
            self.refer(node, expr.references());
        }
    }

    fn conditions(&mut self, node: &Node, conditions: &[Condition]) {
        for condition in conditions {
            self.refer(node, condition.references());
        }
    }

    fn refer<'r>(&mut self, node: &Node, references: impl IntoIterator<Item = &'r Located>) {
        let module = self.module;
        let path = &module.path;
        for found in references {
            match &found.reference {
                Reference::Variable(name) if module.variables.contains_key(name) => {
                    self.graph.depend(node.clone(), Node::Variable(path.clone(), name.clone()));
                }
                Reference::Local(name) if module.locals.contains_key(name) => {
                    self.graph.depend(node.clone(), Node::Local(path.clone(), name.clone()));
                }
                Reference::Resource(resource) if module.resources.contains_key(resource) => {
                    let resource =
                        ConfigResource { module: path.clone(), resource: resource.clone() };
                    self.graph.depend(node.clone(), Node::Resource(resource));
                }
                Reference::Module(name) => self.refer_module(node, name, found.attr.as_ref()),
                _ => {}
            }
        }
    }

    /// A reference to a module is one to its output; without an output it is one to everything inside.
    fn refer_module(&mut self, node: &Node, name: &Str, output: Option<&Str>) {
        let Some(child) = self.module.children.get(name) else { return };
        self.graph.depend(node.clone(), Node::Call(self.module.path.clone(), name.clone()));
        if let Some(output) = output.filter(|output| child.outputs.contains_key(*output)) {
            self.graph.depend(node.clone(), Node::Output(child.path.clone(), output.clone()));
            return;
        }
        self.close(child);
        self.graph.depend(node.clone(), Node::Close(child.path.clone()));
    }

    /// What a module ends with: once, and only where something waits for it.
    fn close(&mut self, module: &Module) {
        let path = &module.path;
        let node = Node::Close(path.clone());
        if self.graph.contains(&node) {
            return;
        }
        self.graph.add(node.clone());
        let named =
            |make: fn(ModulePath, Str) -> Node| move |name: &Str| make(path.clone(), name.clone());
        let variables = module.variables.keys().map(named(Node::Variable));
        let locals = module.locals.keys().map(named(Node::Local));
        let outputs = module.outputs.keys().map(named(Node::Output));
        let resources = module.resources.keys().map(|resource| {
            Node::Resource(ConfigResource { module: path.clone(), resource: resource.clone() })
        });
        let own_call = path.parent().map(|(parent, name)| Node::Call(parent, name.clone()));
        for inside in variables.chain(locals).chain(outputs).chain(resources).chain(own_call) {
            self.graph.depend(node.clone(), inside);
        }
        for child in module.children.values() {
            self.close(child);
            self.graph.depend(node.clone(), Node::Close(child.path.clone()));
        }
    }
}

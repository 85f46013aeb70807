//! Runs that are limited to some resources with `-target`, or leave some out with `-exclude`.

use std::collections::BTreeSet;

use infra_addrs::{ConfigResource, ResourceInstance, Target};
use infra_diag::Diagnostic;
use infra_graph::Graph;
use infra_lang::dependencies::Node;
use infra_plan::Mode;
use infra_state::State;

use crate::diagnostics;
use crate::moves::Moves;

/// What a run is about.
pub(crate) struct Targets {
    targets: Vec<Target>,
    excludes: Vec<Target>,
    mode: Mode,
    /// The resources that the run is about, with all that they need; nothing if it is about everything.
    resources: Option<BTreeSet<ConfigResource>>,
    /// The resources of which it invokes the actions that they trigger.
    triggering: BTreeSet<ConfigResource>,
}

impl Targets {
    /// In destroy mode what depends on a target goes too, else what it depends on comes along.
    pub(crate) fn new(
        targets: Vec<Target>,
        excludes: Vec<Target>,
        mode: Mode,
        graph: &Graph<Node>,
        state: &State,
    ) -> Self {
        if targets.is_empty() && excludes.is_empty() {
            let triggering = BTreeSet::new();
            return Self { targets, excludes, mode, resources: None, triggering };
        }
        // Objects may depend on what the configuration does not say any more.
        let mut graph = graph.clone();
        for (addr, _, found) in state.instances() {
            let node = Node::Resource(addr.config());
            let close = Node::Close(addr.module.module());
            let orphan = !graph.contains(&node);
            graph.add(node.clone());
            if orphan && mode != Mode::Destroy && graph.contains(&close) {
                graph.depend(close, node.clone());
            }
            let objects = found.current.iter().chain(found.deposed.values());
            for object in objects.filter(|_| mode == Mode::Destroy) {
                for needed in &object.dependencies {
                    graph.depend(node.clone(), Node::Resource(needed.clone()));
                }
            }
        }
        let named = |names: &[Target], whole: bool| -> Vec<Node> {
            let fits = |resource: &ConfigResource| {
                names.iter().any(|name| name.covers(resource) && !(whole && name.keyed()))
            };
            let nodes = graph.nodes().filter(|node| match node {
                Node::Resource(resource) => fits(resource),
                _ => false,
            });
            nodes.cloned().collect()
        };
        let all: Vec<Node> = graph.nodes().cloned().collect();
        let mut chosen = if targets.is_empty() { all } else { named(&targets, false) };
        if mode == Mode::Destroy {
            // What is not there takes nothing along.
            let there: BTreeSet<Node> =
                state.instances().map(|(addr, ..)| Node::Resource(addr.config())).collect();
            chosen.retain(|node| there.contains(node));
        }
        if mode == Mode::Normal {
            add_triggers(&graph, &mut chosen);
        }
        let reached = match mode {
            Mode::Destroy => graph.with_dependents(&chosen),
            Mode::Normal | Mode::RefreshOnly => graph.with_dependencies(&chosen),
        };
        let left_out = named(&excludes, true);
        let left_out = match mode {
            Mode::Destroy => graph.with_dependencies(&left_out),
            Mode::Normal | Mode::RefreshOnly => graph.with_dependents(&left_out),
        };
        let (mut resources, mut triggering) = (BTreeSet::new(), BTreeSet::new());
        for node in reached.difference(&left_out) {
            match node {
                Node::Resource(resource) => resources.insert(resource.clone()),
                Node::Triggers(resource) => triggering.insert(resource.clone()),
                _ => false,
            };
        }
        Self { targets, excludes, mode, resources: Some(resources), triggering }
    }

    /// What certain nodes need, and nothing else.
    pub(crate) fn needed(graph: &Graph<Node>, by: &[Node]) -> Self {
        let needed = graph.with_dependencies(by);
        let resources = needed.into_iter().filter_map(Node::resource).cloned().collect();
        Self {
            targets: Vec::new(),
            excludes: Vec::new(),
            mode: Mode::RefreshOnly,
            resources: Some(resources),
            triggering: BTreeSet::new(),
        }
    }

    /// The addresses as they were given.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let excludes = self.excludes.iter().map(|name| format!("-{name}"));
        self.targets.iter().map(ToString::to_string).chain(excludes).collect()
    }

    /// What is wrong if objects have moved to or from where no target is.
    pub(crate) fn split_moves(&self, moves: &Moves) -> Option<Diagnostic> {
        if self.targets.is_empty() {
            return None;
        }
        let both = moves.from.iter().flat_map(|(to, from)| [from, to]);
        let left: BTreeSet<&ResourceInstance> =
            both.filter(|addr| !self.targets.iter().any(|target| target.chooses(addr))).collect();
        (!left.is_empty()).then(|| diagnostics::moves_not_targeted(&left))
    }

    /// Whether the run is about everything.
    pub(crate) fn everything(&self) -> bool {
        self.resources.is_none()
    }

    /// Whether the run is about a resource, or needs it.
    pub(crate) fn resource(&self, resource: &ConfigResource) -> bool {
        self.resources.as_ref().is_none_or(|resources| resources.contains(resource))
    }

    /// Whether the run invokes the actions that a resource triggers.
    pub(crate) fn triggers(&self, resource: &ConfigResource) -> bool {
        self.everything() || self.triggering.contains(resource)
    }

    /// Whether the run is about an instance, or needs it. Where a target names the resource, only instances that it names.
    pub(crate) fn instance(&self, addr: &ResourceInstance) -> bool {
        self.is_about(addr, Target::chooses)
    }

    /// The same for what is left of a module instance that is gone: as in Terraform, a module without a key stands for it too.
    pub(crate) fn leftover(&self, addr: &ResourceInstance) -> bool {
        self.is_about(addr, Target::contains)
    }

    fn is_about(
        &self,
        addr: &ResourceInstance,
        names: impl Fn(&Target, &ResourceInstance) -> bool,
    ) -> bool {
        if self.everything() {
            return true;
        }
        let resource = addr.config();
        let mut naming = self.targets.iter().filter(|target| target.covers(&resource)).peekable();
        let chosen = match naming.peek() {
            Some(_) => naming.any(|target| names(target, addr)),
            None => {
                self.targets.is_empty()
                    || self.targets.iter().any(|target| self.leads(target, addr))
            }
        };
        self.resource(&resource)
            && chosen
            && !self.excludes.iter().any(|exclude| exclude.chooses(addr))
    }

    /// Whether the run is about everything, or names an instance, be it in the configuration or not.
    pub(crate) fn names_instance(&self, addr: &ResourceInstance) -> bool {
        (self.targets.is_empty() || self.targets.iter().any(|target| target.chooses(addr)))
            && !self.excludes.iter().any(|exclude| exclude.chooses(addr))
    }

    /// Whether an instance may be what a target takes along: what goes with one instance of a module is not in another.
    fn leads(&self, target: &Target, addr: &ResourceInstance) -> bool {
        let (from, to) = (&target.module, &addr.module);
        let within = to.module().0.starts_with(&from.module().0);
        let mut keys = from.0.iter().zip(to.0.iter());
        let same = keys.all(|((_, wanted), (_, key))| wanted.is_none() || wanted == key);
        self.mode != Mode::Destroy || !within || same
    }
}

/// Adds the actions that changes of the chosen nodes trigger, and of what they need.
fn add_triggers(graph: &Graph<Node>, chosen: &mut Vec<Node>) {
    loop {
        let reached = graph.with_dependencies(&*chosen);
        let triggers = reached.iter().filter_map(|node| node.resource().cloned());
        let triggers = triggers.map(Node::Triggers);
        let more: Vec<Node> =
            triggers.filter(|node| graph.contains(node) && !reached.contains(node)).collect();
        if more.is_empty() {
            return;
        }
        chosen.extend(more);
    }
}

//! Which objects are replaced by making the new one first.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ConfigResource, InstanceKey, ResourceInstance};
use infra_graph::Graph;
use infra_lang::config::Config;
use infra_lang::dependencies::{Node, named_instances, nearest_dependents};

use crate::targets::Targets;

/// The resources that say `create_before_destroy`, and all that they depend on: those must be made first too, or else the
/// order would be a circle.
pub(crate) struct CreateBeforeDestroy {
    planned: BTreeSet<ConfigResource>,
    made: BTreeMap<ConfigResource, Instances>,
}

/// Instances of a resource: these, or all.
enum Instances {
    Some(BTreeSet<InstanceKey>),
    All,
}

impl CreateBeforeDestroy {
    pub(crate) fn new(config: &Config, graph: &Graph<Node>, targets: &Targets) -> Self {
        let declared = declared(config);
        let targeted = declared
            .iter()
            .filter(|node| node.resource().is_some_and(|resource| targets.resource(resource)));
        let planned = resources(graph.with_dependencies(targeted));
        let reached = resources(graph.with_dependencies(&declared));
        let made = reached.iter().map(|resource| {
            let node = Node::Resource(resource.clone());
            let instances = match declared.contains(&node) {
                true => Instances::All,
                false => needed(config, graph, &node, &reached),
            };
            (resource.clone(), instances)
        });
        Self { planned, made: made.collect() }
    }

    /// Whether the plan makes the replacements of a resource first. As in Terraform, what is not targeted has no say in it.
    pub(crate) fn orders(&self, resource: &ConfigResource) -> bool {
        self.planned.contains(resource)
    }

    /// Whether the state says it of an object that is made. As in Terraform, all of the configuration has a say in it, and
    /// where others name instances, it is said of no more than those.
    pub(crate) fn made(&self, addr: &ResourceInstance) -> bool {
        match (self.made.get(&addr.config()), &addr.key) {
            (Some(Instances::Some(keys)), Some(key)) => keys.contains(key),
            (found, _) => found.is_some(),
        }
    }
}

/// The resources that say it themselves.
fn declared(config: &Config) -> BTreeSet<Node> {
    let mut declared = BTreeSet::new();
    for module in config.modules() {
        for resource in module.resources.values() {
            if resource.lifecycle.create_before_destroy == Some(true) {
                declared.insert(Node::Resource(ConfigResource {
                    module: module.path.clone(),
                    resource: resource.addr.clone(),
                }));
            }
        }
    }
    declared
}

/// The instances of a resource that others need.
fn needed(
    config: &Config,
    graph: &Graph<Node>,
    node: &Node,
    others: &BTreeSet<ConfigResource>,
) -> Instances {
    let mut needed = BTreeSet::new();
    for other in nearest_dependents(graph, node).intersection(others) {
        let mut named = named_instances(config, &Node::Resource(other.clone()));
        match node.resource().and_then(|resource| named.remove(resource)) {
            Some(keys) => needed.extend(keys),
            None => return Instances::All,
        }
    }
    Instances::Some(needed)
}

fn resources(nodes: BTreeSet<&Node>) -> BTreeSet<ConfigResource> {
    nodes.into_iter().filter_map(|node| node.resource().cloned()).collect()
}

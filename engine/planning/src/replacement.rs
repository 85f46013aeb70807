//! Which resources are replaced by making the new object first.

use std::collections::BTreeSet;

use infra_addrs::ConfigResource;
use infra_graph::Graph;
use infra_lang::config::Config;
use infra_lang::dependencies::Node;

use crate::targets::Targets;

/// The targeted resources that say `create_before_destroy`, and all that they depend on: those must be made first too, or
/// else the order would be a circle.
pub(crate) fn create_before_destroy(
    config: &Config,
    graph: &Graph<Node>,
    targets: &Targets,
) -> BTreeSet<ConfigResource> {
    let mut declared = Vec::new();
    for module in config.modules() {
        for resource in module.resources.values() {
            if resource.lifecycle.create_before_destroy == Some(true) {
                let addr =
                    ConfigResource { module: module.path.clone(), resource: resource.addr.clone() };
                if targets.resource(&addr) {
                    declared.push(Node::Resource(addr));
                }
            }
        }
    }
    let reached = graph.with_dependencies(&declared);
    let resources = reached.into_iter().filter_map(|node| match node {
        Node::Resource(resource) => Some(resource.clone()),
        _ => None,
    });
    resources.collect()
}

//! Graphs, drawn: as DOT for Graphviz, as Mermaid for web pages, and as SVG laid out by us.

mod dot;
mod mermaid;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

use infra_engine::graph::{Cycle, Graph};
use infra_engine::lang::dependencies::Node;
use infra_engine::state::State;

use crate::commands::graph::Format;

/// What is drawn.
#[derive(Default)]
pub(crate) struct Drawing {
    /// By name.
    pub(crate) nodes: BTreeMap<String, Place>,
    /// From what depends to what it depends on.
    pub(crate) edges: BTreeSet<(String, String)>,
    /// The edges of cycles.
    pub(crate) marked: BTreeSet<(String, String)>,
    /// Not resources alone.
    pub(crate) detailed: bool,
}

/// How a node is drawn.
pub(crate) struct Place {
    /// What is written in it.
    pub(crate) label: String,
    /// The module it is in; empty for the root module.
    pub(crate) module: String,
    /// Its shape in DOT.
    pub(crate) shape: &'static str,
}

impl Drawing {
    /// The resources, and which of them need which directly.
    pub(crate) fn of_resources(graph: &Graph<Node>) -> Self {
        let mut drawing = Self::default();
        for node in graph.nodes() {
            let Node::Resource(resource) = node else { continue };
            drawing.nodes.insert(
                node.to_string(),
                Place {
                    label: resource.resource.to_string(),
                    module: resource.module.to_string(),
                    shape: "box",
                },
            );
            let near = nearest(graph, node);
            let far: BTreeSet<&Node> = near
                .iter()
                .flat_map(|found| {
                    let mut reached = graph.with_dependencies([*found]);
                    reached.remove(found);
                    reached
                })
                .collect();
            let direct = near.iter().filter(|found| !far.contains(*found));
            drawing.edges.extend(direct.map(|found| (node.to_string(), found.to_string())));
        }
        drawing
    }

    /// All objects. Destroying goes the other way round.
    pub(crate) fn of_all(graph: &Graph<Node>, reversed: bool) -> Self {
        let mut drawing = Self { detailed: true, ..Self::default() };
        for node in graph.nodes() {
            let (module, shape) = match node {
                Node::Variable(module, _) => (module.to_string(), "note"),
                Node::Provider(config) => (config.module.to_string(), "diamond"),
                Node::Resource(found) | Node::Action(found) => (found.module.to_string(), "box"),
                Node::Triggers(found) => (found.module.to_string(), "ellipse"),
                Node::Local(module, _)
                | Node::Call(module, _)
                | Node::Output(module, _)
                | Node::Close(module) => (module.to_string(), "ellipse"),
            };
            let name = node.to_string();
            drawing.nodes.insert(name.clone(), Place { label: name.clone(), module, shape });
            for found in graph.dependencies(node) {
                let edge = (name.clone(), found.to_string());
                drawing.edges.insert(if reversed { (edge.1, edge.0) } else { edge });
            }
        }
        drawing
    }

    /// Marks the edges of a cycle.
    pub(crate) fn mark(&mut self, cycle: &Cycle<Node>) {
        for (position, node) in cycle.circle.iter().enumerate() {
            let next = &cycle.circle[(position + 1) % cycle.circle.len()];
            self.marked.insert((node.to_string(), next.to_string()));
        }
    }

    /// Adds the resources that only the state knows.
    pub(crate) fn add_state(&mut self, state: &State) {
        for (module, resource) in state.resources.keys() {
            let module = module.module().to_string();
            let name = if module.is_empty() {
                resource.to_string()
            } else {
                format!("{module}.{resource}")
            };
            let place = Place { label: resource.to_string(), module, shape: "box" };
            self.nodes.entry(name).or_insert(place);
        }
    }
}

/// The resources that one needs, straight or by way of variables, locals and outputs.
fn nearest<'g>(graph: &'g Graph<Node>, node: &'g Node) -> BTreeSet<&'g Node> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::from([node]));
    let mut pending = graph.dependencies(node);
    while let Some(next) = pending.pop() {
        if !seen.insert(next) {
            continue;
        }
        match next {
            Node::Resource(_) => {
                found.insert(next);
            }
            Node::Provider(_) => {}
            _ => pending.extend(graph.dependencies(next)),
        }
    }
    found
}

/// The drawing in a language.
pub(crate) fn drawn(drawing: &Drawing, format: Format) -> String {
    match format {
        Format::Dot if drawing.detailed => dot::detailed(drawing),
        Format::Dot => dot::resources(drawing),
        Format::Mermaid => mermaid::flowchart(drawing),
        Format::Svg => svg::layered(drawing),
    }
}

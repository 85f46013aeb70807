//! A directed graph of dependencies: build it, find cycles, walk it in order, print it.
//!
//! It knows nothing of what its nodes mean. The same nodes and edges give the same order, whatever the order in which
//! they were added.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Display};
use std::hash::Hash;

use foldhash::fast::RandomState;
use petgraph::graph::{DiGraph, NodeIndex};

/// Nodes of type `N` and what each depends on.
#[derive(Clone, Debug)]
pub struct Graph<N> {
    graph: DiGraph<N, ()>,
    /// Only looked up, never walked through: its order is none.
    indices: HashMap<N, NodeIndex, RandomState>,
}

/// Nodes that all depend on each other, directly or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle<N> {
    /// All of them: those that a walk from the least one meets, the last one first.
    pub nodes: Vec<N>,
    /// A shortest circle through the least one: each depends on the next, the last on the first.
    pub circle: Vec<N>,
}

impl<N> Default for Graph<N> {
    fn default() -> Self {
        Self { graph: DiGraph::new(), indices: HashMap::default() }
    }
}

impl<N: Ord + Hash + Clone> Graph<N> {
    /// A graph without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node, unless it is there already.
    pub fn add(&mut self, node: N) {
        self.index(node);
    }

    /// Records that `node` depends on `dependency`; adds both where they are missing. A node never depends on itself.
    pub fn depend(&mut self, node: N, dependency: N) {
        let from = self.index(node);
        let to = self.index(dependency);
        if from != to {
            // An edge may be there twice: looking for it would take longer than walking it twice.
            self.graph.add_edge(from, to, ());
        }
    }

    fn index(&mut self, node: N) -> NodeIndex {
        if let Some(index) = self.indices.get(&node) {
            return *index;
        }
        let index = self.graph.add_node(node.clone());
        self.indices.insert(node, index);
        index
    }

    /// Whether the node is there.
    pub fn contains(&self, node: &N) -> bool {
        self.indices.contains_key(node)
    }

    /// All nodes, sorted.
    pub fn nodes(&self) -> impl Iterator<Item = &N> {
        self.sorted().into_iter().map(|index| &self.graph[index])
    }

    fn sorted(&self) -> Vec<NodeIndex> {
        let mut sorted: Vec<NodeIndex> = self.graph.node_indices().collect();
        sorted.sort_by(|a, b| self.graph[*a].cmp(&self.graph[*b]));
        sorted
    }

    /// What a node depends on directly, sorted.
    pub fn dependencies(&self, node: &N) -> Vec<&N> {
        self.neighbours(node, petgraph::Outgoing)
    }

    /// What depends on a node directly, sorted.
    pub fn dependents(&self, node: &N) -> Vec<&N> {
        self.neighbours(node, petgraph::Incoming)
    }

    fn neighbours(&self, node: &N, direction: petgraph::Direction) -> Vec<&N> {
        let Some(index) = self.indices.get(node) else { return Vec::new() };
        let mut found: Vec<&N> = self
            .graph
            .neighbors_directed(*index, direction)
            .map(|other| &self.graph[other])
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Everything that the given nodes depend on, directly or not, and the nodes themselves.
    pub fn with_dependencies<'a>(
        &'a self,
        nodes: impl IntoIterator<Item = &'a N>,
    ) -> BTreeSet<&'a N> {
        self.reach(nodes, petgraph::Outgoing)
    }

    /// Everything that depends on the given nodes, directly or not, and the nodes themselves.
    pub fn with_dependents<'a>(
        &'a self,
        nodes: impl IntoIterator<Item = &'a N>,
    ) -> BTreeSet<&'a N> {
        self.reach(nodes, petgraph::Incoming)
    }

    fn reach<'a>(
        &'a self,
        nodes: impl IntoIterator<Item = &'a N>,
        direction: petgraph::Direction,
    ) -> BTreeSet<&'a N> {
        let mut pending: Vec<NodeIndex> =
            nodes.into_iter().filter_map(|node| self.indices.get(node)).copied().collect();
        let mut seen = vec![false; self.graph.node_count()];
        let mut found = BTreeSet::new();
        while let Some(index) = pending.pop() {
            if std::mem::replace(&mut seen[index.index()], true) {
                continue;
            }
            found.insert(&self.graph[index]);
            pending.extend(self.graph.neighbors_directed(index, direction));
        }
        found
    }

    /// The nodes so that each comes after all that it depends on; among those that could come next, the least first.
    ///
    /// # Errors
    /// The cycles, if there are any, each with all its steps.
    pub fn order(&self) -> Result<Vec<N>, Vec<Cycle<N>>> {
        let mut walk = Walk::new(self);
        let mut order = Vec::with_capacity(self.indices.len());
        while let Some(position) = walk.ready.pop_first() {
            walk.finish(position);
            order.push(walk.node(position).clone());
        }
        if order.len() == self.indices.len() { Ok(order) } else { Err(self.cycles()) }
    }

    /// Every group of nodes that depend on each other.
    pub fn cycles(&self) -> Vec<Cycle<N>> {
        let groups = petgraph::algo::tarjan_scc(&self.graph);
        let mut cycles: Vec<Cycle<N>> = groups
            .into_iter()
            .filter(|group| group.len() > 1)
            .filter_map(|group| {
                let start = group.iter().copied().min_by_key(|index| &self.graph[*index])?;
                let inside: BTreeSet<NodeIndex> = group.into_iter().collect();
                let named = |found: Vec<NodeIndex>| {
                    found.into_iter().map(|index| self.graph[index].clone()).collect()
                };
                Some(Cycle {
                    nodes: named(self.met(start, &inside)),
                    circle: named(self.circle(start, &inside)),
                })
            })
            .collect();
        cycles.sort_by(|a, b| a.circle.cmp(&b.circle));
        cycles
    }

    /// What a node depends on inside of a group, sorted.
    fn next_inside(&self, index: NodeIndex, inside: &BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
        let mut next: Vec<NodeIndex> =
            self.graph.neighbors(index).filter(|to| inside.contains(to)).collect();
        next.sort_by_key(|index| &self.graph[*index]);
        next
    }

    /// The nodes of a group as a walk in depth from `start` meets them, the last one first.
    fn met(&self, start: NodeIndex, inside: &BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
        let mut met = Vec::new();
        let mut seen = BTreeSet::new();
        let mut pending = vec![start];
        while let Some(index) = pending.pop() {
            if seen.insert(index) {
                met.push(index);
                pending.extend(self.next_inside(index, inside).into_iter().rev());
            }
        }
        met.reverse();
        met
    }

    /// A shortest circle from `start` through a strongly connected group.
    fn circle(&self, start: NodeIndex, inside: &BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
        let mut came_from: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut pending = std::collections::VecDeque::from([start]);
        while let Some(index) = pending.pop_front() {
            for to in self.next_inside(index, inside) {
                if to == start {
                    let mut steps = vec![index];
                    while let Some(before) = came_from.get(&steps[steps.len() - 1]) {
                        steps.push(*before);
                    }
                    steps.reverse();
                    return steps;
                }
                if let std::collections::btree_map::Entry::Vacant(e) = came_from.entry(to) {
                    e.insert(index);
                    pending.push_back(to);
                }
            }
        }
        Vec::new()
    }
}

/// One line a node, sorted: `node <- dependency, dependency`.
impl<N: Ord + Hash + Clone + Display> Display for Graph<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for node in self.nodes() {
            write!(f, "{node}")?;
            for (position, dependency) in self.dependencies(node).into_iter().enumerate() {
                write!(f, "{}{dependency}", if position == 0 { " <- " } else { ", " })?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A walk through a graph in which several nodes may be under way at once: take nodes with `next`, and report each that
/// is finished with `done`.
#[derive(Debug)]
pub struct Walk<'g, N> {
    graph: &'g Graph<N>,
    /// Nodes are known by their positions in this order.
    sorted: Vec<NodeIndex>,
    position_of: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    missing: Vec<usize>,
    ready: BTreeSet<usize>,
}

impl<'g, N: Ord + Hash + Clone> Walk<'g, N> {
    /// A walk that has not begun.
    pub fn new(graph: &'g Graph<N>) -> Self {
        let sorted = graph.sorted();
        let mut position_of = vec![0; sorted.len()];
        for (position, index) in sorted.iter().enumerate() {
            position_of[index.index()] = position;
        }
        let mut dependents = vec![Vec::new(); sorted.len()];
        let mut missing = vec![0; sorted.len()];
        for edge in graph.graph.edge_indices() {
            if let Some((from, to)) = graph.graph.edge_endpoints(edge) {
                dependents[position_of[to.index()]].push(position_of[from.index()]);
                missing[position_of[from.index()]] += 1;
            }
        }
        let ready = (0..sorted.len()).filter(|position| missing[*position] == 0).collect();
        Self { graph, sorted, position_of, dependents, missing, ready }
    }

    /// The least node that is ready: all that it depends on is done. It is handed out once.
    #[expect(
        clippy::should_implement_trait,
        reason = "an end now is not an end for good: `done` makes more ready"
    )]
    pub fn next(&mut self) -> Option<&'g N> {
        self.ready.pop_first().map(|position| self.node(position))
    }

    fn node(&self, position: usize) -> &'g N {
        &self.graph.graph[self.sorted[position]]
    }

    /// Reports that a node is finished.
    pub fn done(&mut self, node: &N) {
        if let Some(index) = self.graph.indices.get(node) {
            self.finish(self.position_of[index.index()]);
        }
    }

    fn finish(&mut self, position: usize) {
        for dependent in &self.dependents[position] {
            self.missing[*dependent] -= 1;
            if self.missing[*dependent] == 0 {
                self.ready.insert(*dependent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&'static str, &'static str)]) -> Graph<&'static str> {
        let mut graph = Graph::new();
        for (node, dependency) in edges {
            graph.depend(*node, *dependency);
        }
        graph
    }

    #[test]
    fn a_node_comes_after_what_it_depends_on_and_ties_are_sorted() {
        let graph = graph(&[
            ("subnet", "vpc"),
            ("instance", "subnet"),
            ("gateway", "vpc"),
            ("instance", "key"),
        ]);
        assert_eq!(graph.order(), Ok(vec!["key", "vpc", "gateway", "subnet", "instance"]));
        assert_eq!(
            graph.to_string(),
            "gateway <- vpc\ninstance <- key, subnet\nkey\nsubnet <- vpc\nvpc\n"
        );
    }

    #[test]
    fn a_cycle_names_all_its_nodes_and_one_circle() {
        let graph = graph(&[
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("c", "f"),
            ("f", "b"),
            ("d", "a"),
            ("c", "e"),
        ]);
        let (nodes, circle) = (vec!["f", "c", "b", "a"], vec!["a", "b", "c"]);
        assert_eq!(graph.order(), Err(vec![Cycle { nodes, circle }]));
    }

    #[test]
    fn a_node_is_ready_only_when_everything_it_depends_on_is_done() {
        let graph = graph(&[("c", "a"), ("c", "b")]);
        let mut walk = Walk::new(&graph);
        assert_eq!((walk.next(), walk.next(), walk.next()), (Some(&"a"), Some(&"b"), None));
        walk.done(&"a");
        assert_eq!(walk.next(), None);
        walk.done(&"b");
        assert_eq!(walk.next(), Some(&"c"));
    }

    #[test]
    fn dependencies_and_dependents_are_found_through_several_steps() {
        let graph = graph(&[("c", "b"), ("b", "a"), ("x", "a")]);
        assert_eq!(
            graph.with_dependencies([&"c"]).into_iter().copied().collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        assert_eq!(
            graph.with_dependents([&"b"]).into_iter().copied().collect::<Vec<_>>(),
            ["b", "c"]
        );
    }
}

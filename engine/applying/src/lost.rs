//! What was not done, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::InstanceKey;
use infra_lang::dependencies::{Node, named_instances};

use crate::dispatcher::Dispatcher;

impl Dispatcher {
    /// What was not done, and all that depends on it. A resource of which all was made all the same hands nothing on.
    pub(crate) fn lost(&self) -> BTreeSet<Node> {
        let undone = self.undone();
        let mut lost: BTreeSet<Node> = undone.keys().cloned().collect();
        let dependencies = self.plan.config.dependencies();
        let (Ok(order), false) = (&dependencies.order, undone.is_empty()) else { return lost };
        let made: BTreeSet<Node> = self
            .made
            .iter()
            .map(|at| Node::Resource(self.plan.changes[*at].addr.config()))
            .collect();
        for node in order.iter().filter(|node| !made.contains(*node)) {
            let needs = dependencies.graph.dependencies(node);
            let mut needs = needs.into_iter().filter(|needed| lost.contains(*needed)).peekable();
            if needs.peek().is_none() {
                continue;
            }
            let named = named_instances(&self.plan.config, node);
            let spared = |needed: &Node| {
                let keys = undone.get(needed).filter(|keys| !keys.is_empty());
                let named = needed.resource().and_then(|resource| named.get(resource));
                keys.zip(named).is_some_and(|(keys, named)| named.is_disjoint(keys))
            };
            if needs.any(|needed| !spared(needed)) {
                lost.insert(node.clone());
            }
        }
        lost
    }

    /// The resources of which not all objects were made that should have been, with the keys of those, and the values that
    /// are refused.
    fn undone(&self) -> BTreeMap<Node, BTreeSet<InstanceKey>> {
        let changes = self.plan.changes.iter().enumerate();
        let undone =
            changes.filter(|(at, change)| change.action.makes() && !self.made.contains(at));
        let mut found: BTreeMap<Node, BTreeSet<InstanceKey>> =
            self.refused.iter().map(|node| (node.clone(), BTreeSet::new())).collect();
        for deferred in &self.plan.deferred {
            found.insert(Node::Resource(deferred.change.addr.config()), BTreeSet::new());
        }
        for (_, change) in undone {
            let keys = found.entry(Node::Resource(change.addr.config())).or_default();
            keys.extend(change.addr.key.clone());
        }
        found
    }
}

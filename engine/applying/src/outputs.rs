//! Output values of the root module, once everything is done.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{InstanceKey, ModuleInstance, ModulePath};
use infra_lang::dependencies::{Node, named_instances};
use infra_plan::Action;
use infra_state::OutputValue;
use infra_value::{Str, Type, Value};

use crate::dispatcher::Dispatcher;

impl Dispatcher {
    /// Sets what is known; an output that depends on something that failed keeps the value it had.
    pub(crate) fn set_outputs(&mut self) {
        self.world.forget_computed();
        let plan = self.plan.clone();
        let undone = self.undone();
        for (name, change) in &plan.outputs {
            if change.action == Action::Delete {
                self.state.outputs.remove(name);
                continue;
            }
            if !undone.is_empty() && self.depends_on_any(name, &undone) {
                continue;
            }
            let before = self.world.take_diagnostics();
            let value = self.world.output(&ModuleInstance::root(), name);
            let failed = self.world.take_diagnostics().has_errors();
            self.diags.extend(before);
            let Some((value, _)) = value.map(|value| value.unmarked_deep()) else { continue };
            if failed || !self.is_allowed(name) {
                continue;
            }
            if value.is_null() {
                self.state.outputs.remove(name);
            } else {
                // What a run with targets leaves out is not known after it either, nor what a refresh found to be gone.
                let planned = change.after.as_ref().filter(|_| value.ty() == Type::Any);
                let value = planned.map_or(value, |planned| Value::unknown(planned.ty()));
                let value = infra_planning::without_unknown(value);
                self.state
                    .outputs
                    .insert(name.clone(), OutputValue { value, sensitive: change.sensitive });
            }
        }
    }

    /// The resources of which not all objects were made that should have been, with the keys of those, and the values that
    /// are refused.
    pub(crate) fn undone(&self) -> BTreeMap<Node, BTreeSet<InstanceKey>> {
        let changes = self.plan.changes.iter().enumerate();
        let undone =
            changes.filter(|(at, change)| change.action.makes() && !self.made.contains(at));
        let mut found: BTreeMap<Node, BTreeSet<InstanceKey>> =
            self.refused.iter().map(|node| (node.clone(), BTreeSet::new())).collect();
        for (_, change) in undone {
            let keys = found.entry(Node::Resource(change.addr.config())).or_default();
            keys.extend(change.addr.key.clone());
        }
        found
    }

    fn depends_on_any(&self, output: &Str, undone: &BTreeMap<Node, BTreeSet<InstanceKey>>) -> bool {
        let node = Node::Output(ModulePath::root(), output.clone());
        let named = named_instances(&self.plan.config, &node);
        let made = |node: &Node, undone: &BTreeSet<InstanceKey>| match node {
            Node::Resource(found) => named.get(found).is_some_and(|keys| keys.is_disjoint(undone)),
            _ => false,
        };
        let reached = self.plan.config.dependencies().graph.with_dependencies([&node]);
        let mut reached = reached.into_iter().filter_map(|node| undone.get_key_value(node));
        reached.any(|(node, keys)| !made(node, keys))
    }

    /// Whether the preconditions of an output value of the root module hold. They are told of with all others.
    fn is_allowed(&self, output: &Str) -> bool {
        let Some(block) = self.plan.config.root.outputs.get(output) else { return true };
        if block.preconditions.is_empty() {
            return true;
        }
        let Some(scope) = self.world.scope(&ModuleInstance::root()) else { return true };
        let judged = infra_planning::judge(&self.world, &scope, &block.preconditions, "");
        !judged.status.has_failed()
    }
}

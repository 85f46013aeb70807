//! Where actions are invoked: in a row before and after the change that triggers them.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ConfigResource, ResourceInstance};
use infra_graph::Graph;
use infra_lang::dependencies::{Node, nearest_resources};
use infra_plan::{Action, Plan};

use super::{Step, judged};

/// Adds the invocations of a plan. What follows a change waits for the actions after it, if these are `awaited`.
pub(super) fn add(
    plan: &Plan,
    graph: &mut Graph<Step>,
    mut gate_of: impl FnMut(&ConfigResource) -> usize,
    awaited: bool,
) {
    if plan.invocations.is_empty() {
        return;
    }
    put_after_needs(plan, graph, &mut gate_of);
    let made = plan.changes.iter().enumerate().filter(|(_, change)| change.action.makes());
    let made: BTreeMap<&ResourceInstance, usize> =
        made.map(|(position, change)| (&change.addr, position)).collect();
    // The first and the last action before each change, and after it.
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    for (number, invocation) in plan.invocations.iter().enumerate() {
        let change = invocation.trigger().and_then(|(resource, _)| made.get(resource));
        let Some(position) = change else { continue };
        let invoke = Step::Invoke(number);
        let row = if invocation.is_before() { &mut before } else { &mut after };
        let (_, last) = row.entry(*position).or_insert((invoke, invoke));
        if *last != invoke {
            graph.depend(invoke, *last);
        } else if !invocation.is_before() {
            graph.depend(invoke, Step::Make(*position));
        }
        *last = invoke;
    }
    let copied = |steps: Vec<&Step>| steps.into_iter().copied().collect::<Vec<_>>();
    for (position, (_, last)) in after.into_iter().filter(|_| awaited) {
        for step in copied(graph.dependents(&Step::Make(position))) {
            if !matches!(step, Step::Invoke(_) | Step::There(_) | Step::Remove(_)) {
                graph.depend(step, last);
            }
        }
    }
    for (position, (first, last)) in before {
        let make = Step::Make(position);
        // An action is invoked when all is there that the change needs, or else before what is there goes.
        if plan.changes[position].action != Action::DeleteThenCreate {
            for needed in copied(graph.dependencies(&make)) {
                graph.depend(first, needed);
            }
        } else if awaited {
            graph.depend(Step::Remove(position), last);
        }
        graph.depend(make, last);
    }
}

/// Has invocations wait for what their actions refer to.
fn put_after_needs(
    plan: &Plan,
    graph: &mut Graph<Step>,
    gate_of: &mut impl FnMut(&ConfigResource) -> usize,
) {
    let config = &plan.config.dependencies().graph;
    let mut looked_at = BTreeSet::new();
    for (number, invocation) in plan.invocations.iter().enumerate() {
        let invoke = Step::Invoke(number);
        graph.add(invoke);
        let changing = invocation.trigger().map(|(resource, _)| resource.config());
        for needed in nearest_resources(config, &Node::Action(invocation.addr.config())) {
            let gate = gate_of(&needed);
            if Some(&needed) == changing.as_ref() {
                looked_at.insert(gate);
                graph.depend(invoke, Step::There(gate));
            } else {
                graph.depend(invoke, Step::Made(gate));
            }
        }
    }
    // What must not be relied upon is in no arguments either.
    for (judge, node) in judged(plan).iter().enumerate() {
        let relying = config.with_dependents([node]);
        for (number, invocation) in plan.invocations.iter().enumerate() {
            if relying.contains(&Node::Action(invocation.addr.config())) {
                graph.depend(Step::Invoke(number), Step::Judge(judge));
            }
        }
    }
    // What is invoked after one instance changes may look at all of them.
    for (position, change) in plan.changes.iter().enumerate().filter(|_| !looked_at.is_empty()) {
        let gate = gate_of(&change.addr.config());
        if change.action.makes() && looked_at.contains(&gate) {
            graph.depend(Step::There(gate), Step::Make(position));
        }
    }
}

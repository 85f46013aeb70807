//! The steps of a plan and which must come before which.
//!
//! Instances are tied together through one gate a resource, so the number of edges grows with the number of changes,
//! never with its square.

mod invoking;

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ConfigResource, InstanceKey, Mode, Resource, ResourceInstance};
use infra_graph::Graph;
use infra_lang::dependencies::{Node, named_instances, nearest_dependents, nearest_resources};
use infra_plan::{Action, Checkable, Plan};

/// One step. Numbers are positions in the plan's changes, or those of gates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Step {
    /// Create, update or read an object.
    Make(usize),
    /// Delete an object or drop it from the state.
    Remove(usize),
    /// Open all instances of an ephemeral resource. The number is its position among them.
    Open(usize),
    /// Invoke an action. The number is its position among those of the plan.
    Invoke(usize),
    /// See whether conditions hold that could not be judged before. The number is the position of what has them.
    Judge(usize),
    /// All instances of a resource are made.
    Made(usize),
    /// All instances of a resource are there, but not all that is invoked after that.
    There(usize),
    /// Those instances of a resource that had an object before have their new one, or are changed in place.
    Changed(usize),
    /// All instances of a resource that shall go are gone, and so is all that depends on them.
    Removed(usize),
    /// All is done but what checks read, which is to show what there is then.
    Settled,
}

/// Of which objects it is waited, before they go, that what depended on them has been changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// Of all, and with those that were set aside for what takes their place too.
    Deposed,
    /// Of all: then nothing that is in use is deleted.
    All,
    /// Of those whose successor exists already.
    Replaced,
    /// Of none.
    None,
}

/// The steps of `plan`, each depending on those that must come first. Where it would end in a circle, objects are
/// deleted without waiting for those that depended on them to be changed.
pub(crate) fn steps(plan: &Plan) -> Graph<Step> {
    let patiences = [Patience::Deposed, Patience::All, Patience::Replaced, Patience::None];
    let mut graph = Graph::new();
    for patience in patiences {
        // Where actions wait for what follows a change, that does not wait for them.
        for awaited in [true, false] {
            graph = patient_steps(plan, patience, awaited);
            if graph.order().is_ok() {
                return graph;
            }
            if plan.invocations.is_empty() {
                break;
            }
        }
    }
    graph
}

fn patient_steps(plan: &Plan, patience: Patience, awaited: bool) -> Graph<Step> {
    let config = &plan.config.dependencies().graph;
    let mut gates: BTreeMap<ConfigResource, usize> = BTreeMap::new();
    let mut gate_of = |resource: &ConfigResource| {
        let next = gates.len();
        *gates.entry(resource.clone()).or_insert(next)
    };
    let mut graph = Graph::new();

    let mut resources: BTreeSet<ConfigResource> =
        plan.changes.iter().map(|change| change.addr.config()).collect();
    resources.extend(config.nodes().filter_map(|node| match node {
        Node::Resource(resource) => Some(resource.clone()),
        _ => None,
    }));
    let ephemeral = ephemeral_resources(plan);
    let mut providers: BTreeMap<ConfigResource, Node> = plan
        .changes
        .iter()
        .map(|change| (change.addr.config(), Node::Provider(change.provider.whole())))
        .collect();
    providers.extend(ephemeral.iter().filter_map(|resource| {
        let module = plan.config.module(&resource.module)?;
        let block = module.resources.get(&resource.resource)?;
        let provider = plan.config.provider_of(&resource.module, block);
        Some((resource.clone(), Node::Provider(provider)))
    }));
    let mut made_needs: BTreeMap<usize, Vec<Step>> = BTreeMap::new();
    let mut removed_after: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let made_by = makers(plan);
    for resource in &resources {
        let gate = gate_of(resource);
        graph.add(Step::Made(gate));
        graph.add(Step::Removed(gate));
        graph.add(Step::Changed(gate));
        let node = Node::Resource(resource.clone());
        let mut needs = nearest_resources(config, &node);
        let mut named = named_instances(&plan.config, &node);
        if let Some(provider) = providers.get(resource) {
            for needed in nearest_resources(config, provider) {
                named.remove(&needed);
                needs.insert(needed);
            }
        }
        for needed in needs.iter().filter(|needed| *needed != resource) {
            let instances = named.get(needed).map(|keys| made_by.of(needed, keys));
            let steps = match instances {
                Some(steps) if !steps.is_empty() => steps,
                _ => vec![Step::Made(gate_of(needed))],
            };
            for step in steps {
                made_needs.entry(gate).or_default().push(step);
                graph.depend(Step::Made(gate), step);
            }
        }
    }
    // What objects that are there depend on is in the state: also what the configuration does not say any more.
    for change in &plan.changes {
        let gate = gate_of(&change.addr.config());
        let stored = plan.prior.instance(&change.addr);
        let objects =
            stored.into_iter().flat_map(|found| found.current.iter().chain(found.deposed.values()));
        for needed in objects.flat_map(|object| object.dependencies.iter()) {
            let needed = gate_of(needed);
            if needed != gate {
                removed_after.entry(needed).or_default().insert(gate);
            }
        }
    }
    // What stays has no place in the order of what goes: its dependencies may have turned round.
    let going: BTreeSet<usize> = plan
        .changes
        .iter()
        .filter(|change| change.action.removes() || change.action == Action::Forget)
        .map(|change| gate_of(&change.addr.config()))
        .collect();
    for (needed, dependents) in removed_after.iter().filter(|(needed, _)| going.contains(needed)) {
        for dependent in dependents.intersection(&going) {
            graph.depend(Step::Removed(*needed), Step::Removed(*dependent));
        }
    }

    for (number, resource) in ephemeral.iter().enumerate() {
        let gate = gate_of(resource);
        graph.depend(Step::Made(gate), Step::Open(number));
        for needed in made_needs.get(&gate).into_iter().flatten() {
            graph.depend(Step::Open(number), *needed);
        }
    }
    // What relies on a value waits until it is known to be allowed.
    let mut relied_upon: BTreeMap<usize, Vec<Step>> = BTreeMap::new();
    for (number, node) in judged(plan).iter().enumerate() {
        let judge = Step::Judge(number);
        graph.add(judge);
        for needed in nearest_resources(config, node) {
            graph.depend(judge, Step::Made(gate_of(&needed)));
        }
        for resource in nearest_dependents(config, node) {
            relied_upon.entry(gate_of(&resource)).or_default().push(judge);
        }
    }
    // Deleting, too, needs a provider configuration, which may hold a secret.
    let mut opened_for: BTreeMap<&Node, Vec<usize>> = BTreeMap::new();
    for provider in providers.values().filter(|_| !ephemeral.is_empty()) {
        opened_for.entry(provider).or_insert_with(|| {
            let needs = nearest_resources(config, provider);
            needs.iter().filter(|needed| ephemeral.contains(needed)).map(&mut gate_of).collect()
        });
    }

    if patience == Patience::Deposed {
        for (deposed, successor) in successors(plan) {
            graph.depend(Step::Remove(deposed), Step::Make(successor));
        }
    }
    for (position, change) in plan.changes.iter().enumerate() {
        let gate = gate_of(&change.addr.config());
        let (make, remove) = (Step::Make(position), Step::Remove(position));
        if change.action.makes() {
            graph.depend(Step::Made(gate), make);
            if matches!(change.action, Action::Update | Action::CreateThenDelete) {
                graph.depend(Step::Changed(gate), make);
            }
            for needed in made_needs.get(&gate).into_iter().flatten() {
                graph.depend(make, *needed);
            }
            for judge in relied_upon.get(&gate).into_iter().flatten() {
                graph.depend(make, *judge);
            }
        }
        if change.action.removes() || change.action == Action::Forget {
            graph.depend(Step::Removed(gate), remove);
            let provider = providers.get(&change.addr.config());
            let opened = provider.and_then(|provider| opened_for.get(provider));
            for opened in opened.into_iter().flatten().filter(|_| patience != Patience::None) {
                graph.depend(remove, Step::Made(*opened));
            }
            for dependent in removed_after.get(&gate).into_iter().flatten() {
                graph.depend(remove, Step::Removed(*dependent));
                // What depended on the object is changed before the object goes, unless its successor comes after.
                let waits = match change.action {
                    Action::CreateThenDelete => patience != Patience::None,
                    Action::DeleteThenCreate => false,
                    _ => matches!(patience, Patience::Deposed | Patience::All),
                };
                if waits {
                    graph.depend(remove, Step::Changed(*dependent));
                }
            }
        }
        match change.action {
            Action::DeleteThenCreate => graph.depend(make, remove),
            Action::CreateThenDelete => graph.depend(remove, make),
            _ => {}
        }
    }
    invoking::add(plan, &mut graph, &mut gate_of, awaited);
    let read = read_by_checks(plan);
    for resource in resources.iter().filter(|_| !read.is_empty()) {
        let gate = gate_of(resource);
        if !read.contains(resource) {
            graph.depend(Step::Settled, Step::Made(gate));
            graph.depend(Step::Settled, Step::Removed(gate));
        }
    }
    for (position, change) in plan.changes.iter().enumerate().filter(|_| !read.is_empty()) {
        if read.contains(&change.addr.config()) {
            graph.depend(Step::Make(position), Step::Settled);
        }
    }
    graph
}

/// The data sources in `check` blocks.
fn read_by_checks(plan: &Plan) -> BTreeSet<ConfigResource> {
    let modules = plan.config.modules().into_iter();
    let read = modules.flat_map(|module| {
        let blocks = module.resources.values().filter(|block| block.check.is_some());
        blocks.map(|block| ConfigResource {
            module: module.path.clone(),
            resource: block.addr.clone(),
        })
    });
    read.collect()
}

/// The objects that were set aside and go, each with what takes its place.
fn successors(plan: &Plan) -> Vec<(usize, usize)> {
    let mut deposed =
        plan.changes.iter().enumerate().filter(|(_, change)| change.deposed.is_some());
    let Some(first) = deposed.next() else { return Vec::new() };
    let made = plan.changes.iter().enumerate().filter(|(_, change)| change.action.makes());
    let made: BTreeMap<&ResourceInstance, usize> =
        made.map(|(position, change)| (&change.addr, position)).collect();
    let found = std::iter::once(first).chain(deposed);
    found.filter_map(|(at, change)| Some((at, *made.get(&change.addr)?))).collect()
}

/// The steps that make instances of resources that have several.
struct Makers<'p>(BTreeMap<(&'p Resource, &'p InstanceKey), Vec<(usize, &'p ResourceInstance)>>);

fn makers(plan: &Plan) -> Makers<'_> {
    let mut found = Makers(BTreeMap::new());
    let made = plan.changes.iter().enumerate();
    for (position, change) in made.filter(|(_, change)| change.action.makes()) {
        if let Some(key) = &change.addr.key {
            let of = (&change.addr.resource, key);
            found.0.entry(of).or_default().push((position, &change.addr));
        }
    }
    found
}

impl Makers<'_> {
    /// Those that make the instances with these keys, in whatever instance of the module.
    fn of(&self, resource: &ConfigResource, keys: &BTreeSet<InstanceKey>) -> Vec<Step> {
        let made = keys.iter().filter_map(|key| self.0.get(&(&resource.resource, key))).flatten();
        let inside = made.filter(|(_, addr)| addr.module.module() == resource.module);
        inside.map(|(position, _)| Step::Make(*position)).collect()
    }
}

/// The variables and outputs with conditions that planning could not judge.
pub(crate) fn judged(plan: &Plan) -> Vec<Node> {
    if plan.mode != infra_plan::Mode::Normal {
        return Vec::new();
    }
    let judged = plan.checks.unknown().filter_map(|of| match of {
        Checkable::Variable(module, name) => Some(Node::Variable(module.clone(), name.clone())),
        Checkable::Output(module, name) => Some(Node::Output(module.clone(), name.clone())),
        Checkable::Resource(_) | Checkable::Check(..) => None,
    });
    judged.collect()
}

/// The ephemeral resources to open: all, or those that what is changed needs if that is not everything.
pub(crate) fn ephemeral_resources(plan: &Plan) -> Vec<ConfigResource> {
    let ephemeral = |resource: &ConfigResource| resource.resource.mode == Mode::Ephemeral;
    let modules = plan.config.modules();
    if !modules.iter().any(|module| module.resources.keys().any(|key| key.mode == Mode::Ephemeral))
    {
        return Vec::new();
    }
    let config = &plan.config.dependencies().graph;
    let all = plan.mode == infra_plan::Mode::Normal && plan.targets.is_empty();
    let changed = plan.changes.iter().filter(|change| change.action != Action::NoOp);
    let changed: Vec<Node> = changed
        .flat_map(|change| {
            let resource = change.action.makes().then(|| Node::Resource(change.addr.config()));
            resource.into_iter().chain([Node::Provider(change.provider.clone())])
        })
        .chain(plan.invocations.iter().map(|found| Node::Action(found.addr.config())))
        .collect();
    let needed: BTreeSet<&Node> =
        if all { config.nodes().collect() } else { config.with_dependencies(&changed) };
    let resources = needed.into_iter().filter_map(|node| match node {
        Node::Resource(resource) => Some(resource.clone()),
        _ => None,
    });
    let waiting = plan.waiting();
    let waits = |resource: &ConfigResource| waiting.contains(&Node::Resource(resource.clone()));
    resources.filter(ephemeral).filter(|resource| !waits(resource)).collect()
}

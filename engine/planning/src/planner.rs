//! The walk through the configuration: each object after all that it depends on; reads of providers and data sources
//! go on side by side while the walk itself stays in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use infra_addrs::{
    ConfigResource, Mode as ResourceMode, ModuleInstance, ProviderAddr, ProviderConfig,
    ResourceInstance,
};
use infra_diag::Diagnostics;
use infra_graph::{Graph, Walk};
use infra_lang::checking;
use infra_lang::config::Output;
use infra_lang::dependencies::{Dependencies, Node, resource_dependencies};
use infra_lang::world::{Expansion, World};
use infra_plan::{
    Checkable, Checks, DeferralReason, Event, Invocation, Mode, Plan, ResourceChange, Status,
};
use infra_provider::{Connection, Provider};
use infra_state::State;

use crate::leases::{self, Leases};
use crate::moves::{self, Moves};
use crate::prior::Prior;
use crate::refresh::Connected;
use crate::replacement::CreateBeforeDestroy;
use crate::targets::Targets;
use crate::{Purpose, Request, actions, adopting, data, diagnostics, imports, listing, relevant};

pub(crate) struct Planner {
    pub(crate) request: Request,
    pub(crate) purpose: Purpose,
    pub(crate) world: World,
    pub(crate) graph: Arc<Graph<Node>>,
    pub(crate) prior: Prior,
    pub(crate) connections: BTreeMap<ProviderConfig, Arc<dyn Connection>>,
    pub(crate) changes: BTreeMap<(ResourceInstance, Option<String>), ResourceChange>,
    pub(crate) drift: Vec<ResourceChange>,
    pub(crate) invocations: Vec<Invocation>,
    pub(crate) create_before_destroy: CreateBeforeDestroy,
    pub(crate) dependencies: BTreeMap<ConfigResource, Arc<[ConfigResource]>>,
    pub(crate) left_behind: BTreeMap<ConfigResource, Vec<ConfigResource>>,
    pub(crate) moves: Moves,
    pub(crate) targets: Targets,
    /// What imports named that depended on nothing, until their resources are planned.
    pub(crate) early: BTreeMap<ResourceInstance, imports::Imported>,
    /// The import id of each object that is being imported.
    pub(crate) importing: BTreeMap<ResourceInstance, String>,
    /// For each resource, without key, that others name as a whole as their trigger: whether anything of it changes.
    pub(crate) triggers: BTreeMap<ResourceInstance, bool>,
    pub(crate) leases: Leases,
    /// The nodes of the graph in which an error was found.
    failed: BTreeSet<Node>,
    /// The nodes that have to wait for the next plan.
    pub(crate) deferred: BTreeMap<Node, DeferralReason>,
    /// The nodes that were left out since something that they depend on failed.
    skipped: BTreeSet<Node>,
    pub(crate) checks: Checks,
    pub(crate) diags: Diagnostics,
}

/// What a read that went on beside the walk brought back.
pub(crate) enum Outcome {
    Connected(Vec<Connected>),
    Data(ConfigResource, Vec<data::Answer>),
    Opened(ConfigResource, Vec<leases::Answer>),
    Imported(ConfigResource, Vec<imports::Imported>),
    Listed(ConfigResource, Vec<listing::Answer>),
}

impl Planner {
    pub(crate) async fn run(mut request: Request, purpose: Purpose) -> (Option<Plan>, Diagnostics) {
        let config = request.config.clone();
        let Dependencies { graph, order } = config.dependencies();
        let order = match order {
            Ok(order) => order,
            Err(cycles) => {
                let diags = cycles.iter().map(|found| checking::cycle(&config, found));
                return (None, diags.collect());
            }
        };
        let (moves, mut diags) = moves::apply(&request.config, &mut request.prior);
        let dependencies = resource_dependencies(graph, order);
        let asked = actions::asked(&request, graph);
        if let Some(wrong) = actions::unmet(&request, &asked) {
            return (None, wrong.into());
        }
        let targets = match asked.is_empty() {
            false => Targets::needed(graph, &asked),
            true => Targets::new(
                std::mem::take(&mut request.targets),
                std::mem::take(&mut request.excludes),
                request.mode,
                graph,
                &request.prior,
            ),
        };
        if let Some(found) = targets.split_moves(&moves) {
            let targeted = diagnostics::targeted();
            return (None, Diagnostics::from_iter([targeted, found]));
        }
        if diags.has_errors() {
            let limited = asked.is_empty() && !targets.everything();
            diags.extend(limited.then(diagnostics::targeted));
            return (None, diags);
        }
        let found = adopting::adopt(&request.config, &request.registry, &moves, &mut request.prior);
        if found.has_errors() {
            return (None, found);
        }
        let prior = Prior::new(&request, &targets);
        let left_behind = prior.left_behind(&config, graph);
        let mut graph = graph.clone();
        let mut add_provider = |provider| {
            let node = Node::Provider(provider);
            if !graph.contains(&node) {
                Arc::make_mut(&mut graph).add(node);
            }
        };
        for provider in prior.by_provider.keys() {
            add_provider(provider.clone());
        }
        if request.generate {
            for (_, _, provider) in request.config.imports_to_write() {
                add_provider(provider);
            }
        }
        let checks = Checks::new(&request.config);
        let world = World::new(
            request.config.clone(),
            request.environment.clone(),
            &request.workspace,
            request.variables.clone(),
        )
        .only_present(request.mode == Mode::RefreshOnly || !targets.everything())
        .deferring(request.defers());
        let create_before_destroy = CreateBeforeDestroy::new(&request.config, &graph, &targets);
        let mut planner = Self {
            request,
            purpose,
            world,
            graph,
            prior,
            connections: BTreeMap::new(),
            changes: BTreeMap::new(),
            drift: Vec::new(),
            invocations: Vec::new(),
            create_before_destroy,
            dependencies,
            left_behind,
            moves,
            targets,
            early: BTreeMap::new(),
            importing: BTreeMap::new(),
            triggers: BTreeMap::new(),
            leases: Leases::default(),
            failed: BTreeSet::new(),
            deferred: BTreeMap::new(),
            skipped: BTreeSet::new(),
            checks,
            diags,
        };
        if purpose != Purpose::Query {
            planner.check_removed();
            planner.check_imports();
            planner.check_providers();
        }
        if planner.diags.has_errors() {
            return (None, planner.diags);
        }
        planner.refuse_unfit();
        planner.walk().await;
        if purpose == Purpose::Query {
            let found = planner.leases.close(&planner.request.events).await;
            planner.report_ephemeral(found);
            return (None, planner.diags);
        }
        // Statements that cannot be are the likely cause of whatever else was found.
        let wrong = planner.check_moves();
        if wrong.has_errors() {
            planner.leases.close(&planner.request.events).await;
            return (None, wrong);
        }
        planner.generate().await;
        planner.plan_orphans();
        planner.check_all();
        let found = planner.leases.close(&planner.request.events).await;
        planner.report_ephemeral(found);
        planner.finish()
    }

    /// Takes note of variables that got no value.
    fn refuse_unfit(&mut self) {
        for (name, problem) in std::mem::take(&mut self.request.unfit) {
            self.diags.push(problem);
            self.failed.insert(Node::Variable(infra_addrs::ModulePath::root(), name));
        }
    }

    async fn walk(&mut self) {
        let wanted = self.wanted();
        let graph = self.graph.clone();
        let mut walk = Walk::new(&graph);
        let mut under_way: FuturesUnordered<BoxFuture<'static, (Node, Outcome)>> =
            FuturesUnordered::new();
        loop {
            while let Some(node) = walk.next() {
                if self.failed.contains(node) || self.follows_failure(node) {
                    self.skipped.insert(node.clone());
                    self.leave_variable_unjudged(node);
                    walk.done(node);
                    continue;
                }
                let wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(node));
                let told = self.diags.len();
                if wanted {
                    self.request.events.emit(Event::Visit { node: node.clone() });
                    self.note_wait(node);
                }
                let work = wanted.then(|| self.visit(node)).flatten();
                self.note_failure(node, told);
                match work {
                    Some(work) => {
                        let node = node.clone();
                        under_way.push(Box::pin(async move { (node, work.await) }));
                    }
                    None => walk.done(node),
                }
            }
            let finished = tokio::select! {
                finished = under_way.next() => finished,
                () = self.leases.due(), if !under_way.is_empty() => {
                    let found = self.leases.renew(&self.request.events).await;
                    self.report_ephemeral(found);
                    continue;
                }
            };
            let Some((node, outcome)) = finished else { break };
            let told = self.diags.len();
            match outcome {
                Outcome::Connected(connected) => {
                    for one in connected {
                        self.connected(one);
                    }
                }
                Outcome::Data(resource, answers) => self.data_answered(&resource, answers),
                Outcome::Opened(resource, answers) => self.opened(&resource, answers),
                Outcome::Imported(resource, imported) => self.imported(&resource, imported),
                Outcome::Listed(resource, answers) => self.listed(&resource, answers),
            }
            self.note_failure(&node, told);
            walk.done(&node);
        }
    }

    /// Whether something that a node depends on failed, so that it would only be wrong too.
    pub(crate) fn follows_failure(&self, node: &Node) -> bool {
        !self.failed.is_empty()
            && self.graph.dependencies(node).iter().any(|node| self.is_lost(node))
    }

    /// Whether a node failed, or was left out since it follows one that did.
    pub(crate) fn is_lost(&self, node: &Node) -> bool {
        self.failed.contains(node) || self.skipped.contains(node)
    }

    /// Whether a node was left out since something that it depends on failed.
    pub(crate) fn was_skipped(&self, node: &Node) -> bool {
        self.skipped.contains(node)
    }

    /// Notes that an error was found in a node, if one was since so many diagnostics.
    fn note_failure(&mut self, node: &Node, told: usize) {
        if self.diags.failed_since(told) {
            self.failed.insert(node.clone());
        }
    }

    /// Drops what was planned for what depends on something in which an error was found. Gives that, and the rest that
    /// is of no use.
    fn drop_doubtful(&mut self) -> BTreeSet<Node> {
        if self.failed.is_empty() {
            return BTreeSet::new();
        }
        let mut doubtful = std::mem::take(&mut self.skipped);
        self.changes.retain(|(addr, _), _| !doubtful.contains(&Node::Resource(addr.config())));
        doubtful.extend(std::mem::take(&mut self.failed));
        doubtful
    }

    /// The nodes to visit: all; those that targets need; in destroy mode the providers and what they depend on.
    pub(crate) fn wanted(&self) -> Option<BTreeSet<Node>> {
        if self.purpose == Purpose::Query {
            return Some(listing::needed(&self.graph));
        }
        let providers = || self.prior.by_provider.keys().cloned().map(Node::Provider);
        if self.request.mode == Mode::Destroy {
            let variables = self.request.config.root.variables.values();
            let checked = variables
                .filter(|found| !found.validations.is_empty())
                .map(|found| Node::Variable(infra_addrs::ModulePath::root(), found.name.clone()));
            let needed: Vec<Node> = providers().chain(checked).collect();
            return Some(self.graph.with_dependencies(&needed).into_iter().cloned().collect());
        }
        if self.targets.everything() {
            return None;
        }
        if !self.request.invoke.is_empty() {
            let asked = actions::asked(&self.request, &self.graph);
            return Some(self.graph.with_dependencies(&asked).into_iter().cloned().collect());
        }
        let resources = self.graph.nodes().filter(|node| match node {
            Node::Resource(resource) => self.targets.resource(resource),
            Node::Triggers(resource) => self.targets.triggers(resource),
            Node::Output(path, name) => path.is_root() && self.output_is_targeted(name),
            _ => false,
        });
        let chosen: Vec<Node> = resources.cloned().chain(providers()).collect();
        Some(self.graph.with_dependencies(&chosen).into_iter().cloned().collect())
    }

    /// Whether all resources that an output value of the root module depends on, and at least one, are targeted.
    pub(crate) fn output_is_targeted(&self, name: &infra_value::Str) -> bool {
        if self.targets.everything() {
            return true;
        }
        let node = Node::Output(infra_addrs::ModulePath::root(), name.clone());
        let below = self.graph.with_dependencies([&node]);
        let mut resources = below.into_iter().filter_map(|node| match node {
            Node::Resource(resource) => Some(resource),
            _ => None,
        });
        let first = self.request.invoke.is_empty()
            && resources.next().is_some_and(|resource| self.targets.resource(resource));
        first && resources.all(|resource| self.targets.resource(resource))
    }

    /// Tells of -replace options that name no instance, but for what follows an error. As in Terraform, those of other modules
    /// could be meant.
    fn check_replace(&mut self, doubtful: &BTreeSet<Node>) {
        let config = self.request.config.clone();
        for addr in self.request.replace.iter().filter(|addr| addr.key.is_none()) {
            for module in config.modules() {
                let resource = ConfigResource { module: module.path.clone(), ..addr.config() };
                let wanted =
                    config.resource(&resource).is_some() && self.targets.resource(&resource);
                if !wanted || doubtful.contains(&Node::Resource(resource)) {
                    continue;
                }
                for module in self.world.module_instances(module) {
                    let expansion = self.world.expansion(&module, &addr.resource);
                    if *expansion == Expansion::Unknown || expansion.contains(&None) {
                        continue;
                    }
                    let there = ResourceInstance { module: module.clone(), ..addr.clone() };
                    let keys = expansion.keys();
                    let keyed =
                        keys.into_iter().map(|key| ResourceInstance { key, ..there.clone() });
                    self.diags.push(diagnostics::replace_without_key(addr, keyed));
                }
            }
        }
    }

    fn visit(&mut self, node: &Node) -> Option<BoxFuture<'static, Outcome>> {
        let config = self.request.config.clone();
        let work = match node {
            Node::Variable(path, name) => {
                if let Some(module) = config.module(path) {
                    for instance in self.world.module_instances(module) {
                        self.world.variable(&instance, name);
                        self.check_variable(&instance, &module.variables[name]);
                    }
                }
                None
            }
            Node::Local(path, name) => {
                if let Some(module) = config.module(path) {
                    for instance in self.world.module_instances(module) {
                        self.world.local(&instance, name);
                    }
                }
                None
            }
            Node::Output(path, name) => {
                if let Some(module) = config.module(path) {
                    for instance in self.world.module_instances(module) {
                        self.check_output(&instance, &module.outputs[name]);
                        self.world.output(&instance, name);
                    }
                }
                None
            }
            Node::Call(path, name) => {
                if let Some(module) = config.module(path) {
                    for instance in self.world.module_instances(module) {
                        self.world.call_expansion(&instance, name);
                    }
                }
                None
            }
            Node::Provider(addr) if self.is_used(addr) => self.connect(addr),
            Node::Provider(_) | Node::Close(_) => None,
            Node::Resource(addr) => match addr.resource.mode {
                ResourceMode::Managed => {
                    let told = self.diags.len();
                    let importing = if self.waits(addr) { None } else { self.import(addr) };
                    let failed = self.diags.failed_since(told);
                    if importing.is_none() && !failed {
                        self.plan_managed(addr, &BTreeSet::new());
                    }
                    importing
                }
                ResourceMode::Data => self.plan_data(addr),
                ResourceMode::Ephemeral if self.waits(addr) => None,
                ResourceMode::Ephemeral => self.plan_ephemeral(addr),
                ResourceMode::List => self.list(addr),
                ResourceMode::Action => None,
            },
            Node::Action(addr) => {
                self.plan_action(addr);
                None
            }
            Node::Triggers(addr) => {
                self.plan_triggers(addr);
                None
            }
        };
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
        work
    }

    /// The output values of modules below the root that are not null.
    fn inner_outputs(&self) -> Vec<(ModuleInstance, &Output)> {
        if self.request.mode == Mode::Destroy {
            return Vec::new();
        }
        let wanted = self.wanted();
        let modules = self.request.config.modules().into_iter().skip(1);
        let mut found = Vec::new();
        for module in modules.filter(|module| !module.outputs.is_empty()) {
            for instance in self.world.module_instances(module) {
                let set = module.outputs.values().filter(|output| {
                    let node = || Node::Output(module.path.clone(), output.name.clone());
                    if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&node())) {
                        return false;
                    }
                    let value = self.world.output(&instance, &output.name);
                    value.is_some_and(|value| !value.is_null())
                });
                found.extend(set.map(|output| (instance.clone(), output)));
            }
        }
        found
    }

    /// Whether anything needs a provider configuration; the others are not even evaluated.
    fn is_used(&self, addr: &ProviderConfig) -> bool {
        self.request.generate
            || self.prior.by_provider.contains_key(addr)
            || !self.graph.dependents(&Node::Provider(addr.clone())).is_empty()
    }

    /// The provider at an address; a diagnostic is made by whoever needs it.
    pub(crate) fn provider(&self, addr: &ProviderAddr) -> Option<Arc<dyn Provider>> {
        self.request.registry.get(addr).cloned()
    }

    fn finish(mut self) -> (Option<Plan>, Diagnostics) {
        let doubtful = self.drop_doubtful();
        let outputs = self.plan_outputs(&doubtful);
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
        self.diags.dedup();
        let errored = self.diags.has_errors();
        if errored && self.request.mode == Mode::Destroy && self.changes.is_empty() {
            return (None, self.diags);
        }
        let deferred = self.set_aside();
        self.check_replace(&doubtful);
        self.diags.extend(self.moves.blocked().filter(|_| !errored));
        match self.request.mode {
            // All goes, whatever it was.
            Mode::Destroy => self.drift.clear(),
            _ => self.drift_of_moves(),
        }
        self.drift.sort_by(|a, b| (depth(a), &a.addr).cmp(&(depth(b), &b.addr)));
        if !self.targets.everything() && self.request.invoke.is_empty() {
            self.diags.push(diagnostics::targeted());
        }
        self.tell_forgotten();
        let moved = self.moves.from.iter().filter(|_| self.request.mode != Mode::Destroy);
        for (addr, from) in moved {
            let first = (addr.clone(), None);
            let changes = self.changes.range_mut(first..);
            for (_, change) in changes.take_while(|((found, _), _)| found == addr) {
                change.previous_addr = Some(from.clone());
            }
        }
        for (addr, id) in std::mem::take(&mut self.importing) {
            if let Some(change) = self.changes.get_mut(&(addr, None)) {
                change.importing = Some(id);
            }
        }
        if self.request.mode == Mode::Destroy {
            let root = ModuleInstance::root();
            let outputs = self.request.config.root.outputs.values();
            for output in outputs.filter(|found| !found.preconditions.is_empty()) {
                let of = Checkable::Output(root.module(), output.name.clone());
                self.checks.record(of, &root, None, Status::Unknown, []);
            }
        }
        let mut inner = self.inner_outputs();
        inner.retain(|(instance, output)| {
            !doubtful.contains(&Node::Output(instance.module(), output.name.clone()))
        });
        let relevant =
            relevant::relevant(&self.request.config, self.changes.values(), &outputs, &inner);
        let ephemeral = self.request.config.root.variables.values().filter(|found| found.ephemeral);
        let ephemeral = ephemeral
            .map(|found| found.name.clone())
            .filter(|name| self.request.variables.contains_key(name))
            .collect();
        let invocations = self.sorted_invocations();
        let providers = self.connections.keys().filter_map(|addr| {
            let provider = self.request.registry.get(&addr.provider)?;
            Some((addr.provider.clone(), provider.version().to_owned()))
        });
        // What is deeper in modules comes later.
        let mut changes: Vec<_> = self.changes.into_values().collect();
        changes.sort_by_key(depth);
        let plan = Plan {
            mode: self.request.mode,
            errored,
            changes,
            deferred,
            drift: self.drift,
            invocations: invocations.into_iter().map(Arc::new).collect(),
            outputs,
            based_on: (self.prior.state.lineage.clone(), self.prior.state.serial),
            state_changed: self.prior.changed,
            providers: providers.collect(),
            prior: Arc::new(self.prior.state),
            config: self.request.config,
            variables: self.request.variables,
            given: self.request.given,
            workspace: self.request.workspace,
            timestamp: self.request.environment.plan_time,
            targets: if self.targets.everything() { BTreeSet::new() } else { self.targets.names() },
            relevant,
            checks: self.checks,
            ephemeral,
        };
        (Some(plan), self.diags)
    }
}

/// The state that planning works on; refreshed as answers come in.
impl Planner {
    pub(crate) fn state(&self) -> &State {
        &self.prior.state
    }
}

/// How deep in modules an instance is.
fn depth(change: &ResourceChange) -> usize {
    change.addr.module.0.len()
}

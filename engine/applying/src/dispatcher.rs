//! The loop: takes steps that are ready, hands them to workers, and takes in what they bring back. The only place that
//! changes the state.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use infra_addrs::{
    ConfigResource, InstanceKey, Mode as ResourceMode, ProviderConfig, ResourceInstance,
};
use infra_diag::{Diagnostic, Diagnostics, Severity};
use infra_graph::{Graph, Walk};
use infra_lang::dependencies::Node;
use infra_lang::problems;
use infra_lang::syntax::Body;
use infra_lang::world::World;
use infra_plan::{Checkable, Checks, Event, Mode, Plan, ResourceChange};
use infra_planning::leases::{Answer, Leases};
use infra_provider::{Connection, Kind, Object, Problem, Provider, Schema};
use infra_state::journal::Journal;
use infra_state::{Attributes, ObjectState, State};
use infra_value::{Marks, Path, Type, Value};

use crate::order::{Step, ephemeral_resources, judged, steps};
use crate::{Request, diagnostics};

pub(crate) struct Dispatcher {
    pub(crate) plan: Arc<Plan>,
    pub(crate) request: Inputs,
    pub(crate) world: World,
    pub(crate) state: State,
    pub(crate) journal: Option<Arc<Journal>>,
    /// The ephemeral resources to open; steps name them by position.
    pub(crate) ephemeral: Vec<ConfigResource>,
    /// The variables and outputs whose conditions are judged on the way; steps name them by position.
    pub(crate) judged: Vec<Node>,
    /// Those of them that must not be relied upon.
    pub(crate) refused: BTreeSet<Node>,
    pub(crate) leases: Leases,
    pub(crate) checks: Checks,
    /// The changes whose object is made.
    pub(crate) made: BTreeSet<usize>,
    pub(crate) diags: Diagnostics,
}

/// The parts of the request that do not change.
pub(crate) struct Inputs {
    pub(crate) registry: infra_plan::Registry,
    pub(crate) connections: infra_plan::Connections,
    pub(crate) events: infra_plan::Events,
    pub(crate) parallelism: usize,
    pub(crate) cancel: tokio_util::sync::CancellationToken,
}

/// What a worker brings back.
pub(crate) enum Finished {
    Made {
        object: Option<Object>,
        tainted: bool,
        marks: Vec<(Path, Marks)>,
        problems: Vec<Problem>,
    },
    /// All is as it is wanted, now that it is known.
    Unchanged,
    Removed {
        object: Option<Object>,
        problems: Vec<Problem>,
    },
    Opened(Vec<Answer>),
    Invoked(Result<(), Vec<Problem>>),
    Provisioned {
        next: usize,
        result: Result<(), Problem>,
    },
    /// The provisioner at a position, which was to run before an object is deleted, did not end well.
    Kept {
        provisioner: usize,
        problem: Problem,
    },
}

pub(crate) type Work = BoxFuture<'static, (Step, Finished)>;

/// What became of a step whose worker has finished.
pub(crate) enum Next {
    Done,
    Failed,
    More(Work),
}

impl Dispatcher {
    pub(crate) async fn run(request: Request) -> (State, Diagnostics) {
        let Request {
            plan,
            registry,
            connections,
            environment,
            journal,
            parallelism,
            events,
            cancel,
        } = request;
        let plan = Arc::new(plan);
        let world =
            World::new(plan.config.clone(), environment, &plan.workspace, plan.variables.clone())
                .only_present(plan.mode == Mode::RefreshOnly || !plan.targets.is_empty())
                .deferring(!plan.deferred.is_empty());
        let mut dispatcher = Self {
            state: (*plan.prior).clone(),
            request: Inputs {
                registry,
                connections,
                events,
                parallelism: parallelism.max(1),
                cancel,
            },
            world,
            checks: match plan.mode {
                // Nothing is judged again.
                Mode::RefreshOnly => plan.checks.clone(),
                Mode::Normal | Mode::Destroy => Checks::again(&plan.config, &plan.checks),
            },
            made: BTreeSet::new(),
            ephemeral: ephemeral_resources(&plan),
            judged: judged(&plan),
            refused: BTreeSet::new(),
            leases: Leases::default(),
            plan,
            journal: journal.map(Arc::new),
            diags: Diagnostics::new(),
        };
        dispatcher.set_world();
        let graph = steps(&dispatcher.plan);
        if graph.order().is_err() {
            dispatcher.diags.push(diagnostics::circular_steps());
            return (dispatcher.state, dispatcher.diags);
        }
        dispatcher.work(&graph).await;
        dispatcher.drop_data();
        dispatcher.set_outputs();
        dispatcher.finish_checks();
        dispatcher.close().await;
        dispatcher.settle_empty();
        dispatcher.diags.dedup();
        (dispatcher.state, dispatcher.diags)
    }

    async fn work(&mut self, graph: &Graph<Step>) {
        let mut walk = Walk::new(graph);
        let mut ready: VecDeque<Step> = VecDeque::new();
        let mut under_way: FuturesUnordered<Work> = FuturesUnordered::new();
        let mut stopping = false;
        loop {
            while let Some(step) = walk.next() {
                match *step {
                    Step::Made(_) | Step::Removed(_) | Step::Changed(_) | Step::There(_) => {
                        walk.done(step);
                    }
                    step => ready.push_back(step),
                }
            }
            if !stopping && self.request.cancel.is_cancelled() {
                stopping = true;
                self.request.events.emit(Event::Stopping);
            }
            let mut at_once = false;
            while !stopping
                && under_way.len() < self.request.parallelism
                && let Some(step) = ready.pop_front()
            {
                match self.start(step) {
                    Next::More(work) => under_way.push(work),
                    Next::Done => {
                        at_once = true;
                        self.done(step, &mut walk);
                    }
                    Next::Failed => {}
                }
                let found = self.world.take_diagnostics();
                self.diags.extend(found);
            }
            if at_once {
                // What waited for it may be ready now.
                continue;
            }
            let cancelled = self.request.cancel.clone();
            let finished = tokio::select! {
                finished = under_way.next() => finished,
                () = self.leases.due(), if !under_way.is_empty() => {
                    self.renew().await;
                    continue;
                }
                () = cancelled.cancelled(), if !stopping && !under_way.is_empty() => continue,
            };
            let Some((step, finished)) = finished else {
                if !stopping && !ready.is_empty() {
                    continue;
                }
                break;
            };
            match self.finish(step, finished) {
                Next::Done => self.done(step, &mut walk),
                Next::Failed => {}
                Next::More(work) => under_way.push(work),
            }
            let found = self.world.take_diagnostics();
            self.diags.extend(found);
        }
        if stopping {
            self.diags.push(diagnostics::interrupted());
        }
    }

    fn done(&mut self, step: Step, walk: &mut Walk<'_, Step>) {
        if let Step::Make(position) = step {
            self.made.insert(position);
        }
        walk.done(&step);
    }

    fn start(&mut self, step: Step) -> Next {
        match step {
            Step::Make(position) => self.start_make(position),
            Step::Remove(position) => self.start_remove(position),
            Step::Open(number) => self.start_open(number),
            Step::Invoke(number) => self.start_invoke(number),
            Step::Judge(number) => self.judge(number),
            Step::Made(_)
            | Step::Removed(_)
            | Step::Changed(_)
            | Step::There(_)
            | Step::Settled => Next::Done,
        }
    }

    fn finish(&mut self, step: Step, finished: Finished) -> Next {
        let (Step::Make(position)
        | Step::Remove(position)
        | Step::Made(position)
        | Step::Open(position)
        | Step::Invoke(position)
        | Step::Judge(position)
        | Step::Removed(position)
        | Step::There(position)
        | Step::Changed(position)) = step
        else {
            return Next::Done;
        };
        match finished {
            Finished::Made { object, tainted, marks, problems } => {
                self.made(position, object, tainted, &marks, problems)
            }
            Finished::Unchanged => self.unchanged(position),
            Finished::Removed { object, problems } => self.removed(position, object, problems),
            Finished::Opened(answers) => self.opened(answers),
            Finished::Invoked(result) => self.invoked(position, result),
            Finished::Provisioned { next, result } => {
                self.provisioned(step, position, next, result)
            }
            Finished::Kept { provisioner, problem } => self.kept(position, provisioner, problem),
        }
    }

    /// Every resource instance as it is now: planned ones as planned, the others as the state has them.
    fn set_world(&mut self) {
        let plan = self.plan.clone();
        let mut planned = std::collections::BTreeSet::new();
        for change in plan.changes.iter().filter(|change| change.deposed.is_none()) {
            planned.insert(&change.addr);
            if let Some(after) = &change.after {
                let addr = &change.addr;
                self.world.set_resource(
                    &addr.module,
                    &addr.resource,
                    addr.key.clone(),
                    after.clone(),
                );
            }
        }
        for (addr, provider, found) in self.state.instances() {
            // Of what a check could not look at nothing is known.
            let block = plan.config.resource(&addr.config());
            let unread = block.and_then(|block| block.check.clone()).is_some_and(|check| {
                let of = Checkable::Check(addr.module.module(), check);
                plan.mode == Mode::RefreshOnly && plan.checks.has_failed(&of, &addr.module)
            });
            if planned.contains(&addr) || unread {
                continue;
            }
            if let Some(object) = &found.current {
                self.show_stored(&addr, provider, object);
            }
        }
        if self.world.has_only_present() {
            self.fill_holes();
        }
    }

    /// What is missing before an instance that is there is not known, but it has the type of the others.
    fn fill_holes(&self) {
        let planned = self.plan.changes.iter().filter(|change| change.after.is_some());
        let planned = planned.map(|change| (change.addr.clone(), &change.provider));
        let there = self.state.instances().map(|(addr, provider, _)| (addr, provider));
        for (addr, provider) in planned.chain(there) {
            let Some(InstanceKey::Int(last)) = addr.key else { continue };
            let before = (0..last).rev().map(|index| Some(InstanceKey::Int(index)));
            let holes = before
                .take_while(|key| self.world.resource(&addr.module, &addr.resource, key).is_none());
            for key in holes {
                let provider = self.request.registry.get(&provider.provider);
                let kind = Kind::from(addr.resource.mode);
                let schema =
                    provider.and_then(|provider| provider.schema(kind, &addr.resource.type_name));
                let ty = schema.map_or(Type::Any, |schema| schema.block.implied_type().clone());
                let value = Value::unknown(ty);
                self.world.set_resource(&addr.module, &addr.resource, key, value);
            }
        }
    }

    /// Has references find an object as the state has it.
    pub(crate) fn show_stored(
        &self,
        addr: &ResourceInstance,
        provider: &ProviderConfig,
        object: &ObjectState,
    ) {
        let Some(known) = self.request.registry.get(&provider.provider) else { return };
        let kind = Kind::from(addr.resource.mode);
        let Some(schema) = known.schema(kind, &addr.resource.type_name) else { return };
        if let Ok(value) = object.decode(schema) {
            let marks: Vec<_> =
                object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
            let value = infra_planning::marked(value, &marks, &schema.block);
            self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value);
        }
    }

    /// What data sources gave is of no use any more when everything has been destroyed.
    fn drop_data(&mut self) {
        if self.plan.mode == Mode::Destroy
            && self.plan.targets.is_empty()
            && !self.diags.has_errors()
        {
            self.state.resources.retain(|(_, resource), _| resource.mode != ResourceMode::Data);
        }
    }

    /// As in Terraform: resources without instances are in the state only after an error, and then all that were reached.
    fn settle_empty(&mut self) {
        if !self.diags.has_errors() {
            self.state.resources.retain(|_, found| !found.instances.is_empty());
            return;
        }
        let plan = self.plan.clone();
        if plan.mode != Mode::Normal || !plan.targets.is_empty() {
            return;
        }
        let mut known = self.lost();
        known.extend(plan.changes.iter().map(|change| Node::Resource(change.addr.config())));
        for module in plan.config.modules() {
            for (resource, block) in &module.resources {
                let config =
                    ConfigResource { module: module.path.clone(), resource: resource.clone() };
                let stored = resource.mode != ResourceMode::Ephemeral;
                let provider = plan.config.provider_of(&module.path, block);
                if stored && !known.contains(&Node::Resource(config)) {
                    for module in self.world.module_instances(module) {
                        let resource = resource.clone();
                        let addr = ResourceInstance { module, resource, key: None };
                        self.state.add_resource(&addr, &provider);
                    }
                }
            }
        }
    }

    pub(crate) fn change(&self, position: usize) -> Option<&ResourceChange> {
        self.plan.changes.get(position)
    }

    pub(crate) fn provider(&mut self, config: &ProviderConfig) -> Option<Arc<dyn Provider>> {
        let found = self.request.registry.get(&config.provider).cloned();
        if found.is_none() {
            self.diags.push(diagnostics::no_provider(config));
        }
        found
    }

    /// The value of a provider configuration, evaluated now that all it depends on is there.
    pub(crate) fn provider_config(
        &mut self,
        addr: &ProviderConfig,
        schema: &Schema,
    ) -> Option<Value> {
        let (config, found) = self.world.provider_config(addr, &schema.block);
        let failed = found.has_errors();
        self.diags.extend(found);
        (!failed).then(|| config.unmarked_deep().0)
    }

    /// Reports a provider's problems, at the block where there is one. Gives whether one was an error.
    pub(crate) fn report(&mut self, addr: &ResourceInstance, found: Vec<Problem>) -> bool {
        let config = self.plan.config.clone();
        let body = config.resource(&addr.config()).map(|block| &block.body);
        self.report_in(body, addr, found)
    }

    /// Reports a provider's problems in a body, if one is to blame. Gives whether one was an error.
    pub(crate) fn report_in(
        &mut self,
        body: Option<&Body>,
        addr: &ResourceInstance,
        found: Vec<Problem>,
    ) -> bool {
        let failed = found.iter().any(|problem| problem.severity == Severity::Error);
        for problem in found {
            self.tell(problems::placed(problem, body).address(addr));
        }
        failed
    }

    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        self.request.events.emit(Event::Diagnostic(diagnostic.clone()));
        self.diags.push(diagnostic);
    }

    /// Writes to the journal; a failure is reported, and what could not be announced must not be done.
    pub(crate) fn journal(&mut self, write: impl FnOnce(&Journal) -> std::io::Result<()>) -> bool {
        let Some(journal) = self.journal.clone() else { return true };
        match write(&journal) {
            Ok(()) => true,
            Err(error) => {
                self.tell(diagnostics::journal(&error));
                false
            }
        }
    }
}

/// What the state keeps of an object.
pub(crate) fn stored(
    change: &ResourceChange,
    object: &Object,
    schema: &Schema,
    marks: &[(Path, Marks)],
    tainted: bool,
) -> ObjectState {
    let marked = infra_planning::marked(object.value.clone(), marks, &schema.block);
    let (value, marked) = marked.unmarked_paths();
    ObjectState {
        tainted,
        schema_version: schema.version,
        attributes: Attributes::Value(value),
        sensitive: marked
            .into_iter()
            .filter(|(_, marks)| marks.contains(Marks::SENSITIVE))
            .map(|(path, _)| path)
            .collect(),
        private: object.private.clone(),
        dependencies: match change.addr.resource.mode {
            ResourceMode::Managed => change.dependencies.to_vec(),
            ResourceMode::Data
            | ResourceMode::Ephemeral
            | ResourceMode::List
            | ResourceMode::Action => Vec::new(),
        },
        create_before_destroy: change.create_before_destroy,
        identity: None,
    }
}

/// Connects the provider of a change.
pub(crate) async fn connect(
    connections: &infra_plan::Connections,
    provider: &Arc<dyn Provider>,
    addr: &ProviderConfig,
    config: &Value,
) -> Result<Arc<dyn Connection>, Vec<Problem>> {
    connections.get(provider, addr, config).await
}

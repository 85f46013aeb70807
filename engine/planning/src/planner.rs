//! The walk through the configuration: each object after all that it depends on; reads of providers and data sources
//! go on side by side while the walk itself stays in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use infra_addrs::{
    ConfigResource, Mode as ResourceMode, ProviderAddr, ProviderConfig, ResourceInstance,
};
use infra_diag::Diagnostics;
use infra_graph::{Graph, Walk};
use infra_lang::dependencies::{Node, dependencies, resource_dependencies};
use infra_lang::world::World;
use infra_plan::{Mode, Plan, ResourceChange};
use infra_provider::{Connection, Problem, Provider};
use infra_state::State;

use crate::prior::Prior;
use crate::refresh::Refreshed;
use crate::{Request, data, diagnostics};

pub(crate) struct Planner {
    pub(crate) request: Request,
    pub(crate) world: World,
    pub(crate) graph: Graph<Node>,
    pub(crate) prior: Prior,
    pub(crate) connections: BTreeMap<ProviderConfig, Arc<dyn Connection>>,
    pub(crate) changes: BTreeMap<(ResourceInstance, Option<String>), ResourceChange>,
    pub(crate) drift: Vec<ResourceChange>,
    pub(crate) planned: BTreeSet<ConfigResource>,
    pub(crate) create_before_destroy: BTreeSet<ConfigResource>,
    pub(crate) dependencies: BTreeMap<ConfigResource, Arc<[ConfigResource]>>,
    pub(crate) diags: Diagnostics,
}

/// What a read that went on beside the walk brought back.
pub(crate) enum Outcome {
    Connected(ProviderConfig, Result<Arc<dyn Connection>, Vec<Problem>>, Vec<Refreshed>),
    Data(ConfigResource, Vec<data::Answer>),
}

impl Planner {
    pub(crate) async fn run(request: Request) -> (Option<Plan>, Diagnostics) {
        let mut graph = dependencies(&request.config);
        if let Err(cycles) = graph.order() {
            return (
                None,
                cycles.iter().map(|cycle| diagnostics::cycle(&request.config, cycle)).collect(),
            );
        }
        let dependencies = resource_dependencies(&graph);
        let prior = Prior::new(&request);
        for provider in prior.by_provider.keys() {
            graph.add(Node::Provider(provider.clone()));
        }
        let world = World::new(
            request.config.clone(),
            request.environment.clone(),
            &request.workspace,
            request.variables.clone(),
        );
        let create_before_destroy =
            crate::replacement::create_before_destroy(&request.config, &graph);
        let mut planner = Self {
            request,
            world,
            graph,
            prior,
            connections: BTreeMap::new(),
            changes: BTreeMap::new(),
            drift: Vec::new(),
            planned: BTreeSet::new(),
            create_before_destroy,
            dependencies,
            diags: Diagnostics::new(),
        };
        planner.walk().await;
        planner.plan_orphans();
        planner.finish()
    }

    async fn walk(&mut self) {
        let wanted = self.wanted();
        let mut walk = Walk::new(&self.graph);
        let mut under_way: FuturesUnordered<BoxFuture<'static, (Node, Outcome)>> =
            FuturesUnordered::new();
        loop {
            while let Some(node) = walk.next() {
                let wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(&node));
                match wanted.then(|| self.visit(&node)).flatten() {
                    Some(work) => under_way.push(Box::pin(async move { (node, work.await) })),
                    None => walk.done(&node),
                }
            }
            let Some((node, outcome)) = under_way.next().await else { break };
            match outcome {
                Outcome::Connected(addr, connection, refreshed) => {
                    self.connected(&addr, connection, refreshed);
                }
                Outcome::Data(resource, answers) => self.data_answered(&resource, answers),
            }
            walk.done(&node);
        }
    }

    /// The nodes to visit: all, or in destroy mode the providers and what they depend on.
    fn wanted(&self) -> Option<BTreeSet<Node>> {
        if self.request.mode != Mode::Destroy {
            return None;
        }
        let providers = self.graph.nodes().filter(|node| matches!(node, Node::Provider(_)));
        Some(self.graph.with_dependencies(providers).into_iter().cloned().collect())
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
            Node::Provider(addr) => self.connect(addr),
            Node::Resource(addr) => match addr.resource.mode {
                ResourceMode::Managed => {
                    self.plan_managed(addr);
                    None
                }
                ResourceMode::Data => self.plan_data(addr),
                ResourceMode::Ephemeral => None,
            },
        };
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
        work
    }

    /// The provider at an address; a diagnostic is made by whoever needs it.
    pub(crate) fn provider(&self, addr: &ProviderAddr) -> Option<Arc<dyn Provider>> {
        self.request.registry.get(addr).cloned()
    }

    fn finish(mut self) -> (Option<Plan>, Diagnostics) {
        let outputs = self.plan_outputs();
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
        self.diags.dedup();
        if self.diags.has_errors() {
            return (None, self.diags);
        }
        self.drift.sort_by(|a, b| a.addr.cmp(&b.addr));
        let providers = self.connections.keys().filter_map(|addr| {
            let provider = self.request.registry.get(&addr.provider)?;
            Some((addr.provider.clone(), provider.version().to_owned()))
        });
        let plan = Plan {
            mode: self.request.mode,
            changes: self.changes.into_values().collect(),
            drift: self.drift,
            outputs,
            based_on: (self.prior.state.lineage.clone(), self.prior.state.serial),
            state_changed: self.prior.changed,
            providers: providers.collect(),
            prior: Arc::new(self.prior.state),
            config: self.request.config,
            variables: self.request.variables,
            workspace: self.request.workspace,
            timestamp: self.request.environment.plan_time,
            targets: BTreeSet::new(),
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

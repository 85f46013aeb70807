//! Load, plan, apply: one function each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::{ModulePath, ProviderAddr, ResourceInstance, Target};
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_lang::checking;
use infra_lang::config::{self, Config, LoadOptions};
use infra_lang::files::Files;
use infra_lang::functions::{Environment, ProviderFunctions};
use infra_plan::{Connections, Events, Mode, Plan, Registry};
use infra_planning::Refresh;
use infra_provider::{Provider, Provisioner};
use infra_value::{Str, Value};
use tokio_util::sync::CancellationToken;

use crate::Session;

/// The engine: the providers that are linked in, and the files that it sees.
#[derive(Clone)]
pub struct Engine {
    /// The providers and provisioners.
    pub registry: Registry,
    /// Their connections, kept between planning and applying.
    pub connections: Connections,
    /// The files of the configuration.
    pub files: Arc<dyn Files>,
    /// Where installed modules are, and what is known before anything is planned.
    pub loading: LoadOptions,
    /// How many calls may be under way at once.
    pub parallelism: usize,
}

/// What to plan.
pub struct PlanOptions {
    /// Values of the root module's variables, as [`config::variables::assign`] gives them.
    pub variables: BTreeMap<Str, Value>,
    /// Where those values stand that a file gives.
    pub given_at: BTreeMap<Str, Span>,
    /// Why variables got none: what was given does not fit them.
    pub unfit: BTreeMap<Str, Diagnostic>,
    /// The same as they were given, of whatever type, to be shown to programs.
    pub given: BTreeMap<Str, Value>,
    /// What sort of plan.
    pub mode: Mode,
    /// Which objects of the state to read first.
    pub refresh: Refresh,
    /// Instances to replace, whether they changed or not.
    pub replace: BTreeSet<ResourceInstance>,
    /// What the run is limited to; everything if it is empty.
    pub targets: Vec<Target>,
    /// What the run leaves out, with all that depends on it.
    pub excludes: Vec<Target>,
    /// Whether what cannot be planned yet may wait for the next plan, and is no error.
    pub defer: bool,
    /// Actions to invoke; then nothing is changed, and no more is read than they need.
    pub invoke: Vec<Target>,
    /// Whether to write the configuration of objects that are imported without one, into their changes.
    pub generate: bool,
    /// The workspace.
    pub workspace: String,
    /// The time, in RFC 3339: what `plantimestamp()` gives.
    pub now: String,
    /// Where events go.
    pub events: Events,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            variables: BTreeMap::new(),
            given_at: BTreeMap::new(),
            unfit: BTreeMap::new(),
            given: BTreeMap::new(),
            mode: Mode::Normal,
            refresh: Refresh::All,
            replace: BTreeSet::new(),
            targets: Vec::new(),
            excludes: Vec::new(),
            defer: false,
            invoke: Vec::new(),
            generate: false,
            workspace: "default".to_owned(),
            now: "1970-01-01T00:00:00Z".to_owned(),
            events: Events::ignored(),
        }
    }
}

/// How to apply.
pub struct ApplyOptions {
    /// The time, in RFC 3339: what `timestamp()` gives.
    pub now: String,
    /// Where events go.
    pub events: Events,
    /// When cancelled, nothing new is begun.
    pub cancel: CancellationToken,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            now: "1970-01-01T00:00:00Z".to_owned(),
            events: Events::ignored(),
            cancel: CancellationToken::new(),
        }
    }
}

impl Engine {
    /// An engine with these providers that sees these files.
    pub fn new(registry: Registry, files: Arc<dyn Files>) -> Self {
        let loading = LoadOptions::default();
        Self { registry, connections: Connections::default(), files, loading, parallelism: 10 }
    }

    /// Reads the configuration in a folder. What could be read is given also after errors.
    pub fn load(&self, dir: &str) -> (Arc<Config>, Diagnostics) {
        let (config, diagnostics) = config::load(self.files.clone(), dir, &self.loading);
        (Arc::new(config), diagnostics)
    }

    /// All that can be said against a configuration without calling a provider.
    pub fn check(&self, config: &Config) -> Diagnostics {
        checking::check(config, &Linked(&self.registry))
    }

    /// Which providers are missing, and what is wrong with passing their configurations between modules: what can be said
    /// against a configuration before anything else of it matters.
    pub fn check_providers(&self, config: &Config) -> Diagnostics {
        checking::check_providers(config, &Linked(&self.registry))
    }

    /// What is wrong with the references of an expression that stands in a module.
    pub fn check_references(
        &self,
        config: &Config,
        module: &ModulePath,
        expr: &infra_lang::syntax::Expr,
    ) -> Diagnostics {
        checking::check_references(config, &Linked(&self.registry), module, expr)
    }

    /// Makes a plan from a configuration and the state of a session.
    pub async fn plan(
        &self,
        config: &Arc<Config>,
        session: &Session,
        options: PlanOptions,
    ) -> (Option<Plan>, Diagnostics) {
        let (plan, found) = infra_planning::plan(self.request(config, session, options)).await;
        (plan, config.with_blocks(found))
    }

    /// Finds what the `list` blocks of query files ask for ([`LoadOptions::queries`] has them loaded), and tells of it in
    /// events. Of the options, those for what a plan would do have no meaning.
    pub async fn query(
        &self,
        config: &Arc<Config>,
        session: &Session,
        options: PlanOptions,
    ) -> Diagnostics {
        let found = infra_planning::query(self.request(config, session, options)).await;
        config.with_blocks(found)
    }

    fn request(
        &self,
        config: &Arc<Config>,
        session: &Session,
        options: PlanOptions,
    ) -> infra_planning::Request {
        let environment = self.environment(config.files.clone(), &options.now, None);
        infra_planning::Request {
            config: config.clone(),
            prior: session.state.clone(),
            variables: options.variables,
            given_at: options.given_at,
            unfit: options.unfit,
            given: options.given,
            registry: self.registry.clone(),
            connections: self.connections.clone(),
            environment,
            workspace: options.workspace,
            mode: options.mode,
            refresh: options.refresh,
            replace: options.replace,
            targets: options.targets,
            excludes: options.excludes,
            defer: options.defer,
            invoke: options.invoke,
            generate: options.generate,
            parallelism: self.parallelism,
            events: options.events,
        }
    }

    /// Carries out a plan and saves the state, also after errors.
    pub async fn apply(
        &self,
        plan: Plan,
        session: &mut Session,
        options: ApplyOptions,
    ) -> Diagnostics {
        let environment =
            self.environment(plan.config.files.clone(), &plan.timestamp, Some(&options.now));
        let config = plan.config.clone();
        let journal = match session.journal() {
            Ok(journal) => journal,
            Err(diagnostic) => return diagnostic.into(),
        };
        let (state, found) = infra_applying::apply(infra_applying::Request {
            plan,
            registry: self.registry.clone(),
            connections: self.connections.clone(),
            environment,
            journal,
            parallelism: self.parallelism,
            events: options.events,
            cancel: options.cancel,
        })
        .await;
        let mut found = config.with_blocks(found);
        found.extend(session.save(state).await);
        found
    }

    pub(crate) fn environment(
        &self,
        files: Arc<dyn Files>,
        plan_time: &str,
        now: Option<&str>,
    ) -> Environment {
        Environment {
            files,
            base_dir: String::new(),
            plan_time: plan_time.to_owned(),
            now: now.map(str::to_owned),
            providers: self.registry.functions(),
            ..Environment::nowhere()
        }
    }
}

/// What is linked in, as checks ask for it.
struct Linked<'a>(&'a Registry);

impl checking::Installed for Linked<'_> {
    fn provider(&self, addr: &ProviderAddr) -> Option<Arc<dyn Provider>> {
        self.0.get(addr).cloned()
    }

    fn provisioner(&self, name: &str) -> Option<Arc<dyn Provisioner>> {
        self.0.provisioner(name).cloned()
    }

    fn functions(&self) -> ProviderFunctions {
        self.0.functions()
    }
}

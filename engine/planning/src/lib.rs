//! Planning: configuration + prior state + what providers answer -> [`Plan`].
//!
//! Objects in the prior state are read first, many at once; then the walk through the configuration is pure, but for
//! data sources. Nothing is changed: that is `applying`.
//!
//! Reading order: `moves`, `adopting` (before the walk), `planner` (the walk), `destroying`, `minimal`, `targets`, `refresh`,
//! `imports`, `managed`, `actions`, `data`, `deferring`, `pending`, `ephemeral`, `leases`, `listing`, `orphans`, `outputs`, `judging`,
//! `conditions`, `relevant`.

mod actions;
mod adopting;
mod conditions;
mod data;
mod deferring;
mod destroying;
mod diagnostics;
mod ephemeral;
mod generate;
mod ignore;
mod imports;
mod judging;
pub mod leases;
mod listing;
mod managed;
mod minimal;
mod moves;
mod orphans;
mod outputs;
mod pending;
mod planner;
mod prior;
mod refresh;
mod relevant;
mod replacement;
mod targets;
mod triggers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::{ResourceInstance, Target};
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_lang::config::Config;
use infra_lang::functions::Environment;
use infra_plan::{Connections, Events, Mode, Plan, Registry};
use infra_state::State;
use infra_value::{Str, Value};

/// All that a plan is made from.
#[derive(Clone)]
pub struct Request {
    /// The configuration.
    pub config: Arc<Config>,
    /// The state as it was read.
    pub prior: State,
    /// Values of the root module's variables, converted to their types.
    pub variables: BTreeMap<Str, Value>,
    /// Where those values stand that a file gives.
    pub given_at: BTreeMap<Str, Span>,
    /// Why the variables that are named got no value: what was given does not fit. Nothing that depends on them is planned.
    pub unfit: BTreeMap<Str, Diagnostic>,
    /// The same as they were given.
    pub given: BTreeMap<Str, Value>,
    /// The providers that are linked in.
    pub registry: Registry,
    /// Their connections.
    pub connections: Connections,
    /// What functions see of the world.
    pub environment: Environment,
    /// The workspace.
    pub workspace: String,
    /// What sort of plan.
    pub mode: Mode,
    /// Which objects of the prior state to read first.
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
    /// Whether to write the configuration of objects that are imported without one.
    pub generate: bool,
    /// How many reads may be under way at once.
    pub parallelism: usize,
    /// Where events go.
    pub events: Events,
}

impl Request {
    /// Whether anything may wait for the next plan.
    pub(crate) fn defers(&self) -> bool {
        self.defer && self.mode == Mode::Normal
    }
}

/// Which objects of the prior state are read before a plan is made.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Refresh {
    /// All.
    #[default]
    All,
    /// Those that the plan would change, as far as can be told without reading any. All, if it destroys or only reads.
    Changed,
    /// Those of these instances.
    Of(Arc<BTreeSet<ResourceInstance>>),
    /// None.
    Nothing,
}

impl Refresh {
    /// Whether the objects of an instance are read.
    fn of(&self, addr: &ResourceInstance) -> bool {
        match self {
            Self::All | Self::Changed => true,
            Self::Of(instances) => instances.contains(addr),
            Self::Nothing => false,
        }
    }
}

/// Makes a plan. After an error that is how far it came, or nothing where it did not begin; the diagnostics say what was
/// wrong, and carry warnings in any case.
pub async fn plan(mut request: Request) -> (Option<Plan>, Diagnostics) {
    if !request.invoke.is_empty() {
        request.mode = Mode::RefreshOnly;
    }
    let reads = request.refresh != Refresh::Nothing;
    if request.mode == Mode::Destroy && reads && !request.prior.is_empty() {
        return destroying::plan(request).await;
    }
    if request.refresh == Refresh::Changed && request.mode == Mode::Normal {
        return minimal::plan(request).await;
    }
    planner::Planner::run(request, Purpose::Plan).await
}

/// Finds what the `list` blocks of the configuration ask for, and tells of it in events. What they depend on is planned;
/// nothing comes of that plan.
pub async fn query(mut request: Request) -> Diagnostics {
    request.refresh = listing::refreshed(&request);
    planner::Planner::run(request, Purpose::Query).await.1
}

/// What a walk through the configuration is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The plan that was asked for.
    Plan,
    /// What there is before everything is destroyed: conditions that do not hold are no reason to keep it.
    BeforeDestroying,
    /// What `list` blocks find; nothing but what they depend on is looked at.
    Query,
}

pub use judging::{Judged, judge, judge_check, judge_variable};
pub use refresh::id_of;

/// The value with marks added at paths, and what the schema says is sensitive marked so.
pub fn marked(
    value: Value,
    marks: &[(infra_value::Path, infra_value::Marks)],
    schema: &infra_provider::Block,
) -> Value {
    managed::marked_by_schema(managed::remarked(value, marks), schema)
}

/// The marks that a planned value keeps of those of its configuration: what is ephemeral is not in it.
pub fn kept(
    marks: Vec<(infra_value::Path, infra_value::Marks)>,
) -> Vec<(infra_value::Path, infra_value::Marks)> {
    let ephemeral = infra_value::Marks::EPHEMERAL;
    marks.into_iter().filter(|(_, marks)| !marks.contains(ephemeral)).collect()
}

/// A configuration with what the provider decides known after apply.
pub fn completed(config: Value, schema: &infra_provider::Block) -> Value {
    schema.attributes.iter().fold(config, |config, (name, attribute)| {
        let absent = config.get(name).is_none_or(Value::is_null);
        if attribute.computed && absent {
            config.with(name, Value::unknown(attribute.ty.clone()))
        } else {
            config
        }
    })
}

/// The value with null in place of what is not known.
pub fn without_unknown(value: Value) -> Value {
    if value.is_wholly_known() {
        return value;
    }
    value.transform(&mut |_, item| if item.is_known() { item } else { Value::null(item.ty()) })
}

/// The configuration as if its author had agreed with what there is at the paths that `ignore_changes` names.
pub fn ignore_changes(
    ignore: &infra_lang::config::IgnoreChanges,
    config: &Value,
    prior: &Value,
    schema: &infra_provider::Block,
) -> Value {
    ignore::apply(ignore, config, prior, schema)
}

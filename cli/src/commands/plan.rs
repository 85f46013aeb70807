use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use infra_engine::addrs::{self, ResourceInstance, Target};
use infra_engine::diag::Diagnostics;
use infra_engine::plan::{Mode, Plan, Registry};
use infra_engine::{PlanOptions, Refresh, Session};

use crate::context::Context;
use crate::diagnostics;
use crate::session::{self, AskingArgs, Failed, OutputArgs, StateArgs, Work, fail, told};
use crate::targets::TargetArgs;
use crate::views::{self, progress};

/// Show the changes that apply would make
///
/// Compares the configuration with the state and with the real objects, and proposes the actions that make them agree.
/// Nothing is changed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write the plan to a file that apply accepts
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Exit with status 2 if there are changes
    #[arg(long)]
    detailed_exitcode: bool,

    /// Write the configuration of objects that are imported without one to this file
    #[arg(long, value_name = "FILE")]
    generate_config_out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) planning: PlanningArgs,
}

/// What to plan, and from which state.
#[derive(clap::Args, Clone)]
pub(crate) struct PlanningArgs {
    /// Plan to delete everything
    #[arg(long)]
    pub(crate) destroy: bool,

    /// Only bring the state up to date with the real objects
    #[arg(long)]
    pub(crate) refresh_only: bool,

    /// Read the real objects first
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    pub(crate) refresh: std::primitive::bool,

    /// Read only the real objects that would change
    #[arg(long, conflicts_with = "refresh_only")]
    pub(crate) minimal_refresh: bool,

    /// Replace this resource instance
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) replace: Vec<String>,

    /// Invoke an action, and change nothing
    #[arg(long, value_name = "ADDRESS", conflicts_with = "minimal_refresh")]
    pub(crate) invoke: Vec<String>,

    #[command(flatten)]
    pub(crate) limits: TargetArgs,

    /// Leave what cannot be planned yet, such as an unknown count, to the next plan
    #[arg(long)]
    pub(crate) allow_deferral: bool,

    /// Whether configuration is written for objects that are imported without one
    #[arg(skip)]
    pub(crate) generate: bool,

    /// How many calls may be under way at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) parallelism: usize,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) state: StateArgs,

    #[command(flatten)]
    pub(crate) asking: AskingArgs,
}

impl PlanningArgs {
    /// A usual plan.
    pub(crate) fn of(state: StateArgs, asking: AskingArgs) -> Self {
        Self {
            destroy: false,
            refresh_only: false,
            refresh: true,
            minimal_refresh: false,
            replace: Vec::new(),
            invoke: Vec::new(),
            limits: TargetArgs::default(),
            allow_deferral: false,
            generate: false,
            parallelism: 10,
            output: OutputArgs::default(),
            state,
            asking,
        }
    }
}

pub(crate) async fn run(cx: &Context, mut args: Args) -> Result<ExitCode, Failed> {
    let cx = &args.planning.output.clone().applied(cx)?;
    if let Some(path) = &args.generate_config_out {
        if cx.folder.join(path).exists() {
            return fail(cx, diagnostics::generated_file_exists(path));
        }
        args.planning.generate = true;
    }
    let made = make(cx, &args.planning, "OperationTypePlan").await?;
    if made.found.has_errors()
        && let Some(path) = &args.out
        && let Err(problem) = write(cx, &made.plan, path)
    {
        cx.diagnostic(&diagnostics::plan_not_written(path, &problem), &made.work.sources);
    }
    let (work, mut session, plan) = made.shown(cx, true).await?;
    let mut result = Ok(());
    if let Some(path) = &args.generate_config_out
        && let Some(text) = views::plan::generated(&plan)
    {
        cx.diagnostic(&diagnostics::generated(), &work.sources);
        if let Err(error) = std::fs::write(cx.folder.join(path), text) {
            result = fail(cx, diagnostics::generated_not_written(path, &error));
        }
    }
    if let Some(path) = &args.out {
        result = match write(cx, &plan, path) {
            Ok(()) => {
                cx.print(&views::plan::saved(path));
                Ok(())
            }
            Err(problem) => fail(cx, diagnostics::plan_not_written(path, &problem)),
        };
    }
    cx.diagnostics(&session.close().await, &work.sources);
    result?;
    let changed = args.detailed_exitcode && plan.is_applyable();
    Ok(if changed { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Writes a plan to a file.
fn write(cx: &Context, plan: &Plan, path: &Path) -> Result<(), String> {
    let bytes = infra_engine::plan::file::write(plan)?;
    std::fs::write(cx.folder.join(path), bytes).map_err(|error| error.to_string())
}

/// Shows a plan.
pub(crate) fn show(cx: &Context, plan: &Plan, registry: &Registry) {
    if let Some(machine) = &cx.machine {
        views::messages::plan(machine, plan);
    }
    cx.print(&views::plan::human(plan, registry, cx.paint()));
}

/// What planning came to, which is only a part where there are errors. The session is open.
pub(crate) struct Made {
    work: Work,
    session: Session,
    plan: Plan,
    found: Diagnostics,
}

impl Made {
    /// Leaves out what checks found: applying judges them again at once.
    pub(crate) fn leave_out_checks(&mut self) {
        if !self.found.has_errors() {
            self.found = self.found.iter().filter(|found| !found.is_of_check()).cloned().collect();
        }
    }

    /// Tells that there was nothing to bring up to date, if so.
    pub(crate) fn tell_of_nothing(&mut self) {
        let managed = |resource: &infra_engine::addrs::Resource| {
            resource.mode == infra_engine::addrs::Mode::Managed
        };
        if !self.session.state.resources.keys().any(|(_, resource)| managed(resource)) {
            self.found.push(diagnostics::nothing_in_state());
        }
    }

    /// Whether errors left nothing of the plan.
    pub(crate) fn came_to_nothing(&self) -> bool {
        self.plan.errored && self.plan.changes.is_empty() && self.plan.outputs.is_empty()
    }

    /// Shows the plan if it is wanted or did not come to its end, and then what was found. Gives it if there is no error.
    pub(crate) async fn shown(
        self,
        cx: &Context,
        wanted: bool,
    ) -> Result<(Work, Session, Plan), Failed> {
        if wanted || (self.plan.errored && !self.came_to_nothing()) {
            show(cx, &self.plan, &self.work.engine.registry);
            if !self.found.is_empty() {
                cx.print("\n");
            }
        }
        self.told(cx).await
    }

    /// Tells what was found. Gives the plan if there is no error.
    pub(crate) async fn told(mut self, cx: &Context) -> Result<(Work, Session, Plan), Failed> {
        if told(cx, &self.found, &self.work.sources).is_ok() {
            return Ok((self.work, self.session, self.plan));
        }
        cx.diagnostics(&self.session.close().await, &self.work.sources);
        Err(Failed)
    }
}

/// The actions that a run is to invoke, and nothing else.
fn asked(cx: &Context, args: &PlanningArgs) -> Result<Vec<Target>, Failed> {
    let other = [
        ("-destroy", args.destroy),
        ("-refresh-only", args.refresh_only),
        ("-replace", !args.replace.is_empty()),
        ("-target or -exclude", !args.limits.is_empty()),
        ("-generate-config-out", args.generate),
    ];
    if let Some((other, _)) = other.iter().find(|(_, given)| *given && !args.invoke.is_empty()) {
        return fail(cx, diagnostics::invoke_with(other));
    }
    let mut found = Vec::new();
    for text in &args.invoke {
        match text.parse::<ResourceInstance>() {
            Ok(ResourceInstance { module, resource, key })
                if resource.mode == addrs::Mode::Action =>
            {
                found.push(Target { module, resource: Some((resource, key)) });
            }
            _ => return fail(cx, diagnostics::wrong_action(text)),
        }
    }
    Ok(found)
}

/// Loads, opens the state, and plans.
pub(crate) async fn make(
    cx: &Context,
    args: &PlanningArgs,
    operation: &str,
) -> Result<Made, Failed> {
    if args.refresh_only && args.destroy {
        return fail(cx, diagnostics::two_modes());
    }
    if (args.refresh_only || args.destroy) && !args.replace.is_empty() {
        return fail(cx, diagnostics::replace_in_other_mode());
    }
    if args.refresh_only && !args.refresh {
        return fail(cx, diagnostics::nothing_to_refresh());
    }
    let invoke = asked(cx, args)?;
    // What is no longer in any configuration can still be destroyed or refreshed.
    let may_be_empty = args.destroy || operation == "OperationTypeRefresh";
    let inputs = &args.state.inputs;
    let mut work = Work::read_quietly(cx, inputs, may_be_empty)?;
    // As in Terraform, values that are missing or wrong are told before anything else is looked at.
    let variables = work.variables(cx, inputs, &args.asking).await?;
    let mut work = work.checked(cx)?;
    if args.state.state.is_some() {
        work.warnings.push(diagnostics::state_flag());
    }
    let mut replace = BTreeSet::new();
    for text in &args.replace {
        match text.parse::<ResourceInstance>() {
            Ok(addr) if addr.resource.mode == addrs::Mode::Action => {
                return fail(cx, diagnostics::replaced_action(&addr));
            }
            Ok(addr) => replace.insert(addr),
            Err(error) => {
                return fail(
                    cx,
                    diagnostics::wrong_flag_address("force-replace address", text, &error.0),
                );
            }
        };
    }
    let targets = args.limits.targets(cx)?;
    let excludes = args.limits.excludes(cx)?;
    let store = session::store(cx, Some(&work.config), &args.state).await?;
    let mut session = session::open(cx, store, &args.state, Some(operation)).await?;
    work.engine.parallelism = args.state.parallelism(args.parallelism);
    let progress = progress::Progress::new(cx);
    let options = PlanOptions {
        given_at: std::mem::take(&mut work.given_at),
        variables: variables.values,
        unfit: variables.unfit,
        given: variables.given,
        mode: match (args.destroy, args.refresh_only) {
            (true, _) => Mode::Destroy,
            (false, true) => Mode::RefreshOnly,
            (false, false) => Mode::Normal,
        },
        refresh: match (args.refresh, args.minimal_refresh) {
            (false, _) => Refresh::Nothing,
            (true, true) => Refresh::Changed,
            (true, false) => Refresh::All,
        },
        replace,
        targets,
        excludes,
        defer: args.allow_deferral,
        invoke,
        generate: args.generate,
        workspace: session::workspace(cx),
        now: Context::now_in_seconds(),
        events: progress.events(),
    };
    let planned = tokio::select! {
        biased;
        () = crate::interrupt::interrupted() => None,
        planned = work.engine.plan(&work.config, &session, options) => Some(planned),
    };
    progress.finish();
    let Some((plan, mut found)) = planned else {
        cx.diagnostics(&session.close().await, &work.sources);
        return fail(cx, diagnostics::planning_interrupted());
    };
    // Evaluation finds again what checking found.
    found.extend(std::mem::take(&mut work.warnings));
    found.dedup();
    if let Some(plan) = plan {
        for change in &plan.drift {
            cx.log("DEBUG", || views::logging::change("changed outside", change));
        }
        for change in &plan.changes {
            cx.log("DEBUG", || views::logging::change("planned", change));
        }
        return Ok(Made { work, session, plan, found });
    }
    cx.diagnostics(&found, &work.sources);
    cx.diagnostics(&session.close().await, &work.sources);
    Err(Failed)
}

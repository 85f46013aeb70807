use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use infra_engine::diag::Diagnostics;
use infra_engine::lang::config::variables::{self, Inputs};
use infra_engine::lang::files::Files;
use infra_engine::plan::{Action, Counts, Events, Mode, Plan};
use infra_engine::value::Str;
use infra_engine::{ApplyOptions, CancellationToken, Engine, Session};

use super::plan::{PlanningArgs, make};
use crate::context::Context;
use crate::session::{self, Failed, InputArgs, Work, fail, told};
use crate::views::{self, progress};
use crate::{diagnostics, providers};

/// Make the changes that bring the real objects into agreement with the configuration
///
/// Shows the plan and asks before it begins, unless -auto-approve is given. With a saved plan it does just what that
/// says, without asking.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A plan that plan -out saved
    plan: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) applying: ApplyingArgs,

    #[command(flatten)]
    pub(crate) planning: PlanningArgs,

    /// It is infra destroy.
    #[arg(skip)]
    destroying: bool,
}

/// How changes are made.
#[derive(clap::Args)]
pub(crate) struct ApplyingArgs {
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,

    /// Accepted, without effect: an object that is forgotten is never an error
    #[arg(long)]
    pub(crate) suppress_forget_errors: bool,
}

impl Args {
    /// To delete everything.
    pub(crate) fn destroying(applying: ApplyingArgs, planning: PlanningArgs) -> Self {
        Self { plan: None, applying, planning, destroying: true }
    }
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let cx = &args.planning.output.applied(cx)?;
    let paint = cx.paint();
    let asks = args.plan.is_none() && !args.applying.auto_approve;
    if asks && args.planning.output.json {
        return fail(cx, diagnostics::approval_with_json());
    }
    let (mut work, mut session, plan) = match &args.plan {
        Some(path) => {
            let (work, session, plan) = saved(cx, &args, path).await?;
            if let Some(machine) = &cx.machine {
                views::messages::changes(machine, &plan);
            }
            (work, session, plan)
        }
        None => {
            let mut made = make(cx, &args.planning, "OperationTypeApply").await?;
            if !asks {
                made.leave_out_checks();
            }
            let wanted = !made.came_to_nothing();
            made.shown(cx, wanted).await?
        }
    };
    if args.plan.is_none() {
        let something =
            plan.has_changes() || (plan.mode == Mode::RefreshOnly && plan.state_changed);
        if something && asks && !may_go_on(cx, &args, &plan).await {
            cx.diagnostics(&session.close().await, &work.sources);
            return Err(Failed);
        }
    }
    let before = work.engine.connections.requests();
    let done = Arc::new(Mutex::new(Counts { import: plan.counts().import, ..Counts::default() }));
    let mode = if args.destroying { Mode::Destroy } else { Mode::Normal };
    let (changes, limited) = (plan.has_changes(), !plan.targets.is_empty());
    let deferred = plan.deferred.len();
    let progress = progress::Progress::new(cx);
    let all = plan.changes.iter().filter(|change| change.action != Action::NoOp).count();
    progress.expect(all);
    let events = noting(progress.events(), done.clone());
    let mut found = std::mem::take(&mut work.warnings);
    found.extend(carried_out(&work, &mut session, plan, events).await);
    found.dedup();
    progress.finish();
    let closed = session.close().await;
    if limited {
        found.push(diagnostics::incomplete());
    }
    if deferred > 0 {
        found.push(diagnostics::deferred(deferred));
    }
    let failed =
        told(cx, &found, &work.sources).is_err() | told(cx, &closed, &work.sources).is_err();
    if failed {
        return Err(Failed);
    }
    let requests = work.engine.connections.requests().max(before);
    let counts = *done.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(machine) = &cx.machine {
        views::messages::applied(machine, counts, mode);
        if !args.destroying {
            views::messages::outputs(machine, &session.state);
        }
    }
    cx.print(&views::plan::applied(counts, mode, changes, progress.elapsed(), requests, paint));
    cx.print(&views::output::all(&session.state, paint));
    Ok(ExitCode::SUCCESS)
}

/// Events that are counted on their way.
fn noting(events: Events, done: Arc<Mutex<Counts>>) -> Events {
    Events::new(move |event| {
        done.lock().unwrap_or_else(PoisonError::into_inner).note(&event);
        events.emit(event);
    })
}

/// Reads a saved plan, and sees that the state is still the one it was made from.
async fn saved(
    cx: &Context,
    args: &Args,
    path: &std::path::Path,
) -> Result<(Work, Session, Plan), Failed> {
    let read = std::fs::read(cx.folder.join(path)).map_err(|error| error.to_string());
    let disk: Arc<dyn Files> = cx.files();
    let (mut plan, mut warnings) =
        match read.and_then(|bytes| infra_engine::plan::file::read(&bytes, disk)) {
            Ok(read) => read,
            Err(problem) => {
                return fail(cx, diagnostics::wrong_plan_file(path, &problem));
            }
        };
    if plan.errored {
        return fail(cx, diagnostics::errored_plan());
    }
    let mut engine = Engine::new(providers::registry(cx), plan.config.files.clone());
    engine.parallelism = args.planning.state.parallelism(args.planning.parallelism);
    let (config, sources) = (plan.config.clone(), plan.config.sources.clone());
    warnings.extend(engine.check(&config));
    let mut work = Work { engine, config, sources, warnings, given_at: BTreeMap::new() };
    unchanged_variables(cx, &plan, &args.planning.state.inputs)?;
    if !plan.ephemeral.is_empty() {
        // Values of ephemeral variables are in no file: they are given again.
        let inputs = &args.planning.state.inputs;
        let given = work.all_variables(cx, inputs, &args.planning.asking).await?;
        for name in plan.ephemeral.clone() {
            match given.get(&name) {
                Some(value) => plan.variables.insert(name, value.clone()),
                None => return fail(cx, diagnostics::no_ephemeral_value(&name)),
            };
        }
    }
    let store = session::store(cx, Some(&plan.config), &args.planning.state).await?;
    let mut session =
        session::open(cx, store, &args.planning.state, Some("OperationTypeApply")).await?;
    let (lineage, serial) = &plan.based_on;
    let diagnostic = if session.state.serial == 0 && *serial == 0 {
        None
    } else if session.state.lineage != *lineage && *serial != 0 {
        Some(diagnostics::foreign_plan())
    } else if session.state.serial != *serial {
        Some(diagnostics::stale_plan())
    } else {
        None
    };
    match diagnostic {
        None => Ok((work, session, plan)),
        Some(diagnostic) => {
            cx.diagnostics(&session.close().await, &work.sources);
            fail(cx, diagnostic)
        }
    }
}

/// A saved plan has its values of variables: flags may say them once more, but no others.
fn unchanged_variables(cx: &Context, plan: &Plan, inputs: &InputArgs) -> Result<(), Failed> {
    if inputs.flags.is_empty() {
        return Ok(());
    }
    let flags = Inputs { environment: BTreeMap::new(), automatic: false, ..inputs.all(cx) };
    let (mut found, mut sources) = (Diagnostics::new(), plan.config.sources.clone());
    let given = flags.given(&*cx.files(), &mut sources, &mut found);
    let values = variables::assign(&plan.config.root, &given, &mut sources, &mut found);
    let values = values.fitting(&mut found);
    let named = |name: &Str| given.iter().any(|layer| layer.contains_key(name));
    for (name, value) in values.iter().filter(|(name, _)| named(name)) {
        match plan.variables.get(name) {
            _ if plan.ephemeral.contains(name) => {}
            Some(planned) if planned == value => {}
            Some(_) => found.push(diagnostics::variable_of_saved_plan(name)),
            None => found.push(diagnostics::variable_not_in_saved_plan(name)),
        }
    }
    told(cx, &found, &sources)
}

/// Whether a plan that changes something may be carried out.
async fn may_go_on(cx: &Context, args: &Args, plan: &Plan) -> bool {
    if args.planning.asking.input && cx.may_ask() {
        return approved(cx, plan).await;
    }
    cx.diagnostic(&diagnostics::not_approved(), &Default::default());
    false
}

/// Asks whether to go on.
async fn approved(cx: &Context, plan: &Plan) -> bool {
    let answer = cx.ask(&views::question::approval(plan)).await;
    match answer.as_deref() {
        Some("yes") => {
            cx.print("\n");
            return true;
        }
        None if !cx.somebody_there() => {
            cx.diagnostic(&diagnostics::not_approved(), &Default::default());
        }
        _ => cx.print(&views::plan::cancelled(plan.mode)),
    }
    false
}

/// Applies a plan. The first interrupt stops gracefully; after the second nothing is waited for, and the state is saved
/// from the journal.
async fn carried_out(
    work: &Work,
    session: &mut Session,
    plan: Plan,
    events: Events,
) -> Diagnostics {
    let cancel = CancellationToken::new();
    let options = ApplyOptions { now: Context::now_in_seconds(), events, cancel: cancel.clone() };
    let stopped_twice = async {
        crate::interrupt::interrupted().await;
        cancel.cancel();
        crate::interrupt::interrupted().await;
    };
    tokio::select! {
        // Listening begins before the work does.
        biased;
        () = stopped_twice => {}
        found = work.engine.apply(plan, session, options) => return found,
    }
    let mut found = session.recover().await;
    found.push(diagnostics::stopped_at_once());
    found
}

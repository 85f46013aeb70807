use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use infra_engine::lang::files::Files;
use infra_engine::plan::{Mode, Plan};
use infra_engine::{ApplyOptions, CancellationToken, Engine, Session};

use super::plan::{PlanningArgs, make};
use crate::context::Context;
use crate::session::{self, Failed, Work, fail, told};
use crate::views::paint::Paint;
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

    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,

    #[command(flatten)]
    pub(crate) planning: PlanningArgs,
}

impl Args {
    /// Without a saved plan.
    pub(crate) fn new(auto_approve: bool, planning: PlanningArgs) -> Self {
        Self { plan: None, auto_approve, planning }
    }
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let paint = Paint { colour: cx.style.colour };
    let (work, mut session, plan) = match &args.plan {
        Some(path) => saved(cx, &args, path).await?,
        None => make(cx, &args.planning, "OperationTypeApply").await?,
    };
    if args.plan.is_none() {
        cx.print(&views::plan::human(&plan, &work.engine.registry, paint));
        let something =
            plan.has_changes() || (plan.mode == Mode::RefreshOnly && plan.state_changed);
        if something && !args.auto_approve && !approved(cx, &plan) {
            cx.diagnostics(&session.close().await, &work.sources);
            return Err(Failed);
        }
    }
    let before = work.engine.connections.requests();
    let counts = plan.counts();
    let (mode, changes) = (plan.mode, plan.has_changes());
    let progress = progress::Progress::new(cx);
    let cancel = CancellationToken::new();
    let listening = stop_on_interrupt(cancel.clone());
    let options =
        ApplyOptions { now: Context::now_in_seconds(), events: progress.events(), cancel };
    let found = work.engine.apply(plan, &mut session, options).await;
    listening.abort();
    progress.finish();
    let closed = session.close().await;
    let failed =
        told(cx, &found, &work.sources).is_err() | told(cx, &closed, &work.sources).is_err();
    if failed {
        return Err(Failed);
    }
    let requests = work.engine.connections.requests().max(before);
    cx.print(&views::plan::applied(counts, mode, changes, progress.elapsed(), requests, paint));
    cx.print(&views::output::all(&session.state, paint));
    Ok(ExitCode::SUCCESS)
}

/// Reads a saved plan, and sees that the state is still the one it was made from.
async fn saved(
    cx: &Context,
    args: &Args,
    path: &std::path::Path,
) -> Result<(Work, Session, Plan), Failed> {
    let read = std::fs::read(cx.folder.join(path)).map_err(|error| error.to_string());
    let disk: Arc<dyn Files> = cx.files();
    let plan = match read.and_then(|bytes| infra_engine::plan::file::read(&bytes, disk)) {
        Ok(plan) => plan,
        Err(problem) => {
            return fail(
                cx,
                diagnostics::wrong_plan_file(format!("{}: {problem}", path.display())),
            );
        }
    };
    let mut engine = Engine::new(providers::registry(cx), plan.config.files.clone());
    engine.parallelism = args.planning.parallelism;
    let work = Work { engine, config: plan.config.clone(), sources: plan.config.sources.clone() };
    let store = session::store(cx, Some(&plan.config), &args.planning.state).await?;
    let mut session =
        session::open(cx, store, &args.planning.state, Some("OperationTypeApply")).await?;
    let (lineage, serial) = &plan.based_on;
    let diagnostic = if session.state.serial == 0 && *serial == 0 {
        None
    } else if session.state.lineage != *lineage {
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

/// Asks whether to go on.
fn approved(cx: &Context, plan: &Plan) -> bool {
    use std::io::{BufRead as _, IsTerminal as _};
    let input = std::io::stdin();
    let asked = match plan.mode {
        Mode::Destroy => {
            "Do you really want to destroy all resources?\n  There is no undo. Only 'yes' is accepted."
        }
        Mode::RefreshOnly => {
            "Do you want to save what was found to the state?\n  Only 'yes' is accepted."
        }
        Mode::Normal => "Do you want to perform these actions?\n  Only 'yes' is accepted.",
    };
    cx.print(&format!("\n{asked}\n\n  Enter a value: "));
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    if !input.is_terminal() {
        cx.print("\n");
    }
    if line.trim() == "yes" && read.is_ok() {
        cx.print("\n");
        return true;
    }
    if line.is_empty() && !input.is_terminal() {
        cx.diagnostic(&diagnostics::not_approved(), &Default::default());
    } else {
        cx.print(&views::plan::cancelled(plan.mode));
    }
    false
}

/// The first interrupt stops gracefully, the second at once.
fn stop_on_interrupt(cancel: CancellationToken) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            cancel.cancel();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            crate::context::write_error(
                "\nStopped at once. What was changed is in the journal; the next run takes it over.\n",
            );
            crate::context::exit(1);
        }
    })
}

use std::process::ExitCode;

use super::plan;
use crate::context::Context;
use crate::session::{Failed, told};
use crate::views;

/// Bring the state up to date with the real objects
///
/// Makes a plan and saves what it began from, without asking and without carrying it out: objects as they were found, moved,
/// imported, and the output values that are known already. apply -refresh-only shows what it found and asks first.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    planning: plan::PlanningArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let cx = &args.planning.output.clone().applied(cx)?;
    let planning = plan::PlanningArgs { destroy: false, refresh_only: false, ..args.planning };
    let mut made = plan::make(cx, &planning, "OperationTypeRefresh").await?;
    made.tell_of_nothing();
    let (work, mut session, plan) = made.told(cx).await?;
    cx.print(&views::plan::found_changed(&plan, &work.engine.registry, cx.paint()));
    // As in Terraform: what conditions came to is for the next plan to say.
    let mut state = (*plan.prior).clone();
    state.check_results = Default::default();
    let mut found = session.save(state).await;
    found.extend(session.close().await);
    told(cx, &found, &work.sources)?;
    if let Some(machine) = &cx.machine {
        views::messages::outputs(machine, &session.state);
    }
    cx.print("\nThe state is up to date.\n");
    cx.print(&views::output::all(&session.state, cx.paint()));
    Ok(ExitCode::SUCCESS)
}

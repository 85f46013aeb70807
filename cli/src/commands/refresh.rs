use std::process::ExitCode;

use super::{apply, plan};
use crate::context::Context;
use crate::session::Failed;

/// Bring the state up to date with the real objects
///
/// The same as apply -refresh-only -auto-approve, which shows what it found; that without -auto-approve asks first.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    planning: plan::PlanningArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let planning = plan::PlanningArgs { refresh_only: true, ..args.planning };
    apply::run(cx, apply::Args::refreshing(planning)).await
}

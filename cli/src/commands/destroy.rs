use std::process::ExitCode;

use super::{apply, plan};
use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail};

/// Delete everything that the state holds
///
/// The same as apply -destroy.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Do not ask
    #[arg(long)]
    auto_approve: bool,

    /// Accepted, without effect: an object that is forgotten is never an error
    #[arg(long)]
    suppress_forget_errors: bool,

    #[command(flatten)]
    planning: plan::PlanningArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    if args.planning.refresh_only {
        return fail(cx, diagnostics::no_mode_but_destroying());
    }
    let planning = plan::PlanningArgs { destroy: true, ..args.planning };
    apply::run(cx, apply::Args::destroying(args.auto_approve, planning)).await
}

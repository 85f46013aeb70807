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
    #[command(flatten)]
    applying: apply::ApplyingArgs,

    #[command(flatten)]
    planning: plan::PlanningArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    if args.planning.refresh_only {
        return fail(cx, diagnostics::no_mode_but_destroying());
    }
    let planning = plan::PlanningArgs { destroy: true, ..args.planning };
    apply::run(cx, apply::Args::destroying(args.applying, planning)).await
}

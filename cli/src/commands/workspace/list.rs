use std::process::ExitCode;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs};
use crate::views;

/// List the workspaces; a star marks the selected one
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let (_, names) = super::known(cx, &args.state).await?;
    cx.print_result(&views::workspace::list(&names, &session::workspace(cx)));
    if cx.setting("WORKSPACE").is_some() {
        cx.print("The workspace is set by the environment: TF_WORKSPACE or INFRA_WORKSPACE.\n");
    }
    Ok(ExitCode::SUCCESS)
}

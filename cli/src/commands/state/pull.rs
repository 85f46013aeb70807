use std::process::ExitCode;

use infra_engine::state::format;

use crate::context::Context;
use crate::session::{Failed, StateArgs};

/// Print the state as it is kept
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let session = super::open(cx, &args.state).await?;
    if session.state.serial > 0 || !session.state.is_empty() {
        cx.print_result(&String::from_utf8_lossy(&format::write(&session.state)));
    }
    Ok(ExitCode::SUCCESS)
}

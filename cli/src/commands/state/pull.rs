use std::process::ExitCode;

use infra_engine::state::format;

use super::configuration;
use crate::context::Context;
use crate::session::{self, Failed, StateArgs};

/// Print the state as it is kept
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let config = configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    if session.state.serial > 0 || !session.state.is_empty() {
        cx.print_result(&String::from_utf8_lossy(&format::write(&session.state)));
    }
    Ok(ExitCode::SUCCESS)
}

use std::process::ExitCode;

use infra_engine::diag::Diagnostic;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};

/// Release a lock that a run left behind
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The id of the lock, as the message about it says
    id: String,

    /// Do not ask
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let config = super::state::configuration(cx, &args.state);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    if !args.force {
        let mut line = String::new();
        cx.print("Releasing the lock while someone works can spoil the state.\nRelease it? Only 'yes' is accepted: ");
        if std::io::stdin().read_line(&mut line).is_err() || line.trim() != "yes" {
            return fail(cx, Diagnostic::error("Lock kept").detail("Nothing was changed."));
        }
    }
    match store.unlock(&args.id).await {
        Ok(()) => {
            cx.print("The lock was released.\n");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            fail(cx, Diagnostic::error("Failed to unlock state").detail(error.to_string()))
        }
    }
}

use std::process::ExitCode;

use clap::ValueEnum;

use crate::context::Context;
use crate::session::{Failed, fail};
use crate::{diagnostics, sandbox};

/// Look at the sandbox of this project, stop it, or empty it
#[derive(clap::Args)]
pub(crate) struct Args {
    action: Action,
}

#[derive(Clone, Copy, ValueEnum)]
enum Action {
    /// Whether it runs, and where
    Status,
    /// End it
    Stop,
    /// Empty it, its state included
    Reset,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let done = match args.action {
        Action::Status => Ok(sandbox::status(cx).await),
        Action::Stop => sandbox::stop(cx).await,
        Action::Reset => sandbox::reset(cx).await,
    };
    match done {
        Ok(line) => {
            cx.print(&format!("{line}\n"));
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => fail(cx, diagnostics::sandbox(problem)),
    }
}

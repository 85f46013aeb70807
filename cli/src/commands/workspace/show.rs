use std::process::ExitCode;

use crate::context::Context;
use crate::session::{self, Failed};

/// Print the name of the selected workspace
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(cx: &Context, _: Args) -> Result<ExitCode, Failed> {
    cx.print_result(&format!("{}\n", session::checked_workspace(cx)?));
    Ok(ExitCode::SUCCESS)
}

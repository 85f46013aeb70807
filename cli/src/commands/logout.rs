use std::process::ExitCode;

use crate::context::Context;
use crate::session::Failed;

/// Not needed: infra stores no credentials
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The host
    #[arg(default_value = "app.terraform.io")]
    host: String,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    cx.print(&format!("No credentials for {} are stored: infra stores none.\n", args.host));
    Ok(ExitCode::SUCCESS)
}

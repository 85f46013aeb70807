use std::process::ExitCode;

use crate::context::Context;
use crate::session::Failed;

/// Not needed: providers are built in
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder that would be filled
    target: String,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "OS_ARCH")]
    platform: Vec<String>,

    /// Accepted, without effect: providers are built in, so no lock file says which to take
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    lock_file: Option<bool>,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    cx.print(&format!("Providers are built in: there is nothing to copy to {}.\n", args.target));
    Ok(ExitCode::SUCCESS)
}

use std::process::ExitCode;

use crate::context::Context;
use crate::modules;
use crate::session::{Failed, InputArgs, Work};

/// Fetch the modules that the configuration calls
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fetch all of them anew, in the newest versions that are accepted
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    update: std::primitive::bool,

    /// Accepted for the sake of scripts
    #[arg(long, value_name = "DIR")]
    test_directory: Option<String>,

    #[command(flatten)]
    inputs: InputArgs,
}

pub(crate) fn run(cx: &Context, args: &Args) -> Result<ExitCode, Failed> {
    modules::install(cx, &args.inputs, args.update)?;
    Work::load_unchecked(cx, &args.inputs)?;
    Ok(ExitCode::SUCCESS)
}

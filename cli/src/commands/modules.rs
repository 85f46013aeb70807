use std::process::ExitCode;

use crate::context::Context;
use crate::session::{Failed, InputArgs, told};
use crate::{modules, views};

/// Show the modules that the configuration calls
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print them as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    inputs: InputArgs,
}

pub(crate) fn run(cx: &Context, args: &Args) -> Result<ExitCode, Failed> {
    let (config, found) = modules::engine(cx, &args.inputs).load("");
    told(cx, &found, &config.sources)?;
    let text =
        if args.json { views::modules::json(&config) } else { views::modules::tree(&config.root) };
    cx.print_result(&text);
    Ok(ExitCode::SUCCESS)
}

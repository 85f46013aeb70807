use std::process::ExitCode;

use clap::Subcommand;

use crate::context::Context;
use crate::session::{Failed, fail};
use crate::{diagnostics, views};

/// Show what the language has
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the signatures of all functions
    Functions {
        /// Print them as JSON, the only form there is
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    match args.command {
        Command::Functions { json: true } => {
            cx.print_result(&views::functions::json());
            Ok(ExitCode::SUCCESS)
        }
        Command::Functions { json: false } => {
            let problem = "metadata functions prints JSON only: add -json.".to_owned();
            fail(cx, diagnostics::wrong_flag("json", problem))
        }
    }
}

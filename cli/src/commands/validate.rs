use std::process::ExitCode;

use crate::context::Context;
use crate::modules;
use crate::session::{Failed, InputArgs};
use crate::views;

/// Check a configuration without calling any provider
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,

    /// Accepted for the sake of scripts
    #[arg(long)]
    no_tests: bool,

    /// Accepted for the sake of scripts
    #[arg(long, value_name = "DIR")]
    test_directory: Option<String>,

    #[command(flatten)]
    inputs: InputArgs,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let engine = modules::engine(cx, &args.inputs);
    let (config, mut found) = engine.load("");
    if !found.has_errors() {
        found.extend(engine.check(&config));
    }
    let paint = cx.paint();
    if args.json {
        cx.print(&views::json::validation(&found, &config.sources));
    } else {
        cx.diagnostics(&found, &config.sources);
        if !found.has_errors() {
            cx.print(&format!(
                "{} The configuration is valid.\n",
                paint.bold(&paint.green("Success!"))
            ));
        }
    }
    if found.has_errors() { Err(Failed) } else { Ok(ExitCode::SUCCESS) }
}

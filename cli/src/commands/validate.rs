use std::process::ExitCode;

use infra_engine::testing;

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

    /// Check query files (.tfquery.hcl) too
    #[arg(long)]
    query: bool,

    /// Leave test files out
    #[arg(long)]
    no_tests: bool,

    /// The folder with test files, besides the folder of the configuration itself
    #[arg(long, value_name = "DIR", default_value = "tests")]
    test_directory: String,

    #[command(flatten)]
    inputs: InputArgs,
}

pub(crate) fn run(cx: &Context, mut args: Args) -> Result<ExitCode, Failed> {
    args.inputs.queries = args.query;
    let engine = modules::engine(cx, &args.inputs);
    let (config, mut found) = engine.load("");
    if !found.has_errors() {
        found.extend(engine.check(&config));
    }
    let mut sources = config.sources.clone();
    if !args.no_tests {
        let folder = args.test_directory.trim_start_matches("./").trim_end_matches('/');
        found.extend(testing::check(&engine, folder, &config, &mut sources));
    }
    let paint = cx.paint();
    if args.json {
        cx.print(&views::json::validation(&found, &sources));
    } else {
        cx.diagnostics(&found, &sources);
        if !found.has_errors() {
            cx.print(&format!(
                "{} The configuration is valid.\n",
                paint.bold(&paint.green("Success!"))
            ));
        }
    }
    if found.has_errors() { Err(Failed) } else { Ok(ExitCode::SUCCESS) }
}

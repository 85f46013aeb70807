use std::path::PathBuf;
use std::process::ExitCode;

use infra_engine::PlanOptions;
use infra_engine::addrs::Mode;

use crate::context::Context;
use crate::session::{self, AskingArgs, Failed, OutputArgs, StateArgs, Work, fail};
use crate::views::listing::Listing;
use crate::views::progress::Progress;
use crate::{diagnostics, views};

/// Find objects that exist
///
/// Asks providers for the objects that the list blocks of query files (.tfquery.hcl) describe, and can write configuration
/// that imports them. Nothing is changed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write resource and import blocks for what is found to this file; with -json, into the messages
    #[arg(long, value_name = "FILE")]
    generate_config_out: Option<PathBuf>,

    /// Print messages for programs: one JSON object a line
    #[arg(long)]
    json: bool,

    /// How many calls may be under way at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    parallelism: usize,

    #[command(flatten)]
    asking: AskingArgs,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, mut args: Args) -> Result<ExitCode, Failed> {
    let cx = &OutputArgs { json: args.json, ..OutputArgs::default() }.applied(cx)?;
    let file = args.generate_config_out.as_ref();
    if let Some(path) = file.filter(|path| cx.folder.join(path).exists()) {
        return fail(cx, diagnostics::generated_file_exists(path));
    }
    args.state.inputs.queries = true;
    let inputs = &args.state.inputs;
    let mut work = Work::read_quietly(cx, inputs, false)?;
    if !work.config.root.resources.keys().any(|resource| resource.mode == Mode::List) {
        return fail(cx, diagnostics::nothing_to_query());
    }
    let variables = work.variables(cx, inputs, &args.asking).await?;
    let mut work = work.checked(cx)?;
    let store = session::store(cx, Some(&work.config), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    work.engine.parallelism = args.state.parallelism(args.parallelism);
    let progress = Progress::new(cx);
    let listing = Listing::new(&progress, cx);
    let options = PlanOptions {
        given_at: std::mem::take(&mut work.given_at),
        variables: variables.values,
        unfit: variables.unfit,
        given: variables.given,
        generate: file.is_some(),
        workspace: session::workspace(cx),
        now: Context::now_in_seconds(),
        events: listing.events(),
        ..PlanOptions::default()
    };
    let queried = tokio::select! {
        biased;
        () = crate::interrupt::interrupted() => None,
        found = work.engine.query(&work.config, &session, options) => Some(found),
    };
    progress.finish();
    let Some(mut found) = queried else {
        return fail(cx, diagnostics::query_interrupted());
    };
    found.extend(std::mem::take(&mut work.warnings));
    found.dedup();
    cx.print(&listing.ended());
    session::told(cx, &found, &work.sources)?;
    let (text, objects) = listing.generated();
    if let Some(path) = file.filter(|_| !args.json && objects > 0) {
        if let Err(error) = std::fs::write(cx.folder.join(path), text) {
            return fail(cx, diagnostics::generated_not_written(path, &error));
        }
        cx.print(&views::listing::written(path, objects));
    }
    Ok(ExitCode::SUCCESS)
}

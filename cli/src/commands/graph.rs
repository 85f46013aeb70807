use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use infra_engine::plan::file;

use crate::context::Context;
use crate::diagnostics;
use crate::session::{self, Failed, StateArgs, Work, fail};
use crate::views::graph::{Drawing, drawn};

/// Print what depends on what
///
/// Without -type: the resources alone. With it: all objects of the configuration, as an operation walks through them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Of which operation: plan, plan-refresh-only, plan-destroy or apply
    #[arg(long = "type", value_name = "TYPE")]
    operation: Option<String>,

    /// In which language
    #[arg(long, default_value = "dot")]
    format: Format,

    /// Colour the edges of cycles
    #[arg(long)]
    draw_cycles: bool,

    /// Of the configuration in a saved plan
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,

    /// Accepted for the sake of scripts
    #[arg(long, value_name = "N")]
    module_depth: Option<i64>,

    #[command(flatten)]
    state: StateArgs,
}

/// The operations of which there are graphs.
const OPERATIONS: [&str; 4] = ["plan", "plan-refresh-only", "plan-destroy", "apply"];

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Dot,
    Mermaid,
    Svg,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let operation = args.operation.as_deref();
    if let Some(given) = operation.filter(|given| !OPERATIONS.contains(given)) {
        return fail(cx, diagnostics::wrong_graph_type(given));
    }
    let config = match &args.plan {
        Some(path) => {
            let read = std::fs::read(cx.folder.join(path)).map_err(|error| error.to_string());
            match read.and_then(|bytes| file::read(&bytes, cx.files())) {
                Ok((plan, _)) => plan.config,
                Err(problem) => {
                    return fail(cx, diagnostics::wrong_plan_file(path, &problem));
                }
            }
        }
        None => Work::load_unchecked(cx, &args.state.inputs)?.config,
    };
    let graph = &config.dependencies().graph;
    let cycles = if args.draw_cycles { graph.cycles() } else { Vec::new() };
    let mut drawing = match operation {
        None if args.plan.is_none() => Drawing::of_resources(graph),
        operation => Drawing::of_all(graph, operation == Some("plan-destroy")),
    };
    for cycle in &cycles {
        drawing.mark(cycle);
    }
    // What only the state knows is part of what there is.
    if let Ok(store) = session::quiet_store(cx, Some(&config), &args.state).await
        && let Ok(Some(state)) = store.read().await
    {
        drawing.add_state(&state);
    }
    cx.print_result(&drawn(&drawing, args.format));
    Ok(ExitCode::SUCCESS)
}

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
    /// Of which operation
    #[arg(long = "type", value_name = "TYPE")]
    operation: Option<Operation>,

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

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Operation {
    Plan,
    PlanRefreshOnly,
    PlanDestroy,
    Apply,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Dot,
    Mermaid,
    Svg,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
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
        None => Work::load_any(cx, &args.state.inputs)?.config,
    };
    let graph = &config.dependencies().graph;
    let cycles = if args.draw_cycles { graph.cycles() } else { Vec::new() };
    let mut drawing = match args.operation {
        None if args.plan.is_none() => Drawing::of_resources(graph),
        operation => {
            let reversed = operation == Some(Operation::PlanDestroy);
            Drawing::of_all(graph, reversed)
        }
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

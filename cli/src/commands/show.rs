use std::path::PathBuf;
use std::process::ExitCode;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};
use crate::{diagnostics, providers, views};

/// Show the state, or a saved plan
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A plan that plan -out saved
    file: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let paint = cx.paint();
    let registry = providers::registry(cx);
    if let Some(path) = &args.file {
        let read = std::fs::read(cx.folder.join(path)).map_err(|error| error.to_string());
        return match read.and_then(|bytes| infra_engine::plan::file::read(&bytes, cx.files())) {
            Ok(plan) => {
                let text = if args.json {
                    views::json::plan(&plan, &registry)
                } else {
                    views::plan::human(&plan, &registry, paint)
                };
                cx.print(&text);
                Ok(ExitCode::SUCCESS)
            }
            Err(problem) => {
                fail(cx, diagnostics::wrong_plan_file(format!("{}: {problem}", path.display())))
            }
        };
    }
    let config = super::state::configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let text = if args.json {
        views::json::state(&session.state, &registry)
    } else {
        views::state::all(&session.state, &registry, paint)
    };
    cx.print(&text);
    Ok(ExitCode::SUCCESS)
}

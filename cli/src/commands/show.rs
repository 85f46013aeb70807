use std::path::PathBuf;
use std::process::ExitCode;

use infra_engine::plan::file;
use infra_engine::state::{State, format};

use crate::context::{Context, Showing};
use crate::session::{self, Failed, StateArgs, fail, told};
use crate::{diagnostics, modules, providers, views};

/// Show the state, a saved plan, or the configuration
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A plan that plan -out saved, or a state file
    file: Option<PathBuf>,

    /// Show this saved plan
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    plan: Option<PathBuf>,

    /// Show the configuration; only as JSON
    #[arg(long, requires = "json", conflicts_with_all = ["file", "plan"])]
    config: bool,

    /// Show the configuration of the module in this folder; only as JSON
    #[arg(long, value_name = "DIR", requires = "json", conflicts_with_all = ["file", "plan", "config"])]
    module: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Show sensitive values
    #[arg(long)]
    show_sensitive: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let cx = &Context {
        showing: Showing { sensitive: args.show_sensitive, ..cx.showing },
        ..cx.clone()
    };
    let registry = providers::registry(cx);
    let shown = |state: &State| match args.json {
        true => views::json::state(state, &registry),
        false => views::state::all(state, &registry, cx.paint()),
    };
    if args.config || args.module.is_some() {
        let folder = args.module.as_deref().unwrap_or_default();
        let (config, found) = modules::engine(cx, &args.state.inputs).load(folder);
        told(cx, &found, &config.sources)?;
        cx.print_result(&views::json::configuration(&config, &registry));
        return Ok(ExitCode::SUCCESS);
    }
    let Some(path) = args.file.as_ref().or(args.plan.as_ref()) else {
        let config = super::state::configuration(cx, &args.state);
        let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
        let session = session::open(cx, store, &args.state, None).await?;
        cx.print_result(&shown(&session.state));
        return Ok(ExitCode::SUCCESS);
    };
    let bytes = match std::fs::read(cx.folder.join(path)) {
        Ok(bytes) => bytes,
        Err(error) => {
            return fail(cx, diagnostics::neither_state_nor_plan(path, &format!("{error}.")));
        }
    };
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let text = if is_json {
        format::parse(&bytes).map(|state| shown(&state)).map_err(|error| error.0)
    } else {
        file::read(&bytes, cx.files()).map(|(plan, _)| match args.json {
            true => views::json::plan(&plan, &registry),
            false => views::plan::human(&plan, &registry, cx.paint()),
        })
    };
    match text {
        Ok(text) => cx.print_result(&text),
        Err(problem) => return fail(cx, diagnostics::neither_state_nor_plan(path, &problem)),
    }
    Ok(ExitCode::SUCCESS)
}

use std::path::PathBuf;
use std::process::ExitCode;

use infra_engine::plan::file;
use infra_engine::state::{State, format};

use crate::context::{Context, Showing};
use crate::session::{self, Failed, StateArgs, fail};
use crate::{diagnostics, providers, views};

/// Show the state, or a saved plan
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A plan that plan -out saved, or a state file
    file: Option<PathBuf>,

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
    let Some(path) = &args.file else {
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
        file::read(&bytes, cx.files()).map(|plan| match args.json {
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

use std::path::PathBuf;
use std::process::ExitCode;

use infra_engine::state::{State, format};

use super::{is_valid, known, remember, selectable};
use crate::backend::Backend;
use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};
use crate::{diagnostics, views};

/// Make a workspace, and select it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Its name
    name: String,

    /// Begin with the state in this file
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Work in a sandbox: an emulated AWS on this machine, with a state of its own
    #[arg(long)]
    sandbox: bool,

    /// Lock the state while working
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    lock: std::primitive::bool,

    /// How long to wait for the lock, such as 30s or 5m
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    lock_timeout: String,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    selectable(cx)?;
    let Args { name, state, sandbox, lock, lock_timeout } = args;
    let state_args = StateArgs { sandbox, lock, lock_timeout, ..StateArgs::default() };
    let from = match state.map(|path| (std::fs::read(cx.folder.join(&path)), path)) {
        None => None,
        Some((Ok(bytes), path)) => match format::parse(&bytes) {
            Ok(state) => Some(state),
            Err(error) => {
                let path = path.display().to_string();
                return fail(cx, diagnostics::unreadable_state(&path, &error.0));
            }
        },
        Some((Err(error), path)) => {
            let path = path.display().to_string();
            return fail(cx, diagnostics::unreadable_state(&path, &error.to_string()));
        }
    };
    let (backend, names) = known(cx, &state_args).await?;
    if names.contains(&name) {
        return fail(cx, diagnostics::workspace_exists(&name));
    }
    create(cx, &backend, &name, &state_args, from).await
}

/// Makes a workspace and selects it.
pub(super) async fn create(
    cx: &Context,
    backend: &Backend,
    name: &str,
    args: &StateArgs,
    from: Option<State>,
) -> Result<ExitCode, Failed> {
    if !is_valid(name) {
        return fail(cx, diagnostics::wrong_workspace_name(name));
    }
    let store = backend.store(cx, name, args).await?;
    // A local workspace is a folder; elsewhere it is the state in it.
    let mut session = session::open(cx, store, args, Some("workspace-new")).await?;
    let state = from.unwrap_or_else(|| session.state.clone());
    let written = session.store.create(&state).await;
    cx.diagnostics(&session.close().await, &Default::default());
    if let Err(error) = written {
        return fail(cx, diagnostics::state_not_saved(&error));
    }
    remember(cx, name)?;
    cx.print(&views::workspace::created(name, cx.paint()));
    Ok(ExitCode::SUCCESS)
}

//! Changing a state by hand: lock, read, change, save, unlock.

use infra_engine::Session;
use infra_engine::diag::Diagnostic;
use infra_engine::state::State;

use crate::commands::state::configuration;
use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};

/// Opens the state with its lock.
pub(crate) async fn open(
    cx: &Context,
    args: &StateArgs,
    operation: &str,
) -> Result<Session, Failed> {
    // As in Terraform: what these three change keeps what was there before under a name of its own.
    let dated = ["state-mv", "state-rm", "state-replace-provider"].contains(&operation);
    let suffix = dated.then(|| format!(".{}.backup", Context::unix_seconds()));
    let args = StateArgs { backup_suffix: suffix, ..args.clone() };
    let config = configuration(cx, &args);
    let store = session::quiet_store(cx, config.as_deref(), &args).await?;
    session::open(cx, store, &args, Some(operation)).await
}

/// Changes a state and saves it. What `change` gives is given back.
pub(crate) async fn edit<T>(
    cx: &Context,
    args: &StateArgs,
    operation: &str,
    change: impl FnOnce(&mut State) -> Result<T, Box<Diagnostic>>,
) -> Result<T, Failed> {
    let mut session = open(cx, args, operation).await?;
    let mut state = session.state.clone();
    let changed = change(&mut state);
    let saved = match &changed {
        Ok(_) if state == session.state => Default::default(),
        Ok(_) => session.save(state).await,
        Err(_) => Default::default(),
    };
    let closed = session.close().await;
    cx.diagnostics(&saved, &Default::default());
    cx.diagnostics(&closed, &Default::default());
    match changed {
        Ok(result) if !saved.has_errors() && !closed.has_errors() => Ok(result),
        Ok(_) => Err(Failed),
        Err(diagnostic) => fail(cx, *diagnostic),
    }
}

mod delete;
mod list;
mod new;
mod select;
mod show;

use std::process::ExitCode;

use clap::Subcommand;

use crate::backend::{self, Backend};
use crate::context::Context;
use crate::session::{Failed, StateArgs, fail};
use crate::{diagnostics, session, views};

/// Keep several states of one configuration apart
#[derive(Subcommand)]
pub(crate) enum Command {
    Delete(delete::Args),
    List(list::Args),
    New(new::Args),
    Select(select::Args),
    Show(show::Args),
}

pub(crate) async fn run(cx: &Context, command: Command) -> Result<ExitCode, Failed> {
    match command {
        Command::Delete(args) => delete::run(cx, args).await,
        Command::List(args) => list::run(cx, args).await,
        Command::New(args) => new::run(cx, args).await,
        Command::Select(args) => select::run(cx, args).await,
        Command::Show(args) => show::run(cx, args),
    }
}

/// The backend, and the names of its workspaces.
async fn known(cx: &Context, args: &StateArgs) -> Result<(Backend, Vec<String>), Failed> {
    session::enter_sandbox_quietly(cx, args).await?;
    let config = super::state::configuration(cx, args);
    let backend = backend::selected(cx, config.as_deref(), args).await?;
    let store = backend.store(cx, "default", args).await?;
    match store.workspaces().await {
        Ok(names) => Ok((backend, names)),
        Err(error) => fail(cx, diagnostics::workspaces_not_listed(&error)),
    }
}

/// Remembers which workspace is selected.
fn remember(cx: &Context, name: &str) -> Result<(), Failed> {
    let path = backend::workspace_file(cx);
    let written = std::fs::create_dir_all(cx.data_dir()).and_then(|()| std::fs::write(&path, name));
    written.or_else(|error| fail(cx, diagnostics::unwritable(&path, &error)))
}

/// The workspace must not be set by the environment where another one is to be selected.
fn selectable(cx: &Context) -> Result<(), Failed> {
    match cx.setting("WORKSPACE") {
        Some(_) => fail(cx, diagnostics::workspace_overridden()),
        None => Ok(()),
    }
}

/// Whether a name can be part of an object key and of a path.
pub(crate) fn is_valid(name: &str) -> bool {
    let safe =
        |character: char| character.is_ascii_alphanumeric() || "-_.~$&+:=@".contains(character);
    !name.is_empty() && name.chars().all(safe)
}

/// Selects the default workspace if the selected one is not in the backend.
pub(super) async fn select_existing(
    cx: &Context,
    backend: &Backend,
    args: &StateArgs,
) -> Result<(), Failed> {
    let selected = session::workspace(cx);
    if selected == "default" || cx.setting("WORKSPACE").is_some() {
        return Ok(());
    }
    let store = backend.store(cx, "default", args).await?;
    match store.workspaces().await {
        Ok(names) if names.contains(&selected) => Ok(()),
        Ok(_) => {
            cx.print(&views::workspace::back_to_default(&selected));
            remember(cx, "default")
        }
        Err(error) => fail(cx, diagnostics::workspaces_not_listed(&error)),
    }
}

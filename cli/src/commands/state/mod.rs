mod identities;
mod list;
mod migrate;
mod mv;
mod pull;
mod push;
mod replace_provider;
mod rm;
mod show;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use infra_engine::Session;
use infra_engine::lang::config::Config;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs};
use crate::{diagnostics, modules};

/// Look into the state, and change it by hand
#[derive(Subcommand)]
pub(crate) enum Command {
    Identities(identities::Args),
    #[command(visible_alias = "ls")]
    List(list::Args),
    Migrate(migrate::Args),
    #[command(visible_alias = "move")]
    Mv(mv::Args),
    Pull(pull::Args),
    Push(push::Args),
    ReplaceProvider(replace_provider::Args),
    #[command(visible_alias = "remove")]
    Rm(rm::Args),
    Show(show::Args),
}

/// The configuration of the folder, as far as it can be read: it says where the state is.
pub(crate) fn configuration(cx: &Context, args: &StateArgs) -> Option<Arc<Config>> {
    let (config, _) = modules::engine(cx, &args.inputs).load("");
    Some(config)
}

/// The state, for a command that only looks at it.
async fn open(cx: &Context, args: &StateArgs) -> Result<Session, Failed> {
    let config = configuration(cx, args);
    let store = session::quiet_store(cx, config.as_deref(), args).await?;
    session::open(cx, store, args, None).await
}

/// The state, for a command that has nothing to look at where none was written yet.
async fn open_written(cx: &Context, args: &StateArgs) -> Result<Session, Failed> {
    let session = open(cx, args).await?;
    if session.state.serial == 0 && session.state.is_empty() {
        return session::fail(cx, diagnostics::no_state());
    }
    Ok(session)
}

pub(crate) async fn run(cx: &Context, command: Command) -> Result<ExitCode, Failed> {
    match command {
        Command::Identities(args) => identities::run(cx, args).await,
        Command::List(args) => list::run(cx, args).await,
        Command::Migrate(args) => migrate::run(cx, args).await,
        Command::Mv(args) => mv::run(cx, args).await,
        Command::Pull(args) => pull::run(cx, args).await,
        Command::Push(args) => push::run(cx, args).await,
        Command::ReplaceProvider(args) => replace_provider::run(cx, args).await,
        Command::Rm(args) => rm::run(cx, args).await,
        Command::Show(args) => show::run(cx, args).await,
    }
}

//! The commands: the table of contents of the tool. One file each.

mod apply;
mod destroy;
mod force_unlock;
mod init;
mod output;
mod plan;
mod sandbox;
mod show;
mod state;
mod validate;
mod version;

use std::process::ExitCode;

use clap::Subcommand;

use crate::context::Context;
use crate::session::Failed;

#[derive(Subcommand)]
pub(crate) enum Command {
    Apply(apply::Args),
    Destroy(destroy::Args),
    ForceUnlock(force_unlock::Args),
    Init(init::Args),
    Output(output::Args),
    Plan(plan::Args),
    Sandbox(sandbox::Args),
    Show(show::Args),
    #[command(subcommand)]
    State(state::Command),
    Validate(validate::Args),
    Version(version::Args),
}

/// Runs a command.
pub(crate) async fn run(cx: &Context, command: Command) -> ExitCode {
    let done = match command {
        Command::Apply(args) => apply::run(cx, args).await,
        Command::Destroy(args) => destroy::run(cx, args).await,
        Command::ForceUnlock(args) => force_unlock::run(cx, args).await,
        Command::Init(args) => init::run(cx, args).await,
        Command::Output(args) => output::run(cx, args).await,
        Command::Plan(args) => plan::run(cx, args).await,
        Command::Sandbox(args) => sandbox::run(cx, args).await,
        Command::Show(args) => show::run(cx, args).await,
        Command::State(command) => state::run(cx, command).await,
        Command::Validate(args) => validate::run(cx, args),
        Command::Version(args) => version::run(cx, args),
    };
    done.unwrap_or_else(|Failed| ExitCode::from(1))
}

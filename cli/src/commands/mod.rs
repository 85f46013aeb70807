//! The commands: the table of contents of the tool. One file each.

mod apply;
mod completion;
mod console;
mod destroy;
mod fmt;
mod force_unlock;
mod get;
pub(crate) mod graph;
mod import;
mod init;
mod login;
mod logout;
mod metadata;
mod modules;
mod output;
mod plan;
mod providers;
mod query;
mod refresh;
mod sandbox;
mod show;
pub(crate) mod state;
mod taint;
mod test;
mod untaint;
mod validate;
mod version;
pub(crate) mod workspace;

use std::process::ExitCode;

use clap::Subcommand;
use infra_engine::diag::Sources;

use crate::context::Context;
use crate::diagnostics;
use crate::session::Failed;

#[derive(Subcommand)]
pub(crate) enum Command {
    #[command(display_order = 4)]
    Apply(apply::Args),
    #[command(hide = true)]
    Completion(completion::Args),
    Console(console::Args),
    #[command(display_order = 5)]
    Destroy(destroy::Args),
    /// Keep several states of one configuration apart: the former name of workspace
    #[command(subcommand, hide = true)]
    Env(workspace::Command),
    Fmt(fmt::Args),
    ForceUnlock(force_unlock::Args),
    Get(get::Args),
    Graph(graph::Args),
    Import(import::Args),
    #[command(display_order = 1)]
    Init(init::Args),
    Login(login::Args),
    Logout(logout::Args),
    Metadata(metadata::Args),
    Modules(modules::Args),
    Output(output::Args),
    #[command(display_order = 3)]
    Plan(plan::Args),
    Providers(providers::Args),
    Query(query::Args),
    Refresh(refresh::Args),
    Sandbox(sandbox::Args),
    Show(show::Args),
    #[command(subcommand)]
    State(state::Command),
    /// Mark a resource instance so that the next apply replaces it
    ///
    /// apply -replace=ADDRESS does the same in one step, and shows it in the plan first.
    Taint(taint::Args),
    Test(test::Args),
    /// Take the mark from a resource instance that the next apply would replace
    Untaint(taint::Args),
    #[command(display_order = 2)]
    Validate(validate::Args),
    Version(version::Args),
    #[command(subcommand)]
    Workspace(workspace::Command),
}

/// Runs a command.
pub(crate) async fn run(cx: &Context, command: Command) -> ExitCode {
    let done = match command {
        Command::Apply(args) => apply::run(cx, args).await,
        Command::Completion(args) => completion::run(cx, args),
        Command::Console(args) => console::run(cx, args).await,
        Command::Destroy(args) => destroy::run(cx, args).await,
        Command::Env(command) => {
            cx.diagnostic(&diagnostics::env_is_workspace(), &Sources::new());
            workspace::run(cx, command).await
        }
        Command::Fmt(args) => fmt::run(cx, args),
        Command::ForceUnlock(args) => force_unlock::run(cx, args).await,
        Command::Get(args) => get::run(cx, &args),
        Command::Graph(args) => graph::run(cx, args).await,
        Command::Import(args) => import::run(cx, args).await,
        Command::Init(args) => init::run(cx, args).await,
        Command::Login(args) => login::run(cx, args),
        Command::Logout(args) => logout::run(cx, args),
        Command::Metadata(args) => metadata::run(cx, args),
        Command::Modules(args) => modules::run(cx, &args),
        Command::Output(args) => output::run(cx, args).await,
        Command::Plan(args) => plan::run(cx, args).await,
        Command::Providers(args) => providers::run(cx, args).await,
        Command::Query(args) => query::run(cx, args).await,
        Command::Refresh(args) => refresh::run(cx, args).await,
        Command::Sandbox(args) => sandbox::run(cx, args).await,
        Command::Show(args) => show::run(cx, args).await,
        Command::State(command) => state::run(cx, command).await,
        Command::Taint(args) => taint::run(cx, args).await,
        Command::Test(args) => test::run(cx, args).await,
        Command::Untaint(args) => untaint::run(cx, args).await,
        Command::Validate(args) => validate::run(cx, args),
        Command::Version(args) => version::run(cx, args),
        Command::Workspace(command) => workspace::run(cx, command).await,
    };
    done.unwrap_or_else(|Failed| ExitCode::from(1))
}

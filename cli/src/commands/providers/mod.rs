mod lock;
mod mirror;
mod schema;

use std::process::ExitCode;

use clap::Subcommand;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, Work};
use crate::views;

/// Show the providers that the configuration and the state need
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    state: StateArgs,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "DIR")]
    test_directory: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    Lock(lock::Args),
    Mirror(mirror::Args),
    Schema(schema::Args),
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    match args.command {
        Some(Command::Lock(args)) => lock::run(cx, args),
        Some(Command::Mirror(args)) => mirror::run(cx, args),
        Some(Command::Schema(args)) => schema::run(cx, args).await,
        None => {
            let work = Work::load_unchecked(cx, &args.state.inputs)?;
            let store = session::quiet_store(cx, Some(&work.config), &args.state).await?;
            let session = session::open(cx, store, &args.state, None).await?;
            cx.print_result(&views::providers::tree(&work.config, &session.state));
            Ok(ExitCode::SUCCESS)
        }
    }
}

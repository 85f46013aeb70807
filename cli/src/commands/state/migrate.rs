use std::path::PathBuf;
use std::process::ExitCode;

use crate::backend::{self, Moving};
use crate::context::Context;
use crate::session::{Failed, StateArgs, told};
use crate::{modules, views};

/// Move the states from one backend to another
///
/// They are where a file with the extension .tfmigrate.hcl says, and go to the backend of the configuration:
///
///     from {
///       backend "local" {}
///     }
///
/// infra init -migrate-state does the same from the backend that init remembers.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Move states without a question
    #[arg(long)]
    force_copy: bool,

    /// Ask for input where it is needed
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    input: std::primitive::bool,

    #[command(flatten)]
    accepted: AcceptedArgs,

    #[command(flatten)]
    state: StateArgs,
}

/// Flags that have no effect: providers are built in, and keep no states.
#[derive(clap::Args)]
struct AcceptedArgs {
    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "FILE", hide = true)]
    source_provider_lock_file: Option<PathBuf>,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "FILE", hide = true)]
    destination_provider_lock_file: Option<PathBuf>,

    /// Accepted, without effect: providers are built in
    #[arg(long, hide = true)]
    upgrade: bool,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let (config, found) = modules::engine(cx, &args.state.inputs).load("");
    told(cx, &found, &config.sources)?;
    let input = args.input && cx.can_ask();
    let moving = Moving { force: args.force_copy, input };
    let (from, to, moved) = backend::migrate(cx, &config, moving, &args.state).await?;
    cx.print(&views::workspace::migrated(&from, &to, moved));
    Ok(ExitCode::SUCCESS)
}

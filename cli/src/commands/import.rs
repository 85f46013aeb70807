use std::process::ExitCode;

use infra_engine::ImportOptions;

use super::taint;
use crate::context::Context;
use crate::session::{self, AskingArgs, Failed, StateArgs, Work, told};
use crate::views;

/// Take an object that exists into the state
///
/// The resource must be in the configuration. An import block does the same for many objects, and shows a plan first.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The address of the resource instance
    address: String,

    /// The id of the object, as its resource type wants it
    id: String,

    /// Accepted for the sake of scripts; work in another folder with -chdir
    #[arg(long, value_name = "DIR")]
    config: Option<String>,

    /// How many calls may be under way at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    parallelism: usize,

    #[command(flatten)]
    state: StateArgs,

    #[command(flatten)]
    asking: AskingArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let addr = taint::address(cx, &args.address)?;
    let mut work = Work::load(cx, &args.state.inputs)?;
    work.engine.parallelism = args.state.parallelism(args.parallelism);
    let variables = work.all_variables(cx, &args.state.inputs, &args.asking).await?;
    let store = session::store(cx, Some(&work.config), &args.state).await?;
    let mut session = session::open(cx, store, &args.state, Some("OperationTypeInvalid")).await?;
    cx.print(&views::state::importing(&addr, &args.id, cx.paint()));
    let options = ImportOptions {
        addr,
        id: args.id,
        variables,
        workspace: session::workspace(cx),
        now: Context::now_in_seconds(),
    };
    let found = work.engine.import(&work.config, &mut session, options).await;
    let closed = session.close().await;
    told(cx, &found, &work.sources)?;
    told(cx, &closed, &work.sources)?;
    cx.print(&views::state::imported(cx.paint()));
    Ok(ExitCode::SUCCESS)
}

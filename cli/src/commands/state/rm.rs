use std::process::ExitCode;

use super::list::selections;
use crate::context::Context;
use crate::editing;
use crate::session::{Failed, StateArgs};

/// Drop resource instances from the state; the objects go on existing
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Resources, instances, or modules
    #[arg(required = true)]
    addresses: Vec<String>,

    /// Only say what would be dropped
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let session = super::open_written(cx, &args.state).await?;
    let wanted = selections(cx, &session.state, &args.addresses)?;
    let mut chosen = Vec::new();
    for selection in &wanted {
        let found = selection.of(&session.state);
        chosen.extend(found.into_iter().filter(|addr| !chosen.contains(addr)).collect::<Vec<_>>());
    }
    let word = if args.dry_run { "Would remove" } else { "Removed" };
    if !args.dry_run {
        editing::edit(cx, &args.state, "state-rm", |state| {
            chosen.iter().for_each(|addr| drop(state.take(addr)));
            Ok(())
        })
        .await?;
    }
    chosen.iter().for_each(|addr| cx.print(&format!("{word} {addr}\n")));
    if !args.dry_run {
        cx.print(&format!("Successfully removed {} resource instance(s).\n", chosen.len()));
    }
    Ok(ExitCode::SUCCESS)
}

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::context::Context;
use crate::selection::Selection;
use crate::session::{Failed, StateArgs, fail};
use crate::{diagnostics, editing};

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
    let mut chosen = Vec::new();
    for text in &args.addresses {
        match Selection::parse(text) {
            Ok(selection) => chosen.extend(selection.of(&session.state)),
            Err(problem) => return fail(cx, diagnostics::wrong_address(problem)),
        }
    }
    let mut seen = BTreeSet::new();
    chosen.retain(|addr| seen.insert(addr.clone()));
    if chosen.is_empty() {
        return match args.dry_run {
            true => {
                cx.print("Would have removed nothing.\n");
                Ok(ExitCode::SUCCESS)
            }
            false => fail(cx, diagnostics::nothing_to_remove(&args.addresses, &session.state)),
        };
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

use std::process::ExitCode;

use super::{known, new, remember, selectable};
use crate::context::Context;
use crate::diagnostics;
use crate::session::{self, Failed, StateArgs, fail};

/// Select a workspace
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which
    name: String,

    /// Make it if there is none of this name
    #[arg(long)]
    or_create: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    selectable(cx)?;
    let (backend, names) = known(cx, &args.state).await?;
    let name = &args.name;
    if !names.contains(name) {
        if !args.or_create {
            return fail(cx, diagnostics::no_workspace(name, &names));
        }
        return new::create(cx, &backend, name, &args.state, None).await;
    }
    if session::workspace(cx) != *name {
        remember(cx, name)?;
        cx.print(&cx.paint().green(&format!("Switched to workspace \"{name}\".\n")));
    }
    Ok(ExitCode::SUCCESS)
}

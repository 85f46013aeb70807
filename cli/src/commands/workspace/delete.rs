use std::process::ExitCode;

use infra_engine::addrs::Mode;

use super::known;
use crate::context::Context;
use crate::diagnostics;
use crate::session::{self, Failed, StateArgs, fail};

/// Delete a workspace with its state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which
    name: String,

    /// Also if its state tracks objects: they go on existing, and nothing tracks them any more
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let name = &args.name;
    if *name == session::workspace(cx) {
        return fail(cx, diagnostics::active_workspace(name));
    }
    if name == "default" {
        return fail(cx, diagnostics::default_workspace());
    }
    let (backend, names) = known(cx, &args.state).await?;
    if !names.contains(name) {
        return fail(cx, diagnostics::no_workspace(name, &names));
    }
    let store = backend.store(cx, name, &args.state).await?;
    let mut session = session::open(cx, store, &args.state, Some("state-replace-provider")).await?;
    let tracks = session.state.instances().any(|(addr, ..)| addr.resource.mode == Mode::Managed);
    let mut done = Ok(());
    if tracks && !args.force {
        done = fail(cx, diagnostics::workspace_in_use(name, &session.state));
    } else if let Err(error) = session.store.delete().await {
        done = fail(cx, diagnostics::workspace_not_deleted(&error));
    }
    cx.diagnostics(&session.close().await, &Default::default());
    done?;
    cx.print(&cx.paint().green(&format!("Deleted workspace \"{name}\"!\n")));
    if tracks {
        cx.print(&cx.paint().yellow(
            "WARNING: its state was not empty. The objects may still exist, and nothing tracks\nthem any more.\n",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

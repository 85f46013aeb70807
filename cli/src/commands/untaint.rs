use std::process::ExitCode;

use super::taint;
use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, StateArgs};

/// Take the mark from a resource instance that the next apply would replace
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which instance
    address: String,

    /// It is no error if the state does not have it
    #[arg(long)]
    allow_missing: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let addr = taint::address(cx, &args.address)?;
    let unmark = |object: &mut infra_engine::state::ObjectState| {
        if !std::mem::take(&mut object.tainted) {
            return Err(diagnostics::not_tainted(&addr).into());
        }
        Ok(())
    };
    if taint::change(cx, &args.state, "untaint", &addr, args.allow_missing, unmark).await? {
        cx.print(&format!("Resource instance {addr} has been successfully untainted.\n"));
    }
    Ok(ExitCode::SUCCESS)
}

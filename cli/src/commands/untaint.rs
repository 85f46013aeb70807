use std::process::ExitCode;

use infra_engine::state::ObjectState;

use super::taint::Args;
use crate::context::Context;
use crate::diagnostics;
use crate::session::Failed;

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let addr = args.instance(cx)?;
    let unmark = |object: &mut ObjectState| {
        if !std::mem::take(&mut object.tainted) {
            return Err(diagnostics::not_tainted(&addr).into());
        }
        Ok(())
    };
    if args.change(cx, "untaint", &addr, unmark).await? {
        cx.print(&format!("Resource instance {addr} has been successfully untainted.\n"));
    }
    Ok(ExitCode::SUCCESS)
}

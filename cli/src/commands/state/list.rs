use std::process::ExitCode;

use infra_engine::state::State;

use super::configuration;
use crate::context::Context;
use crate::diagnostics;
use crate::selection::Selection;
use crate::session::{self, Failed, StateArgs, fail};

/// List the resource instances of the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these resources or instances, or what is in these modules
    addresses: Vec<String>,

    /// Only those with this id
    #[arg(long)]
    id: Option<String>,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let config = configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let selections = selections(cx, &session.state, &args.addresses)?;
    let mut text = String::new();
    for (addr, _, found) in session.state.instances() {
        let Some(object) = &found.current else { continue };
        let inside = selections.is_empty() || selections.iter().any(|found| found.selects(&addr));
        let same_id = args.id.as_deref().is_none_or(|wanted| object.id() == Some(wanted));
        if inside && same_id {
            text.push_str(&format!("{addr}\n"));
        }
    }
    cx.print_result(&text);
    Ok(ExitCode::SUCCESS)
}

/// What addresses select; it is an error if one selects nothing.
pub(super) fn selections(
    cx: &Context,
    state: &State,
    addresses: &[String],
) -> Result<Vec<Selection>, Failed> {
    let mut found = Vec::new();
    for text in addresses {
        match Selection::parse(text) {
            Ok(selection) if selection.of(state).is_empty() => {
                return fail(cx, diagnostics::not_in_state(&selection, state));
            }
            Ok(selection) => found.push(selection),
            Err(problem) => return fail(cx, diagnostics::wrong_address(problem)),
        }
    }
    Ok(found)
}

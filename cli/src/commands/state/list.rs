use std::process::ExitCode;

use infra_engine::addrs::ResourceInstance;
use infra_engine::state::{ObjectState, State};

use crate::context::Context;
use crate::diagnostics;
use crate::selection::Selection;
use crate::session::{Failed, StateArgs, fail};

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
    let session = super::open_written(cx, &args.state).await?;
    let found = objects(cx, &session.state, &args.addresses, args.id.as_deref())?;
    let text: String = found.iter().map(|(addr, _)| format!("{addr}\n")).collect();
    cx.print_result(&text);
    Ok(ExitCode::SUCCESS)
}

/// The current objects that addresses select, all of them if there are none, and that have an id if one is named.
pub(super) fn objects<'s>(
    cx: &Context,
    state: &'s State,
    addresses: &[String],
    id: Option<&str>,
) -> Result<Vec<(ResourceInstance, &'s ObjectState)>, Failed> {
    let wanted = selections(cx, state, addresses)?;
    let objects = state
        .instances()
        .filter_map(|(addr, _, instance)| Some((addr, instance.current.as_ref()?)))
        .filter(|(addr, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted.selects(addr)))
        .filter(|(_, object)| id.is_none_or(|id| object.id().as_deref() == Some(id)));
    Ok(objects.collect())
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

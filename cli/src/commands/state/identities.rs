use std::process::ExitCode;

use super::configuration;
use super::list::selections;
use crate::context::Context;
use crate::session::{self, Failed, StateArgs};
use crate::views;

/// List the identities of the resource instances in the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these resources or instances, or what is in these modules
    addresses: Vec<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

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
    let wanted = selections(cx, &session.state, &args.addresses)?;
    let mut found = Vec::new();
    for (addr, _, instance) in session.state.instances() {
        let Some(object) = &instance.current else { continue };
        let inside = wanted.is_empty() || wanted.iter().any(|wanted| wanted.selects(&addr));
        let same_id = args.id.as_deref().is_none_or(|wanted| object.id() == Some(wanted));
        if inside && same_id {
            // An object that was stored without an identity is known by its id.
            let identity = match (&object.identity, object.id()) {
                (Some((_, identity)), _) => identity.clone(),
                (None, Some(id)) => serde_json::json!({ "id": id }),
                (None, None) => continue,
            };
            found.push((addr.to_string(), identity));
        }
    }
    let text = if args.json {
        views::state::identities_json(&found)
    } else {
        views::state::identities(&found)
    };
    cx.print_result(&text);
    Ok(ExitCode::SUCCESS)
}

use std::process::ExitCode;

use super::list::objects;
use crate::context::Context;
use crate::session::{Failed, StateArgs};
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
    let session = super::open_written(cx, &args.state).await?;
    let mut found = Vec::new();
    for (addr, object) in objects(cx, &session.state, &args.addresses, args.id.as_deref())? {
        // An object that was stored without an identity is known by its id.
        let identity = match (&object.identity, object.id()) {
            (Some((_, identity)), _) => identity.clone(),
            (None, Some(id)) => serde_json::json!({ "id": id }),
            (None, None) => continue,
        };
        found.push((addr.to_string(), identity));
    }
    let text = if args.json {
        views::state::identities_json(&found)
    } else {
        views::state::identities(&found)
    };
    cx.print_result(&text);
    Ok(ExitCode::SUCCESS)
}

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, Work, fail};
use crate::{diagnostics, views};

/// Print the schemas of the providers that the configuration and the state need
#[derive(clap::Args)]
pub(crate) struct Args {
    /// As JSON: the only form there is
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    if !args.json {
        let problem = "providers schema prints JSON only: add -json.".to_owned();
        return fail(cx, diagnostics::wrong_flag("json", problem));
    }
    let work = Work::load_unchecked(cx, &args.state.inputs)?;
    let store = session::quiet_store(cx, Some(&work.config), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let mut needed: BTreeSet<_> =
        session.state.resources.values().map(|found| found.provider.provider.clone()).collect();
    for module in work.config.modules() {
        needed.extend(views::providers::of(&work.config, module));
    }
    let providers = needed.iter().filter_map(|addr| work.engine.registry.get(addr));
    cx.print_result(&views::schemas::json(providers));
    Ok(ExitCode::SUCCESS)
}

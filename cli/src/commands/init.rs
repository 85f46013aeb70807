use std::process::ExitCode;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, Work};
use crate::views::paint::Paint;

/// Check that everything a configuration needs is there
///
/// Providers are built in, so nothing is downloaded. The backend is opened, and the configuration is checked. Running it
/// is never necessary.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Open the backend
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    backend: std::primitive::bool,

    /// Accepted for the sake of scripts; providers are built in
    #[arg(long)]
    upgrade: bool,

    /// Accepted for the sake of scripts
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    input: Option<std::primitive::bool>,

    /// Accepted for the sake of scripts
    #[arg(long)]
    reconfigure: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let work = Work::load(cx)?;
    let mut text = String::new();
    if args.backend {
        let store = session::store(cx, Some(&work.config), &args.state).await?;
        let described = store.describe();
        session::open(cx, store, &args.state, None).await?;
        text.push_str(&format!("State: {described}\n"));
    }
    let mut providers = std::collections::BTreeMap::new();
    for module in work.config.modules() {
        for resource in module.resources.values() {
            let addr = work.config.provider_of(&module.path, resource).provider;
            if let Some(provider) = work.engine.registry.get(&addr) {
                providers.insert(addr.short(), provider.version().to_owned());
            }
        }
    }
    for (name, version) in providers {
        text.push_str(&format!(
            "Provider: {name}, with the schema of version {version} (built in)\n"
        ));
    }
    let paint = Paint { colour: cx.style.colour };
    cx.print(&format!(
        "{text}\n{}\n",
        paint.bold(&paint.green("The configuration is ready: try infra plan."))
    ));
    Ok(ExitCode::SUCCESS)
}

use std::process::ExitCode;

use infra_engine::state::State;

use crate::context::Context;
use crate::providers;
use crate::session::Failed;
use crate::views;

/// Show the version of infra, and of what it is compatible with
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let registry = providers::registry(cx);
    if args.json {
        cx.print(&views::json::version(&registry));
    } else {
        let mut text = format!(
            "infra v{}\nbehaves as Terraform v{}\n",
            env!("CARGO_PKG_VERSION"),
            State::COMPATIBLE
        );
        for provider in registry.providers() {
            text.push_str(&format!(
                "+ provider {} v{} (built in)\n",
                provider.address(),
                provider.version()
            ));
        }
        cx.print(&text);
    }
    Ok(ExitCode::SUCCESS)
}

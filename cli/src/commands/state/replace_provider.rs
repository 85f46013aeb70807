use std::process::ExitCode;
use std::sync::Arc;

use infra_engine::addrs::ProviderAddr;

use crate::context::Context;
use crate::editing;
use crate::session::{Failed, StateArgs, fail};
use crate::{diagnostics, views};

/// Have other providers look after the resources of the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The provider that the state names, such as hashicorp/aws
    from: String,

    /// The provider to name instead
    to: String,

    /// Do not ask
    #[arg(long)]
    auto_approve: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let parse = |flag: &str, text: &str| {
        let found = text.parse::<ProviderAddr>();
        found.or_else(|error| fail(cx, diagnostics::wrong_provider(flag, text, error.0)))
    };
    let (from, to) = (parse("from", &args.from)?, parse("to", &args.to)?);
    let mut session = editing::open(cx, &args.state, "state-replace-provider").await?;
    let mut state = session.state.clone();
    let mut changed = Vec::new();
    for ((module, resource), found) in &mut state.resources {
        if found.provider.provider == from {
            found.provider.provider = to.clone();
            for own in found.instances.values_mut().filter_map(|found| found.provider.as_mut()) {
                Arc::make_mut(own).provider = to.clone();
            }
            changed.push(if module.is_root() {
                resource.to_string()
            } else {
                format!("{module}.{resource}")
            });
        }
    }
    let mut done = Ok(ExitCode::SUCCESS);
    if changed.is_empty() {
        cx.print("No matching resources found.\n");
    } else {
        cx.print(&views::state::provider_change(&from, &to, &changed, cx.paint()));
        let question = "\nDo you want to make these changes?\n  Only 'yes' is accepted.";
        let approved = args.auto_approve || cx.ask(question).await.as_deref() == Some("yes");
        if approved {
            let saved = session.save(state).await;
            cx.diagnostics(&saved, &Default::default());
            if saved.has_errors() {
                done = Err(Failed);
            } else {
                cx.print(&format!(
                    "\nSuccessfully replaced provider for {} resources.\n",
                    changed.len()
                ));
            }
        } else {
            cx.print("\nCancelled replacing providers.\n");
        }
    }
    cx.diagnostics(&session.close().await, &Default::default());
    done
}

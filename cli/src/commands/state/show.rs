use std::process::ExitCode;

use infra_engine::addrs::ResourceInstance;

use super::configuration;
use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};
use crate::{diagnostics, providers, views};

/// Show one resource instance of the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which
    address: String,

    /// Show sensitive values
    #[arg(long)]
    show_sensitive: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let config = configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let addr: ResourceInstance = match args.address.parse() {
        Ok(addr) => addr,
        Err(infra_engine::addrs::ParseError(problem)) => {
            return fail(cx, diagnostics::wrong_address(problem));
        }
    };
    let mut paint = cx.paint();
    paint.sensitive = args.show_sensitive;
    match views::state::one(&session.state, &addr, &providers::registry(cx), paint) {
        Some(text) => {
            cx.print_result(&text);
            Ok(ExitCode::SUCCESS)
        }
        None => fail(cx, diagnostics::no_instance(&args.address, &session.state)),
    }
}

use std::process::ExitCode;

use infra_engine::addrs::ResourceInstance;

use crate::context::Context;
use crate::session::{Failed, StateArgs, fail};
use crate::{diagnostics, providers, views};

/// Show one resource instance of the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which
    address: String,

    /// Print JSON: the object as in "infra show -json"
    #[arg(long)]
    json: bool,

    /// Show sensitive values
    #[arg(long)]
    show_sensitive: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let session = super::open_written(cx, &args.state).await?;
    let addr: ResourceInstance = match args.address.parse() {
        Ok(addr) => addr,
        Err(infra_engine::addrs::ParseError(problem)) => {
            return fail(cx, diagnostics::wrong_address(problem));
        }
    };
    let mut paint = cx.paint();
    paint.sensitive = args.show_sensitive;
    let registry = providers::registry(cx);
    let shown = match args.json {
        true => views::json::instance(&session.state, &addr, &registry),
        false => views::state::one(&session.state, &addr, &registry, paint),
    };
    match shown {
        Some(text) => {
            cx.print_result(&text);
            Ok(ExitCode::SUCCESS)
        }
        None => fail(cx, diagnostics::no_instance(&args.address, &session.state)),
    }
}

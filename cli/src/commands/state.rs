use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use infra_engine::addrs::ResourceInstance;
use infra_engine::diag::Diagnostic;
use infra_engine::lang::config::Config;
use infra_engine::lang::files::Files;

use crate::context::Context;
use crate::providers;
use crate::session::{self, Failed, StateArgs, fail};
use crate::views;
use crate::views::paint::Paint;

/// Look into the state
#[derive(Subcommand)]
pub(crate) enum Command {
    List(ListArgs),
    Show(ShowArgs),
}

/// List the resource instances of the state
#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// Only these, or what is in these modules
    addresses: Vec<String>,

    /// Only the one with this id
    #[arg(long)]
    id: Option<String>,

    #[command(flatten)]
    state: StateArgs,
}

/// Show one resource instance of the state
#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// Which
    address: String,

    #[command(flatten)]
    state: StateArgs,
}

/// The configuration of the folder, as far as it can be read: it says where the state is.
pub(crate) fn configuration(cx: &Context) -> Option<Arc<Config>> {
    let files: Arc<dyn Files> = cx.files();
    let (config, _) = infra_engine::lang::config::load(files, "", &Default::default());
    Some(Arc::new(config))
}

pub(crate) async fn run(cx: &Context, command: Command) -> Result<ExitCode, Failed> {
    match command {
        Command::List(args) => list(cx, args).await,
        Command::Show(args) => show(cx, args).await,
    }
}

async fn list(cx: &Context, args: ListArgs) -> Result<ExitCode, Failed> {
    let config = configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let mut text = String::new();
    for (addr, _, found) in session.state.instances() {
        let name = addr.to_string();
        let inside = |wanted: &String| {
            name == *wanted
                || name
                    .strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let id = found.current.as_ref().and_then(|object| object.id());
        let wanted = (args.addresses.is_empty() || args.addresses.iter().any(inside))
            && args.id.as_deref().is_none_or(|wanted| id == Some(wanted));
        if wanted && found.current.is_some() {
            text.push_str(&format!("{name}\n"));
        }
    }
    cx.print(&text);
    Ok(ExitCode::SUCCESS)
}

async fn show(cx: &Context, args: ShowArgs) -> Result<ExitCode, Failed> {
    let config = configuration(cx);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let addr: ResourceInstance = match args.address.parse() {
        Ok(addr) => addr,
        Err(error) => {
            return fail(cx, Diagnostic::error("Invalid address").detail(error.to_string()));
        }
    };
    let paint = Paint { colour: cx.style.colour };
    match views::state::one(&session.state, &addr, &providers::registry(cx), paint) {
        Some(text) => {
            cx.print(&text);
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let names: Vec<String> =
                session.state.instances().map(|(addr, ..)| addr.to_string()).collect();
            let diagnostic = Diagnostic::error("No instance found")
                .detail(format!("The state has no resource instance {addr}."))
                .suggest(&args.address, names.iter().map(String::as_str));
            fail(cx, diagnostic)
        }
    }
}

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::workspace;
use crate::backend::{BackendArgs, initialise};
use crate::context::Context;
use crate::session::{self, Failed, OutputArgs, StateArgs};
use crate::{lock_file, modules, views};

/// Set a folder up: its backend and its modules
///
/// Providers are built in, so none is downloaded, and a lock file that Terraform wrote is read but never changed. What init finds
/// out about the backend it remembers in .terraform; where the configuration says it all, and no state has to be moved,
/// running it is not necessary.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Set up the backend
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    backend: std::primitive::bool,

    #[command(flatten)]
    backends: BackendArgs,

    /// Ask for input where it is needed
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    input: std::primitive::bool,

    /// Print messages for programs: one JSON object a line
    #[arg(long)]
    json: bool,

    /// Fetch modules
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    get: std::primitive::bool,

    /// Fetch all modules anew, in the newest versions that are accepted
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    upgrade: std::primitive::bool,

    /// Begin with a copy of this module; the folder must be empty
    #[arg(long, value_name = "SOURCE")]
    from_module: Option<String>,

    /// With "readonly", refuse a lock file in which a provider is missing; it is never written
    #[arg(long, value_name = "MODE")]
    lockfile: Option<String>,

    #[command(flatten)]
    accepted: AcceptedArgs,

    #[command(flatten)]
    state: StateArgs,
}

/// Flags that have no effect.
#[derive(clap::Args)]
struct AcceptedArgs {
    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "DIR")]
    plugin_dir: Vec<String>,

    /// Accepted, without effect: what tests need is found when they run
    #[arg(long, value_name = "DIR")]
    test_directory: Option<String>,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let cx = &OutputArgs { json: args.json, ..OutputArgs::default() }.applied(cx)?;
    let backends = &args.backends;
    if backends.reconfigure && backends.migrate_state {
        return session::fail(cx, crate::diagnostics::exclusive_flags());
    }
    if args.upgrade && args.lockfile.as_deref() == Some("readonly") {
        return session::fail(cx, crate::diagnostics::upgrade_of_readonly());
    }
    if let Some(source) = &args.from_module {
        modules::copy_from(cx, source)?;
    }
    if args.get {
        modules::install(cx, &args.state.inputs, args.upgrade)?;
    }
    let engine = modules::engine(cx, &args.state.inputs);
    let (config, mut found) = engine.load("");
    if found.is_empty() && session::is_empty(&config.root) {
        views::init::say(cx, "", &views::init::empty(cx.paint()));
        return Ok(ExitCode::SUCCESS);
    }
    if !found.has_errors() {
        found.extend(engine.check_providers(&config));
        found.extend(session::version_warnings(&engine, &config));
    }
    session::enter_sandbox(cx, &args.state).await?;
    if args.backend {
        views::init::say(cx, "initializing_backend_message", "Initializing the backend...\n");
    }
    session::told(cx, &found, &config.sources)?;
    let mut described = None;
    if args.backend {
        let input = args.input && cx.can_ask();
        let (backend, changed) = initialise(cx, &config, backends, &args.state, input).await?;
        workspace::select_existing(cx, &backend, &args.state).await?;
        let store = backend.store(cx, &session::workspace(cx), &args.state).await?;
        session::open(cx, store.clone(), &args.state, None).await?;
        if changed && !args.state.sandbox {
            views::init::say(cx, "", &views::init::configured(&backend.ty, cx.paint()));
        }
        described = Some(store.describe());
    }
    if args.get && !config.root.calls.is_empty() {
        let code = "initializing_modules_message";
        views::init::tell_programs(cx, code, "Initializing modules...");
    }
    let code = "initializing_provider_plugin_message";
    views::init::tell_programs(cx, code, "Initializing provider plugins...");
    let mut used = BTreeMap::new();
    for module in config.modules() {
        for resource in module.blocks() {
            let addr = config.provider_of(&module.path, resource).provider;
            if let Some(provider) = engine.registry.get(&addr) {
                used.insert(addr, provider.version().to_owned());
            }
        }
    }
    lock_file::compare(cx, &used, args.lockfile.as_deref() == Some("readonly"))?;
    let used = used.iter().map(|(addr, version)| (addr.short(), version.clone())).collect();
    views::init::say(cx, "", &views::init::found(described.as_deref(), &used));
    views::init::ready(cx);
    Ok(ExitCode::SUCCESS)
}

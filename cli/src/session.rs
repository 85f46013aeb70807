//! What most commands begin with: load the configuration, collect the variables, open the state.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgMatches, Args, FromArgMatches};
use infra_engine::diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_engine::lang::config::variables::{self, Flag, Given, GivenValue, Inputs};
use infra_engine::lang::config::{Config, Deprecations, Module};
use infra_engine::state::{LockInfo, State, Store};
use infra_engine::value::{Str, Value};
use infra_engine::{Engine, Session};

use crate::context::{Context, Showing};
use crate::views::machine::Machine;
use crate::{backend, diagnostics, modules, sandbox, views};

/// The values of the root module's variables.
pub(crate) struct Assigned {
    /// Converted to the types of the variables.
    pub(crate) values: BTreeMap<Str, Value>,
    /// Why some have none: what was given does not fit.
    pub(crate) unfit: BTreeMap<Str, Diagnostic>,
    /// As they were given.
    pub(crate) given: BTreeMap<Str, Value>,
}

/// It was told what went wrong.
pub(crate) struct Failed;

/// Where the state is, and who may change it meanwhile.
#[derive(Args, Clone, Default)]
pub(crate) struct StateArgs {
    /// Work in a sandbox: an emulated AWS on this machine, with a state of its own
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// Use this state file instead of what the configuration says
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Write the state to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) state_out: Option<PathBuf>,

    /// Keep the former state in this file; "-" for nowhere
    #[arg(long, value_name = "FILE")]
    pub(crate) backup: Option<String>,

    /// Lock the state while working
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    pub(crate) lock: std::primitive::bool,

    /// How long to wait for the lock, such as 30s or 5m
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    pub(crate) lock_timeout: String,

    /// What is added to the name of the state file for its backup.
    #[arg(skip)]
    pub(crate) backup_suffix: Option<String>,

    /// Accepted, without effect: no state is kept by a service with a version of its own
    #[arg(long, hide = true)]
    pub(crate) ignore_remote_version: bool,

    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

impl StateArgs {
    /// How many calls may be under way at once. The emulator of a sandbox can fail at one of two calls after having done
    /// what it asks for.
    pub(crate) fn parallelism(&self, wanted: usize) -> usize {
        if self.sandbox { 1 } else { wanted }
    }
}

/// How results are shown.
#[derive(Args, Clone)]
pub(crate) struct OutputArgs {
    /// Print messages for programs: one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    /// Write messages for programs to this file, beside what is printed
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub(crate) json_into: Option<PathBuf>,

    /// Show warnings in brief
    #[arg(long)]
    pub(crate) compact_warnings: bool,

    /// Show warnings with the same title as one
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    pub(crate) consolidate_warnings: std::primitive::bool,

    /// Show errors with the same title as one
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    pub(crate) consolidate_errors: std::primitive::bool,

    /// Do not show what is going on
    #[arg(long)]
    pub(crate) concise: bool,

    /// Show sensitive values
    #[arg(long)]
    pub(crate) show_sensitive: bool,
}

impl Default for OutputArgs {
    fn default() -> Self {
        Self {
            json: false,
            json_into: None,
            compact_warnings: false,
            consolidate_warnings: true,
            consolidate_errors: false,
            concise: false,
            show_sensitive: false,
        }
    }
}

impl OutputArgs {
    /// The context that shows results this way.
    pub(crate) fn applied(&self, cx: &Context) -> Result<Context, Failed> {
        let machine = match &self.json_into {
            Some(path) => match std::fs::File::create(cx.folder.join(path)) {
                Ok(file) => Some(Machine::beside(file)),
                Err(error) => return fail(cx, diagnostics::unwritable(path, &error)),
            },
            None => self.json.then(Machine::alone),
        };
        if let Some(machine) = &machine {
            machine.version();
        }
        let showing = Showing {
            compact_warnings: self.compact_warnings,
            separate_warnings: !self.consolidate_warnings,
            consolidated_errors: self.consolidate_errors,
            concise: self.concise,
            sensitive: self.show_sensitive,
        };
        Ok(Context { machine: machine.map(Arc::new), showing, ..cx.clone() })
    }
}

/// Values of variables.
#[derive(Clone, Default)]
pub(crate) struct InputArgs {
    /// Files and values, the weakest first.
    pub(crate) flags: Vec<Flag>,
    pub(crate) deprecation: Deprecation,
    /// Query files are read too.
    pub(crate) queries: bool,
}

/// The same as flags: what comes later is stronger, whichever of the two it is.
#[derive(Args)]
struct InputFlags {
    /// Set a variable: -var 'name=value'
    #[arg(long = "var", value_name = "NAME=VALUE")]
    var: Vec<String>,

    /// Read values of variables from a file
    #[arg(long = "var-file", value_name = "FILE")]
    var_file: Vec<String>,

    /// Tell of deprecated inputs and outputs of all modules, of local ones, or of none
    #[arg(
        long,
        value_name = "module:all|local|none",
        default_value = "module:all",
        hide_default_value = true
    )]
    deprecation: Deprecation,
}

impl FromArgMatches for InputArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let places = |id: &str| matches.indices_of(id).into_iter().flatten().collect::<Vec<_>>();
        let (values, files) = (places("var"), places("var_file"));
        let given = InputFlags::from_arg_matches(matches)?;
        let values = values.into_iter().zip(given.var.into_iter().map(Flag::Value));
        let files = files.into_iter().zip(given.var_file.into_iter().map(Flag::File));
        let mut flags: Vec<(usize, Flag)> = values.chain(files).collect();
        flags.sort_by_key(|(place, _)| *place);
        let flags = flags.into_iter().map(|(_, flag)| flag).collect();
        Ok(Self { flags, deprecation: given.deprecation, queries: false })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for InputArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        InputFlags::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        InputFlags::augment_args_for_update(command)
    }
}

/// Which deprecated things are told of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Deprecation(pub(crate) Deprecations);

impl std::str::FromStr for Deprecation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "module:all" | "" => Ok(Self(Deprecations::All)),
            "module:local" => Ok(Self(Deprecations::Local)),
            "module:none" => Ok(Self(Deprecations::None)),
            _ => Err("it must be module:all, module:local or module:none".to_owned()),
        }
    }
}

impl InputArgs {
    /// All that gives variables their values here.
    pub(crate) fn all(&self, cx: &Context) -> Inputs {
        Inputs {
            environment: cx.environment.clone(),
            automatic: true,
            flags: self.flags.clone(),
            values: BTreeMap::new(),
        }
    }
}

/// Whether values of variables are asked for.
#[derive(Args, Clone)]
pub(crate) struct AskingArgs {
    /// Ask for values that are missing
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    pub(crate) input: std::primitive::bool,
}

/// A configuration with the engine that works on it.
pub(crate) struct Work {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) sources: Sources,
    /// What is to be told of the configuration.
    pub(crate) warnings: Diagnostics,
    /// Where files give values of variables, once those were asked for.
    pub(crate) given_at: BTreeMap<Str, Span>,
}

/// Prints diagnostics; gives whether work can go on.
pub(crate) fn told(cx: &Context, found: &Diagnostics, sources: &Sources) -> Result<(), Failed> {
    cx.diagnostics(found, sources);
    if found.has_errors() { Err(Failed) } else { Ok(()) }
}

/// Prints one diagnostic that ends the command.
pub(crate) fn fail<T>(cx: &Context, diagnostic: Diagnostic) -> Result<T, Failed> {
    cx.diagnostic(&diagnostic, &Sources::new());
    Err(Failed)
}

impl Work {
    /// Loads and checks the configuration; there must be one.
    pub(crate) fn load(cx: &Context, inputs: &InputArgs) -> Result<Self, Failed> {
        Self::read_quietly(cx, inputs, false)?.checked(cx)?.told(cx)
    }

    /// Loads the configuration; what of it cannot be told without its providers is left to whoever uses it.
    pub(crate) fn load_unchecked(cx: &Context, inputs: &InputArgs) -> Result<Self, Failed> {
        Self::read(cx, inputs)?.told(cx)
    }

    /// Loads the configuration; its warnings are still to be told.
    pub(crate) fn read_quietly(
        cx: &Context,
        inputs: &InputArgs,
        may_be_empty: bool,
    ) -> Result<Self, Failed> {
        let work = Self::read(cx, inputs)?;
        let endings = [".tf", ".json", ".tfquery.hcl"];
        let is_read = |path: &str| endings.iter().any(|ending| path.ends_with(ending));
        let read = work.config.sources.iter().any(|file| is_read(&file.path));
        if !may_be_empty && is_empty(&work.config.root) && !read {
            return fail(
                cx,
                match inputs.queries {
                    true => diagnostics::no_query(),
                    false => diagnostics::no_configuration(),
                },
            );
        }
        Ok(work)
    }

    /// Checks the configuration; warnings are still to be told.
    pub(crate) fn checked(mut self, cx: &Context) -> Result<Self, Failed> {
        self.warnings.extend(self.engine.check(&self.config));
        self.warnings.extend(version_warnings(&self.engine, &self.config));
        if self.warnings.has_errors() { self.told(cx) } else { Ok(self) }
    }

    fn read(cx: &Context, inputs: &InputArgs) -> Result<Self, Failed> {
        let engine = modules::engine(cx, inputs);
        let (config, warnings) = engine.load("");
        let sources = config.sources.clone();
        let work = Self { engine, sources, config, warnings, given_at: BTreeMap::new() };
        if work.warnings.has_errors() { work.told(cx) } else { Ok(work) }
    }

    /// Tells what was found so far; goes on where that is no error.
    fn told(mut self, cx: &Context) -> Result<Self, Failed> {
        told(cx, &std::mem::take(&mut self.warnings), &self.sources).map(|()| self)
    }

    /// The values of the root module's variables for a command that needs all of them.
    pub(crate) async fn all_variables(
        &mut self,
        cx: &Context,
        inputs: &InputArgs,
        asking: &AskingArgs,
    ) -> Result<BTreeMap<Str, Value>, Failed> {
        let assigned = self.variables(cx, inputs, asking).await?;
        let unfit = assigned.unfit.into_values().collect();
        told(cx, &self.config.with_blocks(unfit), &self.sources)?;
        Ok(assigned.values)
    }

    /// The values of the root module's variables.
    pub(crate) async fn variables(
        &mut self,
        cx: &Context,
        inputs: &InputArgs,
        asking: &AskingArgs,
    ) -> Result<Assigned, Failed> {
        let mut found = Diagnostics::new();
        let mut given = self.given(cx, inputs, &mut found);
        // What a file that cannot be read would have given is not missing.
        if found.has_errors() {
            told(cx, &found, &self.sources)?;
        }
        self.given_at = variables::places(&given);
        let root = &self.config.root;
        let mut assigned = variables::assign(root, &given, &mut self.sources, &mut found);
        let mut answered = BTreeMap::new();
        let may_ask = asking.input && cx.can_ask() && cx.machine.is_none();
        let unreadable = std::mem::take(&mut assigned.unreadable);
        let asked = std::mem::take(&mut assigned.missing).into_iter().map(|name| (name, may_ask));
        for (name, may_ask) in asked.chain(unreadable.into_iter().map(|name| (name, false))) {
            if may_ask && let Some(answer) = self.ask(cx, &name).await {
                answered.insert(name, answer);
                continue;
            }
            let variable = &self.config.root.variables[&name];
            let diagnostic = diagnostics::no_value(&name, variable.description.as_deref());
            found.push(diagnostic.at(variable.span));
        }
        if !answered.is_empty() {
            given.push(answered);
            let mut problems = Diagnostics::new();
            let root = &self.config.root;
            assigned = variables::assign(root, &given, &mut self.sources, &mut problems);
            found.extend(problems);
            found.dedup();
        }
        let mut found = self.config.with_blocks(found);
        if found.has_errors() {
            found.extend(std::mem::take(&mut self.warnings));
        }
        told(cx, &found, &self.sources)?;
        let given = variables::unconverted(&self.config.root, &given);
        Ok(Assigned { values: assigned.values, unfit: assigned.unfit, given })
    }

    /// The values of those of the root module's variables that were given one or have a default.
    pub(crate) fn known_variables(
        &mut self,
        cx: &Context,
        args: &InputArgs,
    ) -> Result<BTreeMap<Str, Value>, Failed> {
        let mut found = Diagnostics::new();
        let given = self.given(cx, args, &mut found);
        let root = &self.config.root;
        let values = variables::assign(root, &given, &mut self.sources, &mut found);
        let values = values.fitting(&mut found);
        told(cx, &self.config.with_blocks(found), &self.sources)?;
        Ok(values)
    }

    /// What the environment, files and flags give, the weakest first.
    pub(crate) fn given(
        &mut self,
        cx: &Context,
        args: &InputArgs,
        found: &mut Diagnostics,
    ) -> Vec<BTreeMap<Str, Given>> {
        args.all(cx).given(&*cx.files(), &mut self.sources, found)
    }

    /// Asks for the value of a variable; nothing if nobody answers.
    async fn ask(&self, cx: &Context, name: &Str) -> Option<Given> {
        let variable = &self.config.root.variables[name];
        let answer = cx.ask(&views::question::variable(variable)).await?;
        Some(Given { value: GivenValue::Text(answer), span: None, origin: "the answer".to_owned() })
    }
}

/// Whether a module has nothing in it.
pub(crate) fn is_empty(root: &Module) -> bool {
    root.blocks().next().is_none()
        && root.calls.is_empty()
        && root.outputs.is_empty()
        && root.variables.is_empty()
        && root.locals.is_empty()
        && root.providers.is_empty()
        && root.backend.is_none()
        && root.requirements.is_empty()
        && root.moved.is_empty()
        && root.removed.is_empty()
        && root.imports.is_empty()
        && root.checks.is_empty()
}

/// One warning for each provider of which another version is asked for than the one that is built in.
pub(crate) fn version_warnings(engine: &Engine, config: &Config) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut warned = std::collections::BTreeSet::new();
    for module in config.modules() {
        let required =
            module.requirements.values().map(|found| (found.source.clone(), found.version.clone()));
        let blocks = module.providers.values();
        let old = blocks.map(|block| (module.provider_source(&block.name), block.version.clone()));
        for (source, version) in required.chain(old) {
            let (Some((wanted, span)), Some(provider)) = (version, engine.registry.get(&source))
            else {
                continue;
            };
            let ours = provider.version();
            if !infra_engine::lang::config::satisfies(ours, &wanted)
                && warned.insert(source.clone())
            {
                found.push(diagnostics::other_version(&source.short(), &wanted, ours).at(span));
            }
        }
    }
    found
}

/// The name of the selected workspace.
pub(crate) fn workspace(cx: &Context) -> String {
    if let Some(name) = cx.setting("WORKSPACE") {
        return name.to_owned();
    }
    let selected = std::fs::read_to_string(backend::workspace_file(cx)).unwrap_or_default();
    let selected = selected.trim();
    if selected.is_empty() { "default".to_owned() } else { selected.to_owned() }
}

/// The selected workspace; an error if its name, which the environment may give, cannot be part of a key or a path.
pub(crate) fn checked_workspace(cx: &Context) -> Result<String, Failed> {
    let name = workspace(cx);
    match crate::commands::workspace::is_valid(&name) {
        true => Ok(name),
        false => fail(cx, diagnostics::wrong_workspace_in_environment(&name)),
    }
}

/// Enters the sandbox if that is asked for, and says so.
pub(crate) async fn enter_sandbox(cx: &Context, args: &StateArgs) -> Result<(), Failed> {
    if !args.sandbox {
        return Ok(());
    }
    match sandbox::enter(cx).await {
        Ok(line) => {
            cx.print(&format!("{line}\n"));
            Ok(())
        }
        Err(problem) => fail(cx, diagnostics::sandbox(problem)),
    }
}

/// Enters the sandbox if that is asked for; nothing is said, since programs read what is printed.
pub(crate) async fn enter_sandbox_quietly(cx: &Context, args: &StateArgs) -> Result<(), Failed> {
    match args.sandbox {
        true => sandbox::enter(cx)
            .await
            .map(drop)
            .or_else(|problem| fail(cx, diagnostics::sandbox(problem))),
        false => Ok(()),
    }
}

/// Enters the sandbox if that is asked for, and finds the store.
pub(crate) async fn store(
    cx: &Context,
    config: Option<&Config>,
    args: &StateArgs,
) -> Result<Arc<dyn Store>, Failed> {
    enter_sandbox(cx, args).await?;
    backend::store(cx, config, args, &checked_workspace(cx)?).await
}

/// Like [`store`], for commands whose output is read by programs: nothing is said about the sandbox.
pub(crate) async fn quiet_store(
    cx: &Context,
    config: Option<&Config>,
    args: &StateArgs,
) -> Result<Arc<dyn Store>, Failed> {
    enter_sandbox_quietly(cx, args).await?;
    backend::store(cx, config, args, &checked_workspace(cx)?).await
}

/// Opens the state, with a lock for the operation if one is named.
pub(crate) async fn open(
    cx: &Context,
    store: Arc<dyn Store>,
    args: &StateArgs,
    operation: Option<&str>,
) -> Result<Session, Failed> {
    if cx.setting("ENCRYPTION").is_some() {
        return fail(cx, diagnostics::no_encryption());
    }
    let lock = operation.filter(|_| args.lock).map(|operation| LockInfo {
        id: uuid::Uuid::new_v4().to_string(),
        operation: operation.to_owned(),
        info: String::new(),
        who: cx.who(),
        version: State::COMPATIBLE.to_owned(),
        created: Context::now(),
        path: store.describe(),
    });
    let Some(timeout) = duration(&args.lock_timeout) else {
        let problem = format!(
            "-lock-timeout takes a duration such as 30s or 5m, not \"{}\".",
            args.lock_timeout
        );
        return fail(cx, diagnostics::wrong_flag("lock-timeout", problem));
    };
    let waiting = lock.is_some();
    let opening = Session::open(store, lock, timeout, uuid::Uuid::new_v4().to_string());
    tokio::pin!(opening);
    let opened = tokio::select! {
        opened = &mut opening => opened,
        () = tokio::time::sleep(Duration::from_secs(1)), if waiting && !timeout.is_zero() => {
            cx.print("Acquiring state lock. This may take a few moments...\n");
            opening.await
        }
    };
    match opened {
        Ok((session, found)) => {
            cx.diagnostics(&found, &Sources::new());
            Ok(session)
        }
        Err(found) => {
            cx.diagnostics(&found, &Sources::new());
            Err(Failed)
        }
    }
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    match &text[digits..] {
        "" | "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number * 60)),
        "h" => Some(Duration::from_secs(number * 3600)),
        "ms" => Some(Duration::from_millis(number)),
        _ => None,
    }
}

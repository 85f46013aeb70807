//! What `init` does about the backend.

use std::collections::BTreeMap;

use infra_engine::diag::{Diagnostics, Sources};
use infra_engine::lang::config::Config;
use infra_engine::lang::config::variables::{self, Given, GivenValue};
use infra_engine::value::{Str, Type, Value, convert};

use super::migration::{self, Moving};
use super::record::Record;
use super::{Backend, configured, schema};
use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, StateArgs, fail, told};

/// How `init` sets up the backend.
#[derive(clap::Args, Clone)]
pub(crate) struct BackendArgs {
    /// An argument of the backend as NAME=VALUE, or a file of them; may be repeated
    #[arg(long, value_name = "FILE|NAME=VALUE")]
    pub(crate) backend_config: Vec<String>,

    /// Move the states to the backend that the configuration has now
    #[arg(long)]
    pub(crate) migrate_state: bool,

    /// Move states without a question; implies -migrate-state, unless -reconfigure is used
    #[arg(long)]
    pub(crate) force_copy: bool,

    /// Use the backend that the configuration has now, and leave the states where they are
    #[arg(long)]
    pub(crate) reconfigure: bool,
}

/// The arguments that are required and not set.
pub(super) fn missing(cx: &Context, backend: &Backend) -> Result<Vec<Str>, Failed> {
    let schema = schema(cx, &backend.ty)?;
    let required = schema.block.attributes.iter().filter(|(_, attribute)| attribute.required);
    let unset = |name: &str| backend.value.get(name).is_none_or(Value::is_null);
    Ok(required.filter(|(name, _)| unset(name)).map(|(name, _)| name.clone()).collect())
}

/// Tells what is wrong with the arguments of a backend, before anything is moved or remembered.
pub(super) fn checked(cx: &Context, config: &Config, backend: &Backend) -> Result<(), Failed> {
    let block = config.root.backend.as_ref();
    let first_line = block.map(|block| block.span);
    let mut found: Diagnostics = missing(cx, backend)?
        .iter()
        .map(|name| diagnostics::missing_backend_argument(name).at(first_line))
        .collect();
    if found.is_empty() && backend.ty == "s3" {
        for problem in infra_state_s3::problems(&backend.value) {
            let mut attributes = block.iter().flat_map(|block| &block.body.attributes);
            let argument = attributes.find(|one| Some(&*one.name) == problem.argument);
            let place = argument.map(|argument| argument.span).or(first_line);
            found.push(diagnostics::backend_problem(problem).at(place));
        }
    }
    told(cx, &found, &config.sources)
}

/// Sets up the backend of the configuration: merges flags into it, moves states if they have to be, and remembers it.
/// Gives the backend, and whether it is another one than before.
pub(crate) async fn initialise(
    cx: &Context,
    config: &Config,
    args: &BackendArgs,
    state: &StateArgs,
    input: bool,
) -> Result<(Backend, bool), Failed> {
    let moving = Moving { force: args.force_copy, input };
    let record = if state.sandbox { None } else { Record::read(cx)? };
    let before = match &record {
        // What was remembered is not asked for what is not wanted any more.
        Some(_) if args.reconfigure => None,
        Some(record) => Some(Backend::remembered(cx, record)?),
        None => None,
    };
    let Some((block, hash)) = configured(cx, Some(config), "Unsupported backend type")? else {
        if !args.backend_config.is_empty() {
            cx.diagnostic(&diagnostics::no_backend_block(), &Sources::new());
        }
        if let Some(before) = &before {
            may_migrate(cx, args)?;
            migration::copy_all(cx, before, &Backend::local(), moving, state).await?;
        }
        if !state.sandbox {
            Record::write(cx, None)?;
        }
        return Ok((Backend::local(), record.is_some()));
    };
    let unchanged = record.as_ref().is_some_and(|record| {
        record.hash == hash && record.ty == block.ty && args.backend_config.is_empty()
    });
    if unchanged && let Some(before) = before {
        return Ok((before, false));
    }
    if let Some((_, found)) = config.backend_value(&schema(cx, &block.ty)?.block) {
        let warnings = found.into_iter().filter(|found| !found.is_error()).collect();
        cx.diagnostics(&warnings, &config.sources);
    }
    let backend = merged(cx, block, &args.backend_config)?;
    checked(cx, config, &backend)?;
    let store = backend.store(cx, "default", state).await?;
    let changed = before.as_ref().is_some_and(|before| *before != backend);
    if changed {
        may_migrate(cx, args)?;
    }
    // A backend that cannot be reached is not remembered.
    if !state.sandbox
        && let Err(error) = store.workspaces().await
    {
        return fail(cx, diagnostics::workspaces_not_listed(&error));
    }
    if !state.sandbox && !args.reconfigure {
        match &before {
            Some(before) if *before != backend => {
                migration::copy_all(cx, before, &backend, moving, state).await?;
            }
            None if backend != Backend::local() => {
                let local = Backend::local();
                migration::copy_all(cx, &local, &backend, moving, state).await?;
            }
            _ => {}
        }
    }
    if !state.sandbox {
        Record::write(cx, Some(&Record::of(&backend, hash)))?;
    }
    Ok((backend, changed || record.is_none()))
}

fn may_migrate(cx: &Context, args: &BackendArgs) -> Result<(), Failed> {
    if args.migrate_state || args.force_copy {
        return Ok(());
    }
    fail(cx, diagnostics::backend_changed())
}

/// The backend with what flags add to it, later ones over earlier ones.
fn merged(cx: &Context, mut backend: Backend, flags: &[String]) -> Result<Backend, Failed> {
    let schema = schema(cx, &backend.ty)?;
    let (mut found, mut sources) = (Diagnostics::new(), Sources::new());
    for flag in flags {
        let given: BTreeMap<Str, Given> = match flag.split_once('=') {
            Some((name, text)) => {
                let value = GivenValue::Text(text.to_owned());
                let origin = "the command line".to_owned();
                [(name.trim().into(), Given { value, span: None, origin })].into()
            }
            None => variables::read_file(&*cx.files(), flag, &mut sources, &mut found),
        };
        for (name, given) in given {
            let Some(attribute) = schema.block.attributes.get(&name) else {
                let known = schema.block.attributes.keys().map(|name| &**name);
                found.push(
                    diagnostics::unknown_backend_argument(&name, given.span.is_some())
                        .suggest(&name, known)
                        .at(given.span),
                );
                continue;
            };
            if let Some(value) = value_of(&name, &given, &attribute.ty, &mut found) {
                backend.value = backend.value.with(&name, value);
            }
        }
    }
    told(cx, &found, &sources)?;
    Ok(backend)
}

/// What was given for an argument: text is a string, or an expression where the type asks for more.
fn value_of(name: &str, given: &Given, ty: &Type, found: &mut Diagnostics) -> Option<Value> {
    use infra_engine::lang::{eval::constraint, syntax};
    let wrong = |problem: &str, found: &mut Diagnostics| {
        let problem = format!("-backend-config: {name}: {problem}.");
        found.push(diagnostics::wrong_backend_value(problem).at(given.span));
    };
    let value = match &given.value {
        GivenValue::Value(value) => value.clone(),
        GivenValue::Text(text) if ty.is_primitive() => text.as_str().into(),
        GivenValue::Text(text) => {
            let (mut ignored, mut sources) = (Diagnostics::new(), Sources::new());
            let source = sources.add("<flag>", text.as_str());
            let expr = syntax::parse_expr(source, text, &mut ignored);
            let Some(value) = expr.and_then(|expr| constraint::constant(&expr, &mut ignored))
            else {
                wrong(&format!("\"{text}\" is not an expression"), found);
                return None;
            };
            value
        }
        GivenValue::Expression(expr) => constraint::constant(expr, found)?,
    };
    convert::convert(&value, ty).map_err(|error| wrong(&error.to_string(), found)).ok()
}

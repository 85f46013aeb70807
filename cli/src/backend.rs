//! Where the state is kept: what the configuration, the flags and the sandbox say.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_engine::diag::Diagnostics;
use infra_engine::lang::config::Config;
use infra_engine::lang::functions::Environment;
use infra_engine::lang::world::World;
use infra_engine::provider::{Attribute, Block, Schema};
use infra_engine::state::{LocalStore, Store};
use infra_engine::value::Type;
use infra_state_s3::S3Store;

use crate::context::Context;
use crate::session::{Failed, StateArgs, fail, told};
use crate::{diagnostics, sandbox};

/// The store of a workspace.
pub(crate) async fn store(
    cx: &Context,
    config: Option<&Config>,
    args: &StateArgs,
    workspace: &str,
) -> Result<Arc<dyn Store>, Failed> {
    let local = |store: LocalStore| {
        let store = match &args.state_out {
            Some(path) => store.writing_to(cx.folder.join(path)),
            None => store,
        };
        let store = match args.backup.as_deref() {
            Some("-") => store.with_backup(None),
            Some(path) => store.with_backup(Some(cx.folder.join(path))),
            None => store,
        };
        Arc::new(store) as Arc<dyn Store>
    };
    if let Some(path) = &args.state {
        return Ok(local(LocalStore::at(cx.folder.join(path))));
    }
    let backend = config.and_then(|config| config.root.backend.as_ref());
    match backend.map(|backend| &*backend.ty) {
        None => {
            let folder = if args.sandbox { sandbox::state_folder(cx) } else { cx.folder.clone() };
            Ok(local(LocalStore::in_folder(&folder, workspace)))
        }
        Some("local") => {
            let value = value(cx, config, &local_schema())?;
            let of =
                |name: &str| value.get(name).and_then(|value| value.as_str()).map(str::to_owned);
            let folder = if args.sandbox { sandbox::state_folder(cx) } else { cx.folder.clone() };
            let store = match (of("path"), args.sandbox) {
                (Some(path), false) => LocalStore::at(folder.join(path)),
                _ => LocalStore::in_folder(&folder, workspace),
            };
            Ok(local(store))
        }
        Some("s3") => {
            let value = value(cx, config, &infra_state_s3::schema())?;
            let journal = if args.sandbox { sandbox::state_folder(cx) } else { cx.data_dir() };
            match S3Store::new(&value, workspace, journal.join("journal"), &overrides(cx)).await {
                Ok(store) => Ok(Arc::new(store)),
                Err(problem) => fail(cx, diagnostics::wrong_flag("backend", problem)),
            }
        }
        Some(other) => fail(cx, diagnostics::unknown_backend(other)),
    }
}

/// The arguments of the backend `local`.
fn local_schema() -> Schema {
    let attribute = || Attribute { optional: true, ..Attribute::new(Type::String) };
    let attributes = ["path", "workspace_dir"].map(|name| (name.into(), attribute()));
    Schema { version: 0, block: Block::new(attributes.into(), BTreeMap::new()) }
}

/// What the sandbox sets in place of the environment.
fn overrides(cx: &Context) -> BTreeMap<&'static str, String> {
    cx.aws.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

/// The arguments of the backend block. Variables and locals that are known before planning may be used.
fn value(
    cx: &Context,
    config: Option<&Config>,
    schema: &Schema,
) -> Result<infra_engine::value::Value, Failed> {
    let Some((config, backend)) =
        config.and_then(|config| Some((config, config.root.backend.as_ref()?)))
    else {
        return Ok(schema.block.empty_value());
    };
    let environment = Environment { files: cx.files(), ..Environment::nowhere() };
    let world = World::new(Arc::new(config.clone()), environment, "default", BTreeMap::new());
    let root = infra_engine::addrs::ModuleInstance::root();
    let Some(scope) = world.scope(&root) else { return Ok(schema.block.empty_value()) };
    let (value, found) = world.decode(&backend.body, &schema.block, &scope);
    let within = format!("backend \"{}\"", backend.ty);
    let found: Diagnostics = found.into_iter().map(|found| found.within(within.clone())).collect();
    told(cx, &found, &config.sources)?;
    Ok(value)
}

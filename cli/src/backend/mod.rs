//! Where the state is kept: what the configuration, the flags, `init` and the sandbox say.
//!
//! Reading order: this file (a backend and its stores), `record` (what `init` remembers), `initialisation`, `migration`,
//! `remote_states` (states of other configurations), `logged` (what the log is told of a store).

mod initialisation;
mod logged;
mod migration;
mod record;
mod remote_states;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use infra_engine::diag::Diagnostic;
use infra_engine::lang::config::Config;
use infra_engine::provider::{Attribute, Block, Schema};
use infra_engine::state::{LocalStore, Store};
use infra_engine::value::{Type, Value, json};
use infra_state_s3::S3Store;

use crate::context::Context;
use crate::session::{Failed, StateArgs, fail, told};
use crate::{diagnostics, sandbox};
use record::Record;

pub(crate) use initialisation::{BackendArgs, initialise};
pub(crate) use migration::{Moving, migrate};
pub(crate) use remote_states::RemoteStates;

/// A backend with its arguments: a place for the states of all workspaces.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Backend {
    /// `local` or `s3`.
    pub(crate) ty: String,
    /// An object of its schema.
    value: Value,
}

impl Backend {
    /// The one that is used where nothing else is said.
    fn local() -> Self {
        Self { ty: "local".to_owned(), value: local_schema().block.empty_value() }
    }

    /// The one that `init` remembered.
    fn remembered(cx: &Context, record: &Record) -> Result<Self, Failed> {
        let schema = schema(cx, &record.ty)?;
        match json::from_json(&record.config, schema.block.implied_type()) {
            Ok(value) => Ok(Self { ty: record.ty.clone(), value }),
            Err(error) => fail(cx, diagnostics::damaged_record(&error.to_string())),
        }
    }

    /// The store of a workspace.
    pub(crate) async fn store(
        &self,
        cx: &Context,
        workspace: &str,
        args: &StateArgs,
    ) -> Result<Arc<dyn Store>, Failed> {
        if self.ty == "s3" {
            let journal = if args.sandbox { sandbox::state_folder(cx) } else { cx.data_dir() };
            let journal = journal.join("journal");
            let store = S3Store::new(&self.value, workspace, journal, &overrides(cx)).await;
            return match store {
                Ok(store) => Ok(logged(cx, Arc::new(store))),
                Err(problem) => fail(cx, diagnostics::wrong_backend(problem)),
            };
        }
        let folder = if args.sandbox { sandbox::state_folder(cx) } else { cx.folder.clone() };
        let of = |name: &str| Some(self.value.get(name)?.as_str()?.to_owned());
        let path = of("path").filter(|_| !args.sandbox);
        let path = path.unwrap_or_else(|| "terraform.tfstate".to_owned());
        let workspaces = of("workspace_dir").filter(|_| !args.sandbox);
        let workspaces = workspaces.unwrap_or_else(|| "terraform.tfstate.d".to_owned());
        let store = LocalStore::in_workspace(folder.join(path), folder.join(workspaces), workspace);
        Ok(local_store(cx, store, args))
    }
}

/// A local store with what the flags say of it.
fn local_store(cx: &Context, store: LocalStore, args: &StateArgs) -> Arc<dyn Store> {
    let store = match &args.state_out {
        Some(path) => store.writing_to(cx.folder.join(path)),
        None => store,
    };
    let store = match (args.backup.as_deref(), &args.backup_suffix) {
        (None, Some(suffix)) => store.with_backup_suffix(suffix),
        (backup, _) => match backup {
            Some("-") => store.with_backup(None),
            Some(path) => store.with_backup(Some(cx.folder.join(path))),
            None => store,
        },
    };
    logged(cx, Arc::new(store))
}

/// A store that tells the log, if there is one, what is done with it.
fn logged(cx: &Context, store: Arc<dyn Store>) -> Arc<dyn Store> {
    match cx.log.clone() {
        Some(log) => Arc::new(logged::Logged { store, log }),
        None => store,
    }
}

/// The store of a workspace.
pub(crate) async fn store(
    cx: &Context,
    config: Option<&Config>,
    args: &StateArgs,
    workspace: &str,
) -> Result<Arc<dyn Store>, Failed> {
    if let Some(path) = &args.state {
        return Ok(local_store(cx, LocalStore::at(cx.folder.join(path)), args));
    }
    selected(cx, config, args).await?.store(cx, workspace, args).await
}

/// The backend that a command works with: that of the configuration, with what `init` remembered of it.
///
/// `init` is needed only where the configuration does not say enough, or where a state would be left behind.
pub(crate) async fn selected(
    cx: &Context,
    config: Option<&Config>,
    args: &StateArgs,
) -> Result<Backend, Failed> {
    let configured = configured(cx, config, "Invalid backend type")?;
    if args.sandbox {
        return Ok(configured.map_or_else(Backend::local, |(backend, _)| backend));
    }
    let record = Record::read(cx)?;
    match (configured, record) {
        (None, None) => Ok(Backend::local()),
        (None, Some(record)) => {
            let reason = format!("The backend \"{}\" is no longer in the configuration", record.ty);
            fail(cx, diagnostics::init_needed(&reason))
        }
        (Some((backend, hash)), Some(record)) => {
            if backend.ty != record.ty {
                let reason =
                    format!("The backend was \"{}\" and is now \"{}\"", record.ty, backend.ty);
                return fail(cx, diagnostics::init_needed_again(&reason));
            }
            let remembered = Backend::remembered(cx, &record)?;
            if hash == record.hash || backend == remembered {
                Ok(remembered)
            } else {
                fail(cx, diagnostics::init_needed_again("The backend block has changed"))
            }
        }
        (Some((backend, _)), None) => {
            if let Some(name) = initialisation::missing(cx, &backend)?.first() {
                let reason =
                    format!("The backend \"{}\" needs the argument \"{name}\"", backend.ty);
                return fail(cx, diagnostics::init_needed(&reason));
            }
            if backend.ty != "local" && has_local_state(cx) {
                let reason = "There is a local state, and none was moved to the backend yet";
                return fail(cx, diagnostics::init_needed(reason));
            }
            Ok(backend)
        }
    }
}

fn has_local_state(cx: &Context) -> bool {
    std::fs::metadata(cx.folder.join("terraform.tfstate")).is_ok_and(|file| file.len() > 0)
}

/// The backend block with its arguments, and Terraform's hash of it. `unknown` is the title of what is told where there is no
/// such backend.
fn configured(
    cx: &Context,
    config: Option<&Config>,
    unknown: &'static str,
) -> Result<Option<(Backend, u32)>, Failed> {
    let Some((config, block)) =
        config.and_then(|config| Some((config, config.root.backend.as_ref()?)))
    else {
        return Ok(None);
    };
    if !matches!(&*block.ty, "local" | "s3") {
        let unknown = diagnostics::unknown_backend(unknown, &block.ty).at(block.ty_span);
        let unknown = config.with_blocks([unknown].into_iter().collect());
        told(cx, &unknown, &config.sources)?;
    }
    let mut schema = schema(cx, &block.ty)?;
    // What the block leaves out may come from a flag of init.
    for attribute in schema.block.attributes.values_mut() {
        attribute.optional |= std::mem::take(&mut attribute.required);
    }
    let Some((value, found)) = config.backend_value(&schema.block) else { return Ok(None) };
    // Of what is not wrong, `init` tells.
    let errors = found.into_iter().filter(Diagnostic::is_error).collect();
    told(cx, &errors, &config.sources)?;
    let backend = Backend { ty: block.ty.to_string(), value };
    let hash = record::hash(&backend.ty, &backend.value);
    Ok(Some((backend, hash)))
}

/// The arguments of a backend type.
fn schema(cx: &Context, ty: &str) -> Result<Schema, Failed> {
    match ty {
        "local" => Ok(local_schema()),
        "s3" => Ok(infra_state_s3::schema()),
        other => fail(cx, diagnostics::unknown_backend("Invalid backend type", other)),
    }
}

/// The arguments of the backend `local`.
fn local_schema() -> Schema {
    let attribute = || Attribute { optional: true, ..Attribute::new(Type::String) };
    let attributes = ["path", "workspace_dir"].map(|name| (name.into(), attribute()));
    Schema { block: Block::new(attributes.into(), BTreeMap::new()), ..Schema::default() }
}

/// What the sandbox sets in place of the environment.
fn overrides(cx: &Context) -> BTreeMap<&'static str, String> {
    cx.aws.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

/// The file that names the selected workspace.
pub(crate) fn workspace_file(cx: &Context) -> PathBuf {
    cx.data_dir().join("environment")
}

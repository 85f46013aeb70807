//! What `init` remembers of the backend: `.terraform/terraform.tfstate`, as Terraform writes and reads it.

use infra_engine::state::State;
use infra_engine::value::{Value, json, order};
use serde_json::{Value as Json, json};

use super::Backend;
use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail};

/// A backend as it was when `init` ran.
pub(super) struct Record {
    /// Its type.
    pub(super) ty: String,
    /// All its arguments, those of flags included.
    pub(super) config: Json,
    /// The hash of the block in the configuration, without the flags.
    pub(super) hash: u32,
}

fn path(cx: &Context) -> std::path::PathBuf {
    cx.data_dir().join("terraform.tfstate")
}

impl Record {
    pub(super) fn of(backend: &Backend, hash: u32) -> Self {
        let config = json::to_json(&backend.value, &backend.value.ty()).unwrap_or(Json::Null);
        Self { ty: backend.ty.clone(), config, hash }
    }

    /// What `init` remembered; nothing if it has not run, or there was no backend.
    pub(super) fn read(cx: &Context) -> Result<Option<Self>, Failed> {
        let text = match std::fs::read_to_string(path(cx)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return fail(cx, diagnostics::damaged_record(&error.to_string())),
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let json: Json = match serde_json::from_str(&text) {
            Ok(json) => json,
            Err(error) => return fail(cx, diagnostics::damaged_record(&error.to_string())),
        };
        let Some(backend) = json.get("backend").filter(|backend| !backend.is_null()) else {
            return Ok(None);
        };
        let hash = backend.get("hash").and_then(Json::as_u64).unwrap_or(0);
        Ok(Some(Self {
            ty: backend.get("type").and_then(Json::as_str).unwrap_or_default().to_owned(),
            config: backend.get("config").cloned().unwrap_or(Json::Null),
            hash: u32::try_from(hash).unwrap_or(0),
        }))
    }

    /// Remembers a backend, or that there is none. The file may hold credentials: nobody else may read it.
    pub(super) fn write(cx: &Context, record: Option<&Self>) -> Result<(), Failed> {
        let mut json = json!({ "version": 3, "terraform_version": State::COMPATIBLE });
        if let Some(record) = record {
            json["backend"] =
                json!({ "type": record.ty, "config": record.config, "hash": record.hash });
        } else if !path(cx).exists() {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&json).unwrap_or_default();
        let written = std::fs::create_dir_all(cx.data_dir())
            .and_then(|()| std::fs::write(path(cx), text))
            .and_then(|()| restrict(&path(cx)));
        match written {
            Ok(()) => Ok(()),
            Err(error) => fail(cx, diagnostics::unwritable(&path(cx), &error)),
        }
    }
}

#[cfg(unix)]
fn restrict(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}

/// Terraform's hash of a backend block.
pub(super) fn hash(ty: &str, value: &Value) -> u32 {
    let both = Value::tuple([Value::from(ty), value.clone()]);
    crc32fast::hash(order::canonical_text(&both).as_bytes())
}

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use infra_provider_sdk::Client;
use infra_provider_sdk::prelude::*;
use infra_value::{Str, json};

/// The backends in which other configurations keep their states, but for `local`.
#[async_trait]
pub trait Backends: Send + Sync {
    /// The output values of a state, none of them marked, as in Terraform; nothing if there is no state. The configuration is as it was
    /// given, null if there is none.
    async fn outputs(
        &self,
        backend: &str,
        config: &Value,
        workspace: &str,
    ) -> std::result::Result<Option<BTreeMap<Str, Value>>, BackendProblem>;
}

/// Why a backend does not give a state.
pub enum BackendProblem {
    /// There is none of this name.
    Unknown,
    /// Its arguments are wrong.
    Arguments(String),
    /// It does not answer as it should.
    Other(String),
}

/// Where states are looked for.
pub(crate) struct States {
    /// The folder from which paths start.
    pub(crate) folder: PathBuf,
    pub(crate) backends: Option<Arc<dyn Backends>>,
}

impl Client for States {}

/// The output values of another configuration, from its state.
///
/// ```hcl
/// data "terraform_remote_state" "network" {
///   backend = "local"
///   config  = { path = "../network/terraform.tfstate" }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "terraform_remote_state")]
pub(crate) struct RemoteState {
    /// Where the state is kept: `local` or `s3`.
    backend: String,
    /// The arguments of the backend.
    config: Option<Dynamic>,
    /// Output values that are used where the state has none of that name.
    defaults: Option<Dynamic>,
    /// The output values of its root module.
    outputs: Computed<Dynamic>,
    /// The workspace.
    workspace: Option<String>,
}

impl Query for RemoteState {
    type Client = States;

    async fn read(states: &States, query: &Self) -> Result<Self> {
        let mut outputs = match &query.defaults {
            None => BTreeMap::default(),
            Some(Dynamic(defaults)) if defaults.is_null() => BTreeMap::default(),
            Some(Dynamic(defaults)) => defaults.as_map().cloned().ok_or_else(|| {
                Error::new("Defaults must be given in an object value.")
                    .summary("Invalid default values")
                    .at("defaults")
            })?,
        };
        let nothing = Value::null(Type::Any);
        let config = query.config.as_ref().map_or(&nothing, |config| &config.0);
        let workspace = query.workspace.as_deref().filter(|name| !name.is_empty());
        let workspace = workspace.unwrap_or("default");
        let found = match (&*query.backend, &states.backends) {
            ("local", _) => local(&states.folder, config, workspace).await,
            (name, Some(backends)) => backends.outputs(name, config, workspace).await,
            _ => Err(BackendProblem::Unknown),
        };
        let invalid = |detail: String| Error::new(detail).summary("Invalid backend configuration");
        let found = found.map_err(|problem| match problem {
            BackendProblem::Unknown => {
                invalid(format!("There is no backend type named {:?}.", query.backend))
                    .at("backend")
            }
            BackendProblem::Arguments(why) => invalid(format!(
                "The given configuration is not valid for backend {:?}: {why}.",
                query.backend
            ))
            .at("config"),
            BackendProblem::Other(why) => {
                Error::new(why).summary("Error loading state error").at("config")
            }
        })?;
        let found = found.ok_or_else(|| {
            Error::new("No stored state was found for the given workspace in the given backend.")
                .summary("Unable to find remote state")
                .at("workspace")
        })?;
        outputs.extend(found);
        let outputs = Dynamic(Value::object(outputs));
        Ok(Self { outputs: Computed(Some(outputs)), ..query.clone() })
    }
}

/// The output values of a state in a file.
async fn local(
    folder: &FilePath,
    config: &Value,
    workspace: &str,
) -> std::result::Result<Option<BTreeMap<Str, Value>>, BackendProblem> {
    for name in config.as_map().into_iter().flat_map(BTreeMap::keys) {
        if !["path", "workspace_dir"].contains(&&**name) {
            return Err(BackendProblem::Arguments(format!("unexpected attribute \"{name}\"")));
        }
    }
    let argument = |name: &str| Some(config.get(name)?.as_str()?.to_owned());
    let path = match workspace {
        "default" => argument("path").unwrap_or_else(|| "terraform.tfstate".to_owned()),
        name => {
            let all = argument("workspace_dir").unwrap_or_else(|| "terraform.tfstate.d".into());
            format!("{all}/{name}/terraform.tfstate")
        }
    };
    let bytes = match tokio::fs::read(folder.join(&path)).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BackendProblem::Other(format!("{path}: {error}."))),
    };
    let state: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| {
        BackendProblem::Other(format!("The state in {path} is not JSON: {error}."))
    })?;
    let mut outputs = BTreeMap::new();
    for (name, output) in state["outputs"].as_object().into_iter().flatten() {
        let value = json::type_from_json(&output["type"])
            .and_then(|ty| json::from_json(&output["value"], &ty).ok());
        let Some(value) = value else { continue };
        outputs.insert(name.as_str().into(), value);
    }
    Ok(Some(outputs))
}

use std::path::PathBuf;

use infra_provider_sdk::Client;
use infra_provider_sdk::prelude::*;
use infra_value::{Marks, json};

/// The folder from which paths of states start.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Client for Folder {}

/// The output values of another configuration, from its state in a local file.
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
    /// Where the state is kept: `local`.
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
    type Client = Folder;

    async fn read(Folder(folder): &Folder, query: &Self) -> Result<Self> {
        if query.backend != "local" {
            return Err(Error::new(format!(
                "The state is kept in the backend {:?}. This data source reads states in local files only.",
                query.backend
            ))
            .summary("Unsupported backend")
            .at("backend"));
        }
        let argument = |name: &str| {
            let config = query.config.as_ref()?;
            config.0.get(name)?.as_str().map(str::to_owned)
        };
        let path = match query.workspace.as_deref() {
            None | Some("default") => {
                argument("path").unwrap_or_else(|| "terraform.tfstate".to_owned())
            }
            Some(name) => {
                let all = argument("workspace_dir").unwrap_or_else(|| "terraform.tfstate.d".into());
                format!("{all}/{name}/terraform.tfstate")
            }
        };
        let missing = || {
            Error::new("No stored state was found for the given workspace in the given backend.")
                .summary("Unable to find remote state")
        };
        let bytes = tokio::fs::read(folder.join(&path)).await.map_err(|_| missing())?;
        let state: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|error| Error::new(format!("The state in {path} is not JSON: {error}.")))?;
        let mut outputs = match query.defaults.as_ref().and_then(|defaults| defaults.0.as_map()) {
            Some(defaults) => defaults.clone(),
            None => BTreeMap::default(),
        };
        for (name, output) in state["outputs"].as_object().into_iter().flatten() {
            let value = json::type_from_json(&output["type"])
                .and_then(|ty| json::from_json(&output["value"], &ty).ok());
            let Some(value) = value else { continue };
            let sensitive = output["sensitive"].as_bool() == Some(true);
            let marks = if sensitive { Marks::SENSITIVE } else { Marks::NONE };
            outputs.insert(name.as_str().into(), value.marked(marks));
        }
        let outputs = Dynamic(Value::object(outputs));
        Ok(Self { outputs: Computed(Some(outputs)), ..query.clone() })
    }
}

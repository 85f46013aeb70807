use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use infra_provider::{Attribute, Block, Schema};
use infra_provider_sdk::Client;
use infra_provider_sdk::prelude::*;
use infra_value::{Str, convert, json};

/// The backends in which other configurations keep their states, but for `local`.
#[async_trait]
pub trait Backends: Send + Sync {
    /// The arguments of a backend; nothing if there is none of this name.
    fn schema(&self, backend: &str) -> Option<Schema>;

    /// The output values of a state, none of them marked, as in Terraform; nothing if there is no state. The
    /// configuration is an object of the backend's schema.
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
        let backend = &*query.backend;
        let workspace = query.workspace.as_deref().filter(|name| !name.is_empty());
        let workspace = workspace.unwrap_or("default");
        let found = match schema(states.backends.as_deref(), backend) {
            None => Err(BackendProblem::Unknown),
            Some(schema) => match (arguments(config, &schema), &states.backends) {
                (Err(why), _) => Err(BackendProblem::Arguments(why)),
                (Ok(config), Some(backends)) if backend != "local" => {
                    backends.outputs(backend, &config, workspace).await
                }
                (Ok(config), _) => local(&states.folder, &config, workspace).await,
            },
        };
        let found = found.map_err(|problem| {
            let argument = match problem {
                BackendProblem::Unknown => "backend",
                _ => "config",
            };
            let problem = problem.told(backend);
            Error::new(problem.detail).summary(problem.summary).at(argument)
        })?;
        // As in Terraform, another workspace than the first one is there as soon as somebody names it.
        let named = backend != "local" && workspace != "default";
        let found = found.or_else(|| named.then(BTreeMap::new)).ok_or_else(|| {
            Error::new("No stored state was found for the given workspace in the given backend.")
                .summary("Unable to find remote state")
                .at("workspace")
        })?;
        outputs.extend(found);
        let outputs = Dynamic(Value::object(outputs));
        Ok(Self { outputs: Computed(Some(outputs)), ..query.clone() })
    }
}

impl BackendProblem {
    fn told(self, backend: &str) -> Problem {
        const SUMMARY: &str = "Invalid backend configuration";
        match self {
            Self::Unknown => {
                Problem::error(SUMMARY, format!("There is no backend type named {backend:?}."))
            }
            Self::Arguments(why) => Problem::error(
                SUMMARY,
                format!("The given configuration is not valid for backend {backend:?}: {why}."),
            ),
            Self::Other(why) => Problem::error("Error loading state error", why),
        }
    }
}

/// Backends of Terraform that cannot be read from. A configuration that names one is no mistake.
const ELSEWHERE: [&str; 11] = [
    "azurerm",
    "cloud",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "oss",
    "pg",
    "remote",
];

/// Checks a configuration without reading anything; values may be unknown.
pub(crate) fn validate(backends: Option<&dyn Backends>, config: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let at = |problem: Problem, name: &str| problem.at(Path::root().attr(name));
    let defaults = config.get("defaults").filter(|found| !found.is_null() && found.is_known());
    if defaults.is_some_and(|defaults| defaults.as_map().is_none()) {
        let detail = "Defaults must be given in an object value.";
        problems.push(at(Problem::error("Invalid default values", detail), "defaults"));
    }
    let Some(backend) = config.get("backend").and_then(Value::as_str) else { return problems };
    let nothing = Value::null(Type::Any);
    let given = config.get("config").unwrap_or(&nothing);
    match schema(backends, backend) {
        None if ELSEWHERE.contains(&backend) => {}
        None => problems.push(at(BackendProblem::Unknown.told(backend), "backend")),
        Some(_) if !given.is_known() => {}
        Some(schema) => {
            if let Err(why) = arguments(given, &schema) {
                problems.push(at(BackendProblem::Arguments(why).told(backend), "config"));
            }
        }
    }
    problems
}

/// The arguments of a backend that can be read from.
fn schema(backends: Option<&dyn Backends>, backend: &str) -> Option<Schema> {
    if backend != "local" {
        return backends?.schema(backend);
    }
    let text = || Attribute { optional: true, ..Attribute::new(Type::String) };
    let attributes = ["path", "workspace_dir"].map(|name| (name.into(), text()));
    let block = Block::new(attributes.into(), BTreeMap::new());
    Some(Schema { block, ..Schema::default() })
}

/// What was given as the arguments of a backend, as an object of its schema.
fn arguments(given: &Value, schema: &Schema) -> std::result::Result<Value, String> {
    let nothing = BTreeMap::new();
    let given = match given.as_map() {
        Some(given) => given,
        None if given.is_null() => &nothing,
        None => return Err("an object is required".to_owned()),
    };
    let attributes = &schema.block.attributes;
    if let Some(name) = given.keys().find(|name| !attributes.contains_key(&***name)) {
        return Err(format!("unexpected attribute \"{name}\""));
    }
    let mut values = Vec::with_capacity(attributes.len());
    for (name, attribute) in attributes {
        let value = given.get(name).cloned().unwrap_or_else(|| Value::null(Type::Any));
        if attribute.required && value.is_null() {
            return Err(format!("attribute \"{name}\" is required"));
        }
        let value = convert::convert(&value, &attribute.ty);
        values.push((name.clone(), value.map_err(|error| format!("{name}: {error}"))?));
    }
    Ok(Value::object(values))
}

/// The output values of a state in a file.
async fn local(
    folder: &FilePath,
    config: &Value,
    workspace: &str,
) -> std::result::Result<Option<BTreeMap<Str, Value>>, BackendProblem> {
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
    if bytes.is_empty() {
        // A state that is locked before anything was written is an empty file.
        return Ok(None);
    }
    let state: serde_json::Value = json::read(&bytes).map_err(|error| {
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

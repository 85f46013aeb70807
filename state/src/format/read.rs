//! Reading a state file.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use infra_addrs::{InstanceKey, Mode, ModuleInstance, ProviderConfig, Resource};
use infra_value::{Path, Step, Value, json};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::{
    Attributes, InstanceState, ObjectState, OutputValue, ResourceState, State, StoreError,
    StoredJson,
};

type Result<T> = std::result::Result<T, StoreError>;

fn error<T>(message: impl Into<String>) -> Result<T> {
    Err(StoreError(message.into()))
}

/// The file. Here and below, what is missing or null is empty.
#[derive(Deserialize)]
struct StoredState {
    version: Option<u64>,
    terraform_version: Option<String>,
    serial: Option<u64>,
    lineage: Option<String>,
    outputs: Option<BTreeMap<String, StoredOutput>>,
    resources: Option<Vec<StoredResource>>,
    #[serde(default)]
    check_results: Json,
    /// What OpenTofu keeps in place of all that, where it encrypts.
    encrypted_data: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct StoredOutput {
    #[serde(default)]
    value: Json,
    #[serde(rename = "type")]
    ty: Option<Json>,
    sensitive: Option<bool>,
}

#[derive(Deserialize)]
struct StoredResource {
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    type_name: String,
    name: String,
    provider: Option<String>,
    instances: Option<Vec<StoredObject>>,
}

/// One object; also a line of the journal.
#[derive(Deserialize)]
pub(super) struct StoredObject {
    index_key: Option<Json>,
    deposed: Option<String>,
    /// Of a provider configuration that is repeated, each instance may name its own.
    provider: Option<String>,
    status: Option<String>,
    schema_version: Option<u64>,
    attributes: Option<Box<RawValue>>,
    sensitive_attributes: Option<Vec<Json>>,
    private: Option<String>,
    dependencies: Option<Vec<String>>,
    create_before_destroy: Option<bool>,
    identity: Option<Json>,
    identity_schema_version: Option<u64>,
}

/// Reads the bytes of a state file.
///
/// # Errors
/// What is wrong with them, with the place.
pub fn parse(bytes: &[u8]) -> Result<State> {
    let stored = match json::read::<StoredState>(bytes) {
        Ok(stored) if stored.encrypted_data.is_some() => return error(encrypted()),
        Ok(stored) if stored.version == Some(4) => stored,
        Ok(stored) => return error(other_version(stored.version)),
        Err(problem) => return error(unreadable(bytes, &problem)),
    };
    let mut outputs = BTreeMap::new();
    for (name, output) in stored.outputs.unwrap_or_default() {
        let ty = output.ty.as_ref().and_then(json::type_from_json);
        let ty = ty.unwrap_or(infra_value::Type::Any);
        let value = json::from_json(&output.value, &ty).map_err(|problem| {
            StoreError(format!("The output \"{name}\" in the state is not of its type: {problem}."))
        })?;
        let sensitive = output.sensitive.unwrap_or(false);
        outputs.insert(name.into(), OutputValue { value, sensitive });
    }
    let mut state = State {
        terraform_version: stored.terraform_version.unwrap_or_default(),
        serial: stored.serial.unwrap_or(0),
        lineage: stored.lineage.unwrap_or_default(),
        outputs,
        resources: BTreeMap::new(),
        check_results: stored.check_results,
    };
    for found in stored.resources.unwrap_or_default() {
        resource(&mut state, found)?;
    }
    Ok(state)
}

fn encrypted() -> String {
    "The state is encrypted, which is not supported. Have OpenTofu write it without encryption first.".to_owned()
}

fn other_version(version: Option<u64>) -> String {
    match version {
        Some(newer @ 5..) => format!(
            "The state has format version {newer}, which a newer tool wrote; this one reads version 4."
        ),
        Some(older) => format!(
            "The state has format version {older}. Bring it to version 4 with Terraform 1.x first: terraform apply."
        ),
        None => "The state has no format version: this is not a state file.".to_owned(),
    }
}

/// Why a file cannot be read: it may be of another version and look different.
fn unreadable(bytes: &[u8], problem: &serde_json::Error) -> String {
    match json::read::<Json>(bytes).map(|json| json.get("version")?.as_u64()) {
        Ok(Some(4)) => format!("The state is damaged: {problem}. It may have been edited."),
        Ok(version) => other_version(version),
        Err(problem) => {
            format!("The state is not JSON: {problem}. It may have been cut off or edited.")
        }
    }
}

fn resource(state: &mut State, stored: StoredResource) -> Result<()> {
    let mode = match &*stored.mode {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        other => {
            return error(format!("The state has a resource of the unknown mode \"{other}\"."));
        }
    };
    let resource = Resource { mode, type_name: stored.type_name.into(), name: stored.name.into() };
    let module: ModuleInstance = stored.module.unwrap_or_default().parse().map_err(|problem| {
        StoreError(format!("The module of {resource} in the state: {problem}"))
    })?;
    let configuration = |text: &str| {
        text.parse::<ProviderConfig>().map_err(|problem| {
            StoreError(format!("The provider of {resource} in the state: {problem}"))
        })
    };
    let named = stored.provider.as_deref().filter(|text| !text.is_empty());
    let mut provider = named.map(configuration).transpose()?;
    let mut instances: BTreeMap<Option<InstanceKey>, InstanceState> = BTreeMap::new();
    for mut instance in stored.instances.unwrap_or_default() {
        let key = match &instance.index_key {
            None | Some(Json::Null) => None,
            Some(Json::String(key)) => Some(InstanceKey::String(key.as_str().into())),
            Some(key) => Some(InstanceKey::Int(key.as_i64().unwrap_or(0))),
        };
        let own = instance.provider.as_deref().map(configuration).transpose()?;
        let own = own.or_else(|| provider.clone()).filter(|own| own.key.is_some());
        provider = provider.or_else(|| own.clone());
        let deposed = instance.deposed.take();
        let object = object(instance, &resource)?;
        let slot = instances.entry(key).or_default();
        slot.provider = own.map(Arc::new);
        match deposed {
            Some(key) => {
                slot.deposed.insert(key, object);
            }
            None => slot.current = Some(object),
        }
    }
    let provider = match provider {
        Some(provider) => provider.whole(),
        None => configuration("")?,
    };
    state.resources.insert((module, resource), ResourceState { provider, instances });
    Ok(())
}

pub(super) fn object(stored: StoredObject, resource: &Resource) -> Result<ObjectState> {
    let private = stored.private.unwrap_or_default();
    let private = base64::engine::general_purpose::STANDARD.decode(private).map_err(|_| {
        StoreError(format!("The private data of {resource} in the state cannot be read."))
    })?;
    let dependencies = stored.dependencies.unwrap_or_default();
    let version = stored.identity_schema_version.unwrap_or(0);
    let attributes = match stored.attributes {
        Some(found) => StoredJson::new(found).ok_or_else(|| {
            StoreError(format!("The attributes of {resource} in the state are nested too deeply."))
        })?,
        None => (&Json::Null).into(),
    };
    Ok(ObjectState {
        tainted: stored.status.as_deref() == Some("tainted"),
        schema_version: stored.schema_version.unwrap_or(0),
        sensitive: stored.sensitive_attributes.iter().flatten().filter_map(path).collect(),
        private,
        dependencies: dependencies.iter().filter_map(|name| name.parse().ok()).collect(),
        create_before_destroy: stored.create_before_destroy.unwrap_or(false),
        identity: stored.identity.filter(|found| !found.is_null()).map(|found| (version, found)),
        attributes: Attributes::Stored(attributes),
    })
}

fn path(json: &Json) -> Option<Path> {
    let step = |step: &Json| match step.get("type")?.as_str()? {
        "get_attr" => Some(Step::Attr(step.get("value")?.as_str()?.into())),
        "index" => {
            let key = step.get("value")?;
            let ty = json::type_from_json(key.get("type")?)?;
            let key: Value = json::from_json(key.get("value")?, &ty).ok()?;
            Some(Step::Index(key))
        }
        _ => None,
    };
    Some(Path(json.as_array()?.iter().map(step).collect::<Option<_>>()?))
}

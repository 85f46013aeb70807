//! Reading a state file.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use infra_addrs::{InstanceKey, Mode, ModuleInstance, ProviderConfig, Resource};
use infra_value::{Path, Step, Value, json};
use serde_json::Value as Json;

use crate::{
    Attributes, InstanceState, ObjectState, OutputValue, ResourceState, State, StoreError,
};

type Result<T> = std::result::Result<T, StoreError>;

fn error<T>(message: impl Into<String>) -> Result<T> {
    Err(StoreError(message.into()))
}

/// Reads the bytes of a state file.
///
/// # Errors
/// What is wrong with them, with the place.
pub fn parse(bytes: &[u8]) -> Result<State> {
    let mut json: Json = serde_json::from_slice(bytes).map_err(|problem| {
        StoreError(format!("The state is not JSON: {problem}. It may have been cut off or edited."))
    })?;
    match json.get("version").and_then(Json::as_u64) {
        Some(4) => {}
        Some(newer @ 5..) => {
            return error(format!(
                "The state has format version {newer}, which a newer tool wrote; this one reads version 4."
            ));
        }
        Some(older) => {
            return error(format!(
                "The state has format version {older}. Bring it to version 4 with Terraform 1.x first: terraform apply."
            ));
        }
        None => return error("The state has no format version: this is not a state file."),
    }
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut state = State {
        terraform_version: text("terraform_version"),
        serial: json.get("serial").and_then(Json::as_u64).unwrap_or(0),
        lineage: text("lineage"),
        outputs: BTreeMap::new(),
        resources: BTreeMap::new(),
        check_results: json.get("check_results").cloned().unwrap_or(Json::Null),
    };
    for (name, output) in json.get("outputs").and_then(Json::as_object).into_iter().flatten() {
        let ty =
            output.get("type").and_then(json::type_from_json).unwrap_or(infra_value::Type::Any);
        let stored = output.get("value").unwrap_or(&Json::Null);
        let value = json::from_json(stored, &ty).map_err(|problem| {
            StoreError(format!("The output \"{name}\" in the state is not of its type: {problem}."))
        })?;
        let sensitive = output.get("sensitive").and_then(Json::as_bool).unwrap_or(false);
        state.outputs.insert(name.as_str().into(), OutputValue { value, sensitive });
    }
    if let Some(Json::Array(resources)) = json.get_mut("resources").map(Json::take) {
        for found in resources {
            resource(&mut state, found)?;
        }
    }
    Ok(state)
}

fn resource(state: &mut State, mut json: Json) -> Result<()> {
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
    let mode = match text("mode") {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        other => {
            return error(format!("The state has a resource of the unknown mode \"{other}\"."));
        }
    };
    let resource = Resource { mode, type_name: text("type").into(), name: text("name").into() };
    let module: ModuleInstance = text("module").parse().map_err(|problem| {
        StoreError(format!("The module of {resource} in the state: {problem}"))
    })?;
    let configuration = |text: &str| {
        text.parse::<ProviderConfig>().map_err(|problem| {
            StoreError(format!("The provider of {resource} in the state: {problem}"))
        })
    };
    // Of a configuration that is repeated, each instance may name its own.
    let mut provider = match text("provider") {
        "" => None,
        text => Some(configuration(text)?),
    };
    let mut instances: BTreeMap<Option<InstanceKey>, InstanceState> = BTreeMap::new();
    if let Some(Json::Array(found)) = json.get_mut("instances").map(Json::take) {
        for instance in found {
            let key = match instance.get("index_key") {
                None | Some(Json::Null) => None,
                Some(Json::String(key)) => Some(InstanceKey::String(key.as_str().into())),
                Some(key) => Some(InstanceKey::Int(key.as_i64().unwrap_or(0))),
            };
            let own = instance.get("provider").and_then(Json::as_str).map(&configuration);
            let own = own.transpose()?.or_else(|| provider.clone()).filter(|own| own.key.is_some());
            provider = provider.or_else(|| own.clone());
            let deposed = instance.get("deposed").and_then(Json::as_str).map(str::to_owned);
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
    }
    let provider = match provider {
        Some(provider) => provider.whole(),
        None => configuration("")?,
    };
    state.resources.insert((module, resource), ResourceState { provider, instances });
    Ok(())
}

/// Reads one object; also a line of the journal.
pub(crate) fn object(mut json: Json, resource: &Resource) -> Result<ObjectState> {
    let private = json.get("private").and_then(Json::as_str).unwrap_or_default();
    let private = base64::engine::general_purpose::STANDARD.decode(private).map_err(|_| {
        StoreError(format!("The private data of {resource} in the state cannot be read."))
    })?;
    let dependencies = json.get("dependencies").and_then(Json::as_array).into_iter().flatten();
    let dependencies = dependencies.filter_map(|name| name.as_str()?.parse().ok()).collect();
    let sensitive = json.get("sensitive_attributes").and_then(Json::as_array).into_iter().flatten();
    let sensitive = sensitive.filter_map(path).collect();
    let flag = |name: &str| json.get(name).and_then(Json::as_bool).unwrap_or(false);
    let number = |name: &str| json.get(name).and_then(Json::as_u64);
    let identity = json
        .get("identity")
        .filter(|identity| !identity.is_null())
        .map(|identity| (number("identity_schema_version").unwrap_or(0), identity.clone()));
    Ok(ObjectState {
        tainted: json.get("status").and_then(Json::as_str) == Some("tainted"),
        schema_version: number("schema_version").unwrap_or(0),
        sensitive,
        private,
        dependencies,
        create_before_destroy: flag("create_before_destroy"),
        identity,
        attributes: Attributes::Json(Arc::new(
            json.get_mut("attributes").map_or(Json::Null, Json::take),
        )),
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

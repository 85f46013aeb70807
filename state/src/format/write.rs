//! Writing a state file: keys in Terraform's order.

use base64::Engine as _;
use infra_addrs::{InstanceKey, Mode};
use infra_value::{Path, Step, json};
use serde_json::{Map, Value as Json, json};

use crate::{InstanceState, ObjectState, State};

/// The bytes of a state file.
pub fn write(state: &State) -> Vec<u8> {
    let outputs: Map<String, Json> = state
        .outputs
        .iter()
        .map(|(name, output)| {
            let ty = output.value.ty();
            let value = json::to_json(&output.value, &ty).unwrap_or(Json::Null);
            let mut entry = json!({ "value": value, "type": json::type_to_json(&ty) });
            if output.sensitive {
                entry["sensitive"] = json!(true);
            }
            (name.to_string(), entry)
        })
        .collect();
    let mut resources: Vec<_> = state.resources.iter().collect();
    resources.sort_by_cached_key(|((module, resource), _)| {
        (module.clone(), resource.mode, resource.type_name.clone(), resource.name.clone())
    });
    let resources: Vec<Json> = resources
        .into_iter()
        .map(|((module, resource), found)| {
            let mut entry = Map::new();
            if !module.is_root() {
                entry.insert("module".into(), json!(module.to_string()));
            }
            let mode = if resource.mode == Mode::Data { "data" } else { "managed" };
            entry.insert("mode".into(), json!(mode));
            entry.insert("type".into(), json!(&*resource.type_name));
            entry.insert("name".into(), json!(&*resource.name));
            entry.insert("provider".into(), json!(found.provider.to_string()));
            let instances = found.instances.iter().flat_map(|(key, found)| instances(key, found));
            entry.insert("instances".into(), Json::Array(instances.collect()));
            Json::Object(entry)
        })
        .collect();
    let document = json!({
        "version": 4,
        "terraform_version": state.terraform_version,
        "serial": state.serial,
        "lineage": state.lineage,
        "outputs": outputs,
        "resources": resources,
        "check_results": state.check_results,
    });
    json::pretty(&document).into_bytes()
}

fn instances(key: &Option<InstanceKey>, found: &InstanceState) -> Vec<Json> {
    let current = found.current.iter().map(|object| object_json(key, None, object));
    let deposed = found.deposed.iter().map(|(name, object)| object_json(key, Some(name), object));
    let mut objects: Vec<Json> = current.chain(deposed).collect();
    if let Some(provider) = &found.provider {
        for object in &mut objects {
            object["provider"] = json!(provider.to_string());
        }
    }
    objects
}

/// The JSON of one object; also what a line of the journal holds.
pub(crate) fn object_json(
    key: &Option<InstanceKey>,
    deposed: Option<&str>,
    object: &ObjectState,
) -> Json {
    let mut entry = Map::new();
    match key {
        Some(InstanceKey::Int(index)) => {
            entry.insert("index_key".into(), json!(index));
        }
        Some(InstanceKey::String(key)) => {
            entry.insert("index_key".into(), json!(&**key));
        }
        None => {}
    }
    if object.tainted {
        entry.insert("status".into(), json!("tainted"));
    }
    if let Some(deposed) = deposed {
        entry.insert("deposed".into(), json!(deposed));
    }
    entry.insert("schema_version".into(), json!(object.schema_version));
    entry.insert("attributes".into(), object.to_json());
    entry.insert(
        "sensitive_attributes".into(),
        Json::Array(object.sensitive.iter().map(path).collect()),
    );
    if let Some((version, identity)) = &object.identity {
        entry.insert("identity_schema_version".into(), json!(version));
        entry.insert("identity".into(), identity.clone());
    }
    if !object.private.is_empty() {
        let private = base64::engine::general_purpose::STANDARD.encode(&object.private);
        entry.insert("private".into(), json!(private));
    }
    if !object.dependencies.is_empty() {
        let names: Vec<String> = object.dependencies.iter().map(ToString::to_string).collect();
        entry.insert("dependencies".into(), json!(names));
    }
    if object.create_before_destroy {
        entry.insert("create_before_destroy".into(), json!(true));
    }
    Json::Object(entry)
}

fn path(path: &Path) -> Json {
    let step = |step: &Step| match step {
        Step::Attr(name) => json!({ "type": "get_attr", "value": &**name }),
        Step::Index(key) => {
            let ty = key.ty();
            let value = json::to_json(key, &ty).unwrap_or(Json::Null);
            json!({ "type": "index", "value": { "value": value, "type": json::type_to_json(&ty) } })
        }
    };
    Json::Array(path.0.iter().map(step).collect())
}

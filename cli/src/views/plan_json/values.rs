//! Objects by module: what the state holds, and what a plan says there will be.

use std::collections::BTreeMap;

use infra_engine::addrs::{Mode, ModuleInstance, ProviderConfig, ResourceInstance};
use infra_engine::plan::{Action, Plan, Registry};
use infra_engine::provider::Schema;
use infra_engine::state::{ObjectState, State};
use infra_engine::value::{Marks, Type, json};
use serde_json::{Map, Value as Json, json};

use super::{index, known, sensitive};

/// The resources of every module instance that has any.
type Modules = BTreeMap<ModuleInstance, Vec<Json>>;

/// The JSON of a state, as `show -json` and `prior_state` have it.
pub(crate) fn state(state: &State, registry: &Registry) -> Json {
    let mut document = json!({ "format_version": "1.0" });
    if state.is_empty() {
        return document;
    }
    document["terraform_version"] = json!(state.terraform_version);
    let mut values = Map::new();
    let outputs: Map<String, Json> = state
        .outputs
        .iter()
        .map(|(name, output)| {
            let ty = json::type_to_json(&output.value.ty());
            let entry =
                json!({ "sensitive": output.sensitive, "value": known(&output.value), "type": ty });
            (name.to_string(), entry)
        })
        .collect();
    if !outputs.is_empty() {
        values.insert("outputs".into(), Json::Object(outputs));
    }
    let mut modules = Modules::new();
    for (addr, provider, found) in state.instances() {
        let objects = found.current.iter().map(|object| (None, object));
        let deposed = found.deposed.iter().map(|(key, object)| (Some(key), object));
        for (key, object) in objects.chain(deposed) {
            let mut entry = instance(&addr, provider, object, registry);
            if let Some(key) = key {
                entry.insert("deposed_key".into(), json!(key));
            }
            modules.entry(addr.module.clone()).or_default().push(Json::Object(entry));
        }
    }
    values.insert("root_module".into(), tree(&modules, &ModuleInstance::root()));
    document["values"] = Json::Object(values);
    document
}

/// An object of the state.
pub(crate) fn instance(
    addr: &ResourceInstance,
    provider: &ProviderConfig,
    object: &ObjectState,
    registry: &Registry,
) -> Map<String, Json> {
    let schema = registry
        .get(&provider.provider)
        .and_then(|found| found.schema(addr.resource.mode.into(), &addr.resource.type_name));
    let mut entry = head(addr, &provider.provider.to_string(), object.schema_version);
    stored(&mut entry, object, schema);
    entry
}

/// What there will be: planned objects and output values.
pub(crate) fn planned(plan: &Plan, registry: &Registry) -> Json {
    let mut values = Map::new();
    let outputs: Map<String, Json> = plan
        .outputs
        .iter()
        .filter(|(_, change)| change.action != Action::Delete)
        .filter_map(|(name, change)| {
            let after = change.after.as_ref()?;
            let mut entry = json!({ "sensitive": change.is_sensitive() });
            if after.is_wholly_known() {
                // What type a null has, a plan keeps only where there was a value before.
                let was_null =
                    change.before.as_ref().is_none_or(infra_engine::value::Value::is_null);
                let ty = if after.is_null() && was_null { Type::Any } else { after.ty() };
                entry["type"] = json::type_to_json(&ty);
                entry["value"] = known(after);
            }
            Some((name.to_string(), entry))
        })
        .collect();
    if !outputs.is_empty() {
        values.insert("outputs".into(), Json::Object(outputs));
    }
    let mut modules = Modules::new();
    for change in &plan.changes {
        if change.action == Action::Delete || change.deposed.is_some() {
            continue;
        }
        let addr = &change.addr;
        let schema = registry
            .get(&change.provider.provider)
            .and_then(|found| found.schema(addr.resource.mode.into(), &addr.resource.type_name));
        let version = schema.map_or(0, |schema| schema.version);
        let mut entry = head(addr, &change.provider.provider.to_string(), version);
        if let Some(after) = &change.after {
            let values = known(after);
            if values.as_object().is_none_or(|values| !values.is_empty()) {
                entry.insert("values".into(), values);
            }
        }
        let sensitive = change.after.as_ref().map_or(json!(false), sensitive);
        entry.insert("sensitive_values".into(), sensitive);
        modules.entry(addr.module.clone()).or_default().push(Json::Object(entry));
    }
    for resources in modules.values_mut() {
        resources.sort_by_cached_key(|entry| entry["address"].as_str().map(str::to_owned));
    }
    values.insert("root_module".into(), tree(&modules, &ModuleInstance::root()));
    Json::Object(values)
}

/// What both lists say of every object.
fn head(addr: &ResourceInstance, provider: &str, schema_version: u64) -> Map<String, Json> {
    let mut entry = Map::new();
    let data = addr.resource.mode == Mode::Data;
    entry.insert("address".into(), json!(addr.to_string()));
    entry.insert("mode".into(), json!(if data { "data" } else { "managed" }));
    entry.insert("type".into(), json!(&*addr.resource.type_name));
    entry.insert("name".into(), json!(&*addr.resource.name));
    if let Some(key) = &addr.key {
        entry.insert("index".into(), index(key));
    }
    entry.insert("provider_name".into(), json!(provider));
    entry.insert("schema_version".into(), json!(schema_version));
    entry
}

fn stored(entry: &mut Map<String, Json>, object: &ObjectState, schema: Option<&Schema>) {
    match schema.and_then(|schema| Some((object.decode(schema).ok()?, schema))) {
        Some((value, schema)) => {
            let marks: Vec<_> =
                object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
            let value = infra_engine::marked(value, &marks, &schema.block);
            entry.insert("values".into(), known(&value));
            entry.insert("sensitive_values".into(), sensitive(&value));
        }
        None => {
            entry.insert("values".into(), object.to_json());
            entry.insert("sensitive_values".into(), json!({}));
        }
    }
    if !object.dependencies.is_empty() {
        let mut names: Vec<String> = object.dependencies.iter().map(ToString::to_string).collect();
        names.sort_unstable();
        entry.insert("depends_on".into(), json!(names));
    }
    if object.tainted {
        entry.insert("tainted".into(), json!(true));
    }
}

/// A module instance with those inside it.
fn tree(modules: &Modules, path: &ModuleInstance) -> Json {
    let mut entry = Map::new();
    if let Some(resources) = modules.get(path) {
        entry.insert("resources".into(), Json::Array(resources.clone()));
    }
    if !path.is_root() {
        entry.insert("address".into(), json!(path.to_string()));
    }
    let depth = path.0.len();
    let mut children: Vec<ModuleInstance> = modules
        .range(path.clone()..)
        .map(|(inside, _)| inside)
        .skip_while(|inside| *inside == path)
        .take_while(|inside| inside.0.starts_with(&path.0))
        .map(|inside| ModuleInstance(inside.0[..=depth].into()))
        .collect();
    children.dedup();
    if !children.is_empty() {
        children.sort_by_cached_key(ToString::to_string);
        let children = children.iter().map(|child| tree(modules, child));
        entry.insert("child_modules".into(), Json::Array(children.collect()));
    }
    Json::Object(entry)
}

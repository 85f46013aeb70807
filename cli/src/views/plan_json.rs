//! Plans and states as JSON: formats 1.2 and 1.0.

use infra_engine::addrs::{InstanceKey, Mode, ModuleInstance};
use infra_engine::plan::{Action, Plan, Registry, ResourceChange};
use infra_engine::provider::Kind;
use infra_engine::state::State;
use infra_engine::value::{Data, Marks, Value, json};
use serde_json::{Map, Value as Json, json};

/// The JSON of a saved plan.
pub(crate) fn plan(plan: &Plan, _registry: &Registry) -> String {
    let changes: Vec<Json> = plan.changes.iter().map(change).collect();
    let drift: Vec<Json> = plan.drift.iter().map(change).collect();
    let outputs: Map<String, Json> = plan
        .outputs
        .iter()
        .map(|(name, output)| {
            let entry = sides(output.action, output.before.as_ref(), output.after.as_ref());
            (name.to_string(), Json::Object(entry))
        })
        .collect();
    let variables: Map<String, Json> = plan
        .variables
        .iter()
        .map(|(name, value)| (name.to_string(), json!({ "value": known(value) })))
        .collect();
    let document = json!({
        "format_version": "1.2",
        "terraform_version": State::COMPATIBLE,
        "variables": variables,
        "resource_drift": drift,
        "resource_changes": changes,
        "output_changes": outputs,
        "timestamp": plan.timestamp,
        "applyable": plan.has_changes(),
        "complete": true,
        "errored": false,
    });
    format!("{document}\n")
}

fn change(change: &ResourceChange) -> Json {
    let addr = &change.addr;
    let mut entry = Map::new();
    entry.insert("address".into(), json!(addr.to_string()));
    if !addr.module.is_root() {
        entry.insert("module_address".into(), json!(addr.module.to_string()));
    }
    if let Some(before) = &change.previous_addr {
        entry.insert("previous_address".into(), json!(before.to_string()));
    }
    entry.insert(
        "mode".into(),
        json!(if addr.resource.mode == Mode::Data { "data" } else { "managed" }),
    );
    entry.insert("type".into(), json!(&*addr.resource.type_name));
    entry.insert("name".into(), json!(&*addr.resource.name));
    if let Some(key) = &addr.key {
        entry.insert("index".into(), index(key));
    }
    entry.insert("provider_name".into(), json!(change.provider.provider.to_string()));
    if let Some(deposed) = &change.deposed {
        entry.insert("deposed".into(), json!(deposed));
    }
    let mut sides = sides(change.action, change.before.as_ref(), change.after.as_ref());
    if !change.requires_replace.is_empty() {
        let paths: Vec<Json> = change
            .requires_replace
            .iter()
            .map(|path| {
                let step = |step: &infra_engine::value::Step| match step {
                    infra_engine::value::Step::Attr(name) => json!(&**name),
                    infra_engine::value::Step::Index(key) => known(key),
                };
                Json::Array(path.0.iter().map(step).collect())
            })
            .collect();
        sides.insert("replace_paths".into(), Json::Array(paths));
    }
    entry.insert("change".into(), Json::Object(sides));
    if let Some(reason) = change.reason {
        entry.insert("action_reason".into(), json!(reason.name()));
    }
    Json::Object(entry)
}

fn index(key: &InstanceKey) -> Json {
    match key {
        InstanceKey::Int(index) => json!(index),
        InstanceKey::String(key) => json!(&**key),
    }
}

fn sides(action: Action, before: Option<&Value>, after: Option<&Value>) -> Map<String, Json> {
    let actions = match action {
        Action::NoOp => vec!["no-op"],
        Action::Create => vec!["create"],
        Action::Read => vec!["read"],
        Action::Update => vec!["update"],
        Action::DeleteThenCreate => vec!["delete", "create"],
        Action::CreateThenDelete => vec!["create", "delete"],
        Action::Delete => vec!["delete"],
        Action::Forget => vec!["forget"],
    };
    let mut sides = Map::new();
    sides.insert("actions".into(), json!(actions));
    sides.insert("before".into(), before.map_or(Json::Null, known));
    sides.insert("after".into(), after.map_or(Json::Null, known));
    sides.insert(
        "after_unknown".into(),
        after.map_or(json!(false), |value| flags(value, &|item| !item.is_known())),
    );
    let sensitive = |item: &Value| item.marks().contains(Marks::SENSITIVE);
    sides.insert(
        "before_sensitive".into(),
        before.map_or(json!(false), |value| flags(value, &sensitive)),
    );
    sides.insert(
        "after_sensitive".into(),
        after.map_or(json!(false), |value| flags(value, &sensitive)),
    );
    sides
}

/// What is known of a value: unknown attributes are left out, unknown elements are null.
fn known(value: &Value) -> Json {
    match value.data() {
        Data::Null(_) | Data::Unknown(..) => Json::Null,
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            items.iter().map(known).collect()
        }
        Data::Map(_, items) | Data::Object(items) => Json::Object(
            items
                .iter()
                .filter(|(_, item)| item.is_known())
                .map(|(name, item)| (name.to_string(), known(item)))
                .collect(),
        ),
        _ => json::to_json(&value.unmarked_deep().0, &value.ty()).unwrap_or(Json::Null),
    }
}

/// `true` where the test holds; objects hold only the attributes in which it does.
fn flags(value: &Value, test: &dyn Fn(&Value) -> bool) -> Json {
    if test(value) {
        return json!(true);
    }
    match value.data() {
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            items.iter().map(|item| flags(item, test)).collect()
        }
        Data::Map(_, items) | Data::Object(items) => Json::Object(
            items
                .iter()
                .map(|(name, item)| (name.to_string(), flags(item, test)))
                .filter(|(_, flags)| *flags != json!(false))
                .collect(),
        ),
        _ => json!(false),
    }
}

/// The JSON of a state.
pub(crate) fn state(state: &State, registry: &Registry) -> String {
    let mut document = json!({ "format_version": "1.0" });
    if !state.is_empty() {
        document["terraform_version"] = json!(state.terraform_version);
        let outputs: Map<String, Json> = state
            .outputs
            .iter()
            .map(|(name, output)| {
                let ty = json::type_to_json(&output.value.ty());
                let entry = json!({ "sensitive": output.sensitive, "value": known(&output.value), "type": ty });
                (name.to_string(), entry)
            })
            .collect();
        document["values"] =
            json!({ "root_module": module(state, registry, &ModuleInstance::root()) });
        if !outputs.is_empty() {
            document["values"]["outputs"] = Json::Object(outputs);
        }
    }
    format!("{document}\n")
}

fn module(state: &State, registry: &Registry, path: &ModuleInstance) -> Json {
    let mut entry = Map::new();
    let resources: Vec<Json> = state
        .instances()
        .filter(|(addr, _, found)| addr.module == *path && found.current.is_some())
        .filter_map(|(addr, provider, found)| {
            let object = found.current.as_ref()?;
            let mut entry = Map::new();
            let data = addr.resource.mode == Mode::Data;
            entry.insert("address".into(), json!(addr.to_string()));
            entry.insert("mode".into(), json!(if data { "data" } else { "managed" }));
            entry.insert("type".into(), json!(&*addr.resource.type_name));
            entry.insert("name".into(), json!(&*addr.resource.name));
            if let Some(key) = &addr.key {
                entry.insert("index".into(), index(key));
            }
            entry.insert("provider_name".into(), json!(provider.provider.to_string()));
            entry.insert("schema_version".into(), json!(object.schema_version));
            let kind = if data { Kind::Data } else { Kind::Managed };
            let schema = registry
                .get(&provider.provider)
                .and_then(|found| found.schema(kind, &addr.resource.type_name));
            let values = match schema.and_then(|schema| object.decode(schema).ok()) {
                Some(value) => known(&value),
                None => object.to_json(),
            };
            entry.insert("values".into(), values);
            if !object.dependencies.is_empty() {
                let names: Vec<String> =
                    object.dependencies.iter().map(ToString::to_string).collect();
                entry.insert("depends_on".into(), json!(names));
            }
            if object.tainted {
                entry.insert("tainted".into(), json!(true));
            }
            Some(Json::Object(entry))
        })
        .collect();
    if !resources.is_empty() {
        entry.insert("resources".into(), Json::Array(resources));
    }
    if !path.is_root() {
        entry.insert("address".into(), json!(path.to_string()));
    }
    let depth = path.0.len();
    let mut children: Vec<ModuleInstance> = state
        .instances()
        .filter(|(addr, ..)| addr.module.0.len() > depth && addr.module.0[..depth] == path.0[..])
        .map(|(addr, ..)| ModuleInstance(addr.module.0[..=depth].into()))
        .collect();
    children.dedup();
    if !children.is_empty() {
        let children: Vec<Json> =
            children.iter().map(|child| module(state, registry, child)).collect();
        entry.insert("child_modules".into(), Json::Array(children));
    }
    Json::Object(entry)
}

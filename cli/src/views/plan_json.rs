//! Plans and states as JSON: formats 1.2 and 1.0.
//!
//! Reading order: this file, `path_order` (of what forces a replacement), `values` (objects by module), `configuration`.

mod configuration;
mod path_order;
mod values;

use std::collections::BTreeSet;

use infra_engine::addrs::{InstanceKey, Mode, ProviderAddr, ResourceInstance};
use infra_engine::lang::config::Config;
use infra_engine::plan::{
    Action, Cause, Checks, Deferred, Invocation, Mode as PlanMode, OutputChange, Plan, Registry,
    ResourceChange,
};
use infra_engine::state::State;
use infra_engine::value::{Data, Path, Step, Type, Value, json};
use serde_json::{Map, Value as Json, json};

/// The JSON of one object of a state.
pub(crate) fn instance(
    state: &State,
    addr: &ResourceInstance,
    registry: &Registry,
) -> Option<String> {
    let (_, provider, found) = state.instances().find(|(found, ..)| found == addr)?;
    let entry = values::instance(addr, provider, found.current.as_ref()?, registry);
    Some(format!("{}\n", Json::Object(entry)))
}

/// The JSON of a configuration, as a plan has it.
pub(crate) fn configuration(config: &Config, registry: &Registry) -> String {
    format!("{}\n", configuration::configuration(config, registry))
}

/// The JSON of a saved plan.
pub(crate) fn plan(plan: &Plan, registry: &Registry) -> String {
    let mut document = Map::new();
    let mut put = |name: &str, value: Json| {
        document.insert(name.to_owned(), value);
    };
    put("format_version", json!("1.2"));
    put("terraform_version", json!(State::COMPATIBLE));
    let variables: Map<String, Json> = plan
        .config
        .root
        .variables
        .iter()
        .filter_map(|(name, variable)| {
            let given = plan.given.get(name).or_else(|| plan.variables.get(name));
            let given = given.filter(|_| !variable.ephemeral);
            let value = given.or(variable.default.as_ref())?;
            Some((name.to_string(), json!({ "value": known(value) })))
        })
        .collect();
    if !variables.is_empty() {
        put("variables", Json::Object(variables));
    }
    put("planned_values", values::planned(plan, registry));
    let drift: Vec<Json> = plan
        .drift
        .iter()
        .filter(|found| found.action != Action::NoOp || plan.mode == PlanMode::RefreshOnly)
        .map(change)
        .collect();
    if !drift.is_empty() {
        put("resource_drift", Json::Array(drift));
    }
    let changes: Vec<Json> = plan.changes.iter().map(change).collect();
    if !changes.is_empty() {
        put("resource_changes", Json::Array(changes));
    }
    let deferred: Vec<Json> = plan.deferred.iter().map(deferred).collect();
    if !deferred.is_empty() {
        put("deferred_changes", Json::Array(deferred));
    }
    let outputs: Map<String, Json> =
        plan.outputs.iter().map(|(name, change)| (name.to_string(), output(change))).collect();
    if !outputs.is_empty() {
        put("output_changes", Json::Object(outputs));
    }
    if !plan.invocations.is_empty() {
        put("action_invocations", invocations(plan));
    }
    if !plan.prior.is_empty() {
        put("prior_state", values::state(&plan.prior, registry));
    }
    put("configuration", configuration::configuration(&plan.config, registry));
    if !plan.relevant.is_empty() {
        put("relevant_attributes", relevant(plan));
    }
    let checks = plan.checks.to_plan();
    if !checks.is_empty() {
        put("checks", Json::Array(checks));
    }
    put("timestamp", json!(plan.timestamp));
    put("applyable", json!(plan.is_applyable()));
    put("complete", json!(plan.is_complete()));
    put("errored", json!(plan.errored));
    format!("{}\n", Json::Object(document))
}

/// A change that has to wait. Its address has `[*]` where keys are not known.
fn deferred(found: &Deferred) -> Json {
    let mut change = change(&found.change);
    change["address"] = json!(found.address);
    json!({ "reason": found.reason.name(), "resource_change": change })
}

/// The attributes from which what changes comes.
fn relevant(plan: &Plan) -> Json {
    let entry = |(resource, path): &(ResourceInstance, Path)| json!({ "resource": resource.to_string(), "attribute": steps(path) });
    plan.relevant.iter().map(entry).collect()
}

/// The JSON of a state.
pub(crate) fn state(state: &State, registry: &Registry) -> String {
    let mut document = values::state(state, registry);
    let checks = Checks::from_state(&state.check_results).to_plan();
    if !state.is_empty() && !checks.is_empty() {
        document["checks"] = Json::Array(checks);
    }
    format!("{document}\n")
}

/// A plan in the messages of tests.
pub(crate) fn test_plan(plan: &Plan, registry: &Registry) -> Json {
    let mut document = Map::new();
    document.insert("plan_format_version".to_owned(), json!("1.2"));
    let outputs: Map<String, Json> =
        plan.outputs.iter().map(|(name, change)| (name.to_string(), output(change))).collect();
    document.insert("output_changes".to_owned(), Json::Object(outputs));
    let changes: Vec<Json> = plan.changes.iter().map(change).collect();
    document.insert("resource_changes".to_owned(), Json::Array(changes));
    if !plan.invocations.is_empty() {
        document.insert("action_invocations".to_owned(), invocations(plan));
    }
    if !plan.relevant.is_empty() {
        document.insert("relevant_attributes".to_owned(), relevant(plan));
    }
    let used = plan.changes.iter().map(|change| &change.provider.provider);
    document.extend(test_schemas(registry, &used.collect()));
    Json::Object(document)
}

/// A state in the messages of tests.
pub(crate) fn test_state(state: &State, registry: &Registry) -> Json {
    let values = values::state(state, registry);
    let part = |name: &str| values.pointer(&format!("/values/{name}")).cloned();
    let mut document = Map::new();
    document.insert("state_format_version".to_owned(), json!("1.0"));
    document.insert("root_module".to_owned(), part("root_module").unwrap_or_else(|| json!({})));
    if let Some(outputs) = part("outputs") {
        document.insert("outputs".to_owned(), outputs);
    }
    let used = state.instances().map(|(_, provider, _)| &provider.provider);
    document.extend(test_schemas(registry, &used.collect()));
    Json::Object(document)
}

/// The schemas of the providers that are used.
fn test_schemas(registry: &Registry, used: &BTreeSet<&ProviderAddr>) -> Map<String, Json> {
    let providers = registry.providers().filter(|provider| used.contains(provider.address()));
    let text = super::schemas::json(providers);
    let schemas: Json = serde_json::from_str(&text).unwrap_or_default();
    let schemas = schemas.get("provider_schemas").cloned().unwrap_or_default();
    let mut document = Map::new();
    document.insert("provider_format_version".to_owned(), json!("1.0"));
    document.insert("provider_schemas".to_owned(), schemas);
    document
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
        let mut paths: Vec<&Path> = change.requires_replace.iter().collect();
        paths.sort_by_key(|path| path_order::rank(path));
        let paths = paths.into_iter().map(steps).collect();
        sides.insert("replace_paths".into(), Json::Array(paths));
    }
    if let Some(id) = &change.importing {
        sides.insert("importing".into(), json!({ "id": id }));
    }
    if let Some(text) = &change.generated_config {
        sides.insert("generated_config".into(), json!(text));
    }
    entry.insert("change".into(), Json::Object(sides));
    if let Some(reason) = change.reason {
        entry.insert("action_reason".into(), json!(reason.name()));
    }
    Json::Object(entry)
}

fn invocations(plan: &Plan) -> Json {
    plan.invocations.iter().map(|found| invocation(found)).collect()
}

fn invocation(found: &Invocation) -> Json {
    let resource = &found.addr.resource;
    let mut entry = Map::new();
    entry.insert("address".into(), json!(found.addr.to_string()));
    entry.insert("type".into(), json!(&*resource.type_name));
    entry.insert("name".into(), json!(&*resource.name));
    entry.insert("config_values".into(), known(&found.config));
    entry.insert("config_sensitive".into(), sensitive(&found.config));
    let unknown = Some(&found.config).filter(|config| !config.is_wholly_known());
    let unknown = unknown.map_or(json!({}), |config| flags(config, &|item| !item.is_known()));
    entry.insert("config_unknown".into(), unknown);
    entry.insert("provider_name".into(), json!(found.provider.provider.to_string()));
    let (name, cause) = match &found.cause {
        Cause::Asked => ("invoke_action_trigger", json!({})),
        Cause::Trigger { resource, block, event, action } => {
            let cause = json!({
                "triggering_resource_address": resource.to_string(),
                "action_trigger_event": event.to_string(),
                "action_trigger_block_index": block,
                "actions_list_index": action,
            });
            ("lifecycle_action_trigger", cause)
        }
    };
    entry.insert(name.into(), cause);
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
    let unknown = after.filter(|value| !value.is_wholly_known());
    sides.insert(
        "after_unknown".into(),
        unknown.map_or(json!({}), |value| flags(value, &|item| !item.is_known())),
    );
    sides.insert("before_sensitive".into(), before.map_or(json!(false), sensitive));
    sides.insert("after_sensitive".into(), after.map_or(json!(false), sensitive));
    sides
}

/// An output value as a change: it is sensitive as a whole or not at all.
fn output(change: &OutputChange) -> Json {
    let mut sides = sides(change.action, change.before.as_ref(), change.after.as_ref());
    match &change.after {
        Some(after) if !after.is_known() => {
            sides.remove("after");
        }
        Some(after) if !after.is_wholly_known() => {}
        _ => {
            sides.insert("after_unknown".into(), json!(false));
        }
    }
    for side in ["before_sensitive", "after_sensitive"] {
        sides.insert(side.into(), json!(change.is_sensitive()));
    }
    Json::Object(sides)
}

fn steps(path: &Path) -> Json {
    let step = |step: &Step| match step {
        Step::Attr(name) => json!(&**name),
        Step::Index(key) => known(key),
    };
    Json::Array(path.0.iter().map(step).collect())
}

/// Which parts are sensitive. What is unknown says nothing about its parts.
fn sensitive(value: &Value) -> Json {
    if value.is_sensitive() {
        return json!(true);
    }
    match (value.data(), value.ty()) {
        (Data::Null(_), _) => json!(false),
        (Data::Unknown(..), Type::List(_) | Type::Set(_) | Type::Tuple(_)) => json!([]),
        (Data::Unknown(..), Type::Map(_) | Type::Object(_)) => json!({}),
        (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), _) => {
            items.iter().map(sensitive).collect()
        }
        (Data::Map(_, items) | Data::Object(items), _) => Json::Object(
            items
                .iter()
                .map(|(name, item)| (name.to_string(), sensitive(item)))
                .filter(|(_, flags)| *flags != json!(false))
                .collect(),
        ),
        _ => json!(false),
    }
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

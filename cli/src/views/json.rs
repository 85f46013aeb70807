//! Results as JSON, in Terraform's formats.

use infra_engine::diag::render;
use infra_engine::diag::{Diagnostics, Sources};
use infra_engine::plan::Registry;
use infra_engine::state::{OutputValue, State};
use infra_engine::value::json;
use serde_json::{Map, Value as Json, json};

pub(crate) use super::plan_json::{configuration, instance, plan, state};

/// The result of `validate -json`.
pub(crate) fn validation(found: &Diagnostics, sources: &Sources) -> String {
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
    json::pretty(&json!({
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": found.len() - errors,
        "diagnostics": found.iter().map(|diagnostic| render::json(diagnostic, sources)).collect::<Vec<_>>(),
    }))
}

/// The result of `version -json`.
pub(crate) fn version(registry: &Registry) -> String {
    let providers: Map<String, Json> = registry
        .providers()
        .map(|found| (found.address().to_string(), json!(found.version())))
        .collect();
    json::pretty(&json!({
        "terraform_version": State::COMPATIBLE,
        "infra_version": env!("CARGO_PKG_VERSION"),
        "platform": format!("{}_{}", std::env::consts::OS, std::env::consts::ARCH.replace("x86_64", "amd64")),
        "provider_selections": providers,
        "terraform_outdated": false,
    }))
}

/// All output values.
pub(crate) fn outputs(state: &State) -> String {
    let all: Map<String, Json> = state
        .outputs
        .iter()
        .map(|(name, output)| {
            let ty = output.value.ty();
            let value = json::to_json(&output.value, &ty).unwrap_or(Json::Null);
            let entry = json!({ "sensitive": output.sensitive, "type": json::type_to_json(&ty), "value": value });
            (name.to_string(), entry)
        })
        .collect();
    json::pretty(&Json::Object(all))
}

/// The value of one output.
pub(crate) fn output_value(output: &OutputValue) -> String {
    format!("{}\n", json::encode(&output.value).unwrap_or_default())
}

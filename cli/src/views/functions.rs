//! The signatures of functions.

use infra_engine::lang::functions::{self, Builtin};
use infra_engine::value::function::Param;
use infra_engine::value::json::type_to_json;
use serde_json::{Map, Value, json};

/// All functions, by their names and by their names in the namespace `core`, as one line of JSON.
pub(crate) fn json() -> String {
    let mut signatures: Vec<(String, Value)> = functions::ALL
        .iter()
        .flat_map(|function| {
            let signature = signature(*function);
            let core = format!("core::{}", function.name());
            [(function.name().to_owned(), signature.clone()), (core, signature)]
        })
        .collect();
    signatures.sort_by(|(a, _), (b, _)| a.cmp(b));
    let signatures: Map<String, Value> = signatures.into_iter().collect();
    format!("{}\n", json!({ "format_version": "1.0", "function_signatures": signatures }))
}

/// What a function is about, takes and returns.
pub(super) fn signature(function: Builtin) -> Value {
    let mut found = Map::new();
    let description = function.doc().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    found.insert("description".to_owned(), description.into());
    found.insert("return_type".to_owned(), type_to_json(&function.declared_type()));
    if !function.params().is_empty() {
        let params = function.params().iter().map(parameter);
        found.insert("parameters".to_owned(), params.collect());
    }
    if let Some(variadic) = function.variadic() {
        found.insert("variadic_parameter".to_owned(), parameter(variadic));
    }
    found.into()
}

fn parameter(param: &Param) -> Value {
    let mut found = Map::new();
    found.insert("name".to_owned(), param.name.into());
    if param.null {
        found.insert("is_nullable".to_owned(), true.into());
    }
    found.insert("type".to_owned(), type_to_json(&(param.ty)()));
    found.into()
}

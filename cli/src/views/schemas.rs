//! Schemas of providers as JSON, in Terraform's format 1.0.

use std::sync::Arc;

use infra_engine::provider::{Attribute, Block, Kind, Nesting, Provider, Schema};
use infra_engine::value::json as values;
use serde_json::{Map, Value as Json, json};

use super::functions;

/// All schemas of these providers.
pub(crate) fn json<'p>(providers: impl Iterator<Item = &'p Arc<dyn Provider>>) -> String {
    let all: Map<String, Json> =
        providers.map(|found| (found.address().to_string(), provider(&**found))).collect();
    format!("{}\n", json!({ "format_version": "1.0", "provider_schemas": all }))
}

fn provider(found: &dyn Provider) -> Json {
    let mut entry = Map::new();
    entry.insert("provider".into(), schema(found.config_schema()));
    let kinds = [
        ("resource_schemas", Kind::Managed),
        ("data_source_schemas", Kind::Data),
        ("ephemeral_resource_schemas", Kind::Ephemeral),
        ("list_resource_schemas", Kind::List),
        ("action_schemas", Kind::Action),
    ];
    for (name, kind) in kinds {
        let types: Map<String, Json> = found
            .type_names(kind)
            .into_iter()
            .filter_map(|ty| Some((ty.to_owned(), of_kind(kind, found.schema(kind, ty)?))))
            .collect();
        if !types.is_empty() {
            entry.insert(name.into(), Json::Object(types));
        }
    }
    let functions: Map<String, Json> = found
        .functions()
        .iter()
        .map(|function| (function.name.to_owned(), functions::signature((*function).into())))
        .collect();
    if !functions.is_empty() {
        entry.insert("functions".into(), Json::Object(functions));
    }
    Json::Object(entry)
}

/// Of what can be listed, only the block `config` differs from type to type. Of an action nothing is stored, so that its
/// schema has no version.
fn of_kind(kind: Kind, found: &Schema) -> Json {
    if kind == Kind::Action {
        return json!({ "block": block(&found.block) });
    }
    match found.block.blocks.get("config").filter(|_| kind == Kind::List) {
        Some(config) => json!({ "version": found.version, "block": block(&config.block) }),
        None => schema(found),
    }
}

fn schema(schema: &Schema) -> Json {
    json!({ "version": schema.version, "block": block(&schema.block) })
}

fn block(block: &Block) -> Json {
    let mut entry = Map::new();
    let attributes: Map<String, Json> =
        block.attributes.iter().map(|(name, found)| (name.to_string(), attribute(found))).collect();
    if !attributes.is_empty() {
        entry.insert("attributes".into(), Json::Object(attributes));
    }
    let blocks = block.blocks.iter().map(|(name, nested)| {
        let mode = match nested.nesting {
            Nesting::Single => "single",
            Nesting::Group => "group",
            Nesting::List => "list",
            Nesting::Set => "set",
            Nesting::Map => "map",
        };
        let mut inner = json!({ "nesting_mode": mode, "block": self::block(&nested.block) });
        for (name, limit) in [("min_items", nested.min_items), ("max_items", nested.max_items)] {
            if limit > 0 {
                inner[name] = json!(limit);
            }
        }
        (name.to_string(), inner)
    });
    let blocks: Map<String, Json> = blocks.collect();
    if !blocks.is_empty() {
        entry.insert("block_types".into(), Json::Object(blocks));
    }
    described(&mut entry, block.description, block.deprecated);
    Json::Object(entry)
}

fn attribute(attribute: &Attribute) -> Json {
    let mut entry = Map::from_iter([("type".to_owned(), values::type_to_json(&attribute.ty))]);
    described(&mut entry, attribute.description, attribute.deprecated);
    let flags = [
        ("required", attribute.required),
        ("optional", attribute.optional),
        ("computed", attribute.computed),
        ("sensitive", attribute.sensitive),
        ("write_only", attribute.write_only),
    ];
    for (name, _) in flags.into_iter().filter(|(_, set)| *set) {
        entry.insert(name.into(), json!(true));
    }
    Json::Object(entry)
}

fn described(entry: &mut Map<String, Json>, text: &str, deprecated: Option<&str>) {
    if !text.is_empty() {
        entry.insert("description".into(), json!(text));
    }
    entry.insert(
        "description_kind".into(),
        json!(if text.is_empty() { "plain" } else { "markdown" }),
    );
    if deprecated.is_some() {
        entry.insert("deprecated".into(), json!(true));
    }
}

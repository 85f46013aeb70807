//! The schemas are those of hashicorp/aws 5.100.0: compared with what was measured of it, in `tests/facts`.

use std::collections::BTreeMap;
use std::path::Path;

use infra_provider::{Attribute, Block, Kind, Nesting};
use infra_value::json::{encode, type_to_json};
use serde_json::{Map, Value, json};

fn facts(kind: &str) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts").join(kind);
    let entries = std::fs::read_dir(folder).expect("the folder of facts");
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.expect("a file").path()).expect("a file");
            let fact: Value = serde_json::from_str(&text).expect("JSON");
            (fact["type"].as_str().expect("a type").to_owned(), fact)
        })
        .collect()
}

fn check(kind: Kind, folder: &str) {
    let providers = infra_provider_aws::providers(Default::default(), Default::default());
    let provider = &providers[0];
    let facts = facts(folder);
    let mut problems = Vec::new();
    let ours = provider.type_names(kind);
    let theirs: Vec<&str> = facts.keys().map(String::as_str).collect();
    if ours != theirs {
        problems.push(format!("types: {ours:?} here, {theirs:?} there"));
    }
    for (name, fact) in &facts {
        let Some(schema) = provider.schema(kind, name) else { continue };
        if json!(schema.version) != fact["schema_version"] {
            problems.push(format!(
                "{name}: version {}, not {}",
                schema.version, fact["schema_version"]
            ));
        }
        block(name, &schema.block, fact, &mut problems);
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn provider_block() {
    let providers = infra_provider_aws::providers(Default::default(), Default::default());
    let fact: Value = serde_json::from_str(include_str!("facts/provider.json")).expect("JSON");
    let mut problems = Vec::new();
    block("provider", &providers[0].config_schema().block, &fact, &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn resources() {
    check(Kind::Managed, "resources");
}

#[test]
fn data_sources() {
    check(Kind::Data, "data");
}

fn block(path: &str, ours: &Block, fact: &Value, problems: &mut Vec<String>) {
    let none = Map::new();
    let attributes = fact["attributes"].as_object().unwrap_or(&none);
    let blocks = fact["blocks"].as_object().unwrap_or(&none);
    for name in ours.attributes.keys().filter(|name| !attributes.contains_key(&***name)) {
        problems.push(format!("{path}.{name}: is no attribute"));
    }
    for name in ours.blocks.keys().filter(|name| !blocks.contains_key(&***name)) {
        problems.push(format!("{path}.{name}: is no block"));
    }
    for (name, fact) in attributes {
        match ours.attributes.get(name.as_str()) {
            Some(attribute) => compare(&format!("{path}.{name}"), attribute, fact, problems),
            None => problems.push(format!("{path}.{name}: attribute missing")),
        }
    }
    for (name, fact) in blocks {
        let path = format!("{path}.{name}");
        let Some(nested) = ours.blocks.get(name.as_str()) else {
            problems.push(format!("{path}: block missing"));
            continue;
        };
        let nesting = match nested.nesting {
            Nesting::Single | Nesting::Group => "single",
            Nesting::List => "list",
            Nesting::Set => "set",
            Nesting::Map => "map",
        };
        let limit = |key: &str| fact[key].as_u64().unwrap_or(0);
        let expected =
            (fact["nesting"].as_str().unwrap_or(""), limit("min_items"), limit("max_items"));
        let found = (nesting, nested.min_items, nested.max_items);
        if found != expected {
            problems.push(format!("{path}: {found:?}, not {expected:?}"));
        }
        block(&path, &nested.block, fact, problems);
    }
}

fn compare(path: &str, ours: &Attribute, fact: &Value, problems: &mut Vec<String>) {
    let flags = [
        ("required", ours.required),
        ("optional", ours.optional),
        ("computed", ours.computed),
        ("sensitive", ours.sensitive),
        ("force_new", ours.force_new),
        ("deprecated", ours.deprecated.is_some()),
    ];
    // What could not be measured is not compared: a force_new that is "unprobed", an attribute without any flag.
    let measured =
        ["required", "optional", "computed"].iter().any(|flag| fact.get(*flag).is_some());
    for (flag, found) in
        flags.into_iter().filter(|(flag, _)| measured && fact[*flag] != json!("unprobed"))
    {
        if found != (fact[flag] == json!(true)) {
            problems.push(format!("{path}: {flag} is {found}"));
        }
    }
    if type_to_json(&ours.ty) != fact["type"] {
        problems.push(format!("{path}: is {}, not {}", type_to_json(&ours.ty), fact["type"]));
    }
    // A default of nothing at all is that of an attribute without one.
    let expected = fact.get("default").filter(|value| **value != json!([]));
    let found = ours.default.as_ref().map(|value| {
        serde_json::from_str::<Value>(&encode(value).expect("a value")).expect("JSON")
    });
    if found.as_ref() != expected {
        problems.push(format!("{path}: default {found:?}, not {expected:?}"));
    }
}

//! The modules of a configuration.

use infra_engine::lang::config::{Config, Module, ModuleCall};
use serde_json::json;

/// As a tree for people.
pub(crate) fn tree(root: &Module) -> String {
    if root.children.is_empty() {
        return "No modules found in configuration.\n".to_owned();
    }
    let mut text = "\nModules declared by configuration:\n.\n".to_owned();
    branch(root, "", &mut text);
    text.push('\n');
    text
}

fn branch(module: &Module, indent: &str, text: &mut String) {
    let last = module.calls.len();
    for (at, call) in module.calls.values().enumerate() {
        let (edge, below) =
            if at + 1 == last { ("└── ", "    ") } else { ("├── ", "│   ") };
        let version = call.version.as_ref().map(|(version, _)| format!(" ({version})"));
        let (source, version) = (source(call), version.unwrap_or_default());
        text.push_str(&format!("{indent}{edge}\"{}\"[{source}]{version}\n", call.name));
        if let Some(child) = module.children.get(&call.name) {
            branch(child, &format!("{indent}{below}"), text);
        }
    }
}

fn source(call: &ModuleCall) -> &str {
    call.source.as_ref().map_or("", |(source, _)| source)
}

/// As Terraform's JSON.
pub(crate) fn json(config: &Config) -> String {
    let calls = config.modules().into_iter().flat_map(|module| module.calls.values());
    let modules = calls.map(|call| {
        let version = call.version.as_ref().map_or("", |(version, _)| version);
        json!({ "key": &*call.name, "source": source(call), "version": version })
    });
    let modules: Vec<_> = modules.collect();
    let modules = (!modules.is_empty()).then_some(modules);
    format!("{}\n", json!({ "format_version": "1.0", "modules": modules }))
}

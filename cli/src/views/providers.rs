//! Which providers are needed where.

use std::collections::{BTreeMap, BTreeSet};

use infra_engine::addrs::ProviderAddr;
use infra_engine::lang::config::{Config, Module};
use infra_engine::state::State;

/// The providers that a module needs itself.
pub(crate) fn of(config: &Config, module: &Module) -> BTreeSet<ProviderAddr> {
    let required = module.requirements.values().map(|requirement| requirement.source.clone());
    let blocks = module.providers.values().map(|block| module.provider_source(&block.name));
    let users = module.blocks().map(|block| config.provider_of(&module.path, block).provider);
    required.chain(blocks).chain(users).collect()
}

/// Modules as a tree with their providers, and then what the state needs.
pub(crate) fn tree(config: &Config, state: &State) -> String {
    let mut text = String::from("\nProviders required by configuration:\n.\n");
    branch(config, &config.root, "", &mut text);
    let used: BTreeSet<_> =
        state.resources.values().map(|found| found.provider.provider.clone()).collect();
    if !used.is_empty() {
        text.push_str("\nProviders required by state:\n\n");
        for provider in used {
            text.push_str(&format!("    provider[{provider}]\n\n"));
        }
    }
    text
}

fn branch(config: &Config, module: &Module, indent: &str, text: &mut String) {
    let mut versions: BTreeMap<ProviderAddr, String> = BTreeMap::new();
    for provider in of(config, module) {
        let required = module.requirements.values().filter(|found| found.source == provider);
        let wanted: Vec<&str> =
            required.filter_map(|found| found.version.as_ref()).map(|(text, _)| &**text).collect();
        versions.insert(provider, wanted.join(", "));
    }
    let count = versions.len() + module.children.len();
    let lead = |position: usize| {
        if position + 1 == count { ("└── ", "    ") } else { ("├── ", "│   ") }
    };
    for (position, (provider, version)) in versions.iter().enumerate() {
        let version = if version.is_empty() { String::new() } else { format!(" {version}") };
        text.push_str(&format!("{indent}{}provider[{provider}]{version}\n", lead(position).0));
    }
    for (position, (name, child)) in module.children.iter().enumerate() {
        let (line, below) = lead(versions.len() + position);
        text.push_str(&format!("{indent}{line}module.{name}\n"));
        branch(config, child, &format!("{indent}{below}"), text);
    }
}

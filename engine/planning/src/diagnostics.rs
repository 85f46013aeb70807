//! The diagnostics of planning, all texts on one page.

use infra_addrs::{ProviderAddr, ProviderConfig, ResourceInstance};
use infra_diag::{Diagnostic, Span};
use infra_graph::Cycle;
use infra_lang::config::{Condition, Config, Resource};
use infra_lang::dependencies::Node;
use infra_plan::Registry;
use infra_provider::{Kind, Provider};

use crate::managed::within;

/// Objects that depend on each other; every step with its place.
pub(crate) fn cycle(config: &Config, cycle: &Cycle<Node>) -> Diagnostic {
    let names: Vec<String> = cycle.0.iter().map(ToString::to_string).collect();
    let mut detail =
        String::from("These objects depend on each other, so none of them can be first:\n");
    for (position, node) in cycle.0.iter().enumerate() {
        let next = &names[(position + 1) % names.len()];
        let place = span_of(config, node).and_then(|span| {
            let file = config.sources.get(span.source)?;
            Some(format!(" ({} line {})", file.path, file.position(span.start).line))
        });
        detail.push_str(&format!(
            "\n  {}{} refers to {next}",
            names[position],
            place.unwrap_or_default()
        ));
    }
    detail.push_str("\n\nRemove one of these references.");
    let first = cycle.0.first().and_then(|node| span_of(config, node));
    Diagnostic::error("Cycle").detail(detail).at(first)
}

fn span_of(config: &Config, node: &Node) -> Option<Span> {
    match node {
        Node::Variable(module, name) => Some(config.module(module)?.variables.get(name)?.span),
        Node::Local(module, name) => Some(config.module(module)?.locals.get(name)?.span),
        Node::Call(module, name) => Some(config.module(module)?.calls.get(name)?.span),
        Node::Output(module, name) => Some(config.module(module)?.outputs.get(name)?.span),
        Node::Resource(resource) => {
            Some(config.module(&resource.module)?.resources.get(&resource.resource)?.span)
        }
        Node::Provider(addr) => {
            let module = config.module(&addr.module)?;
            let mut blocks = module.providers.iter();
            let (_, block) = blocks.find(|((name, alias), _)| {
                *alias == addr.alias && module.provider_source(name) == addr.provider
            })?;
            Some(block.span)
        }
    }
}

pub(crate) fn unknown_provider(addr: &ProviderAddr, registry: &Registry) -> Diagnostic {
    let known: Vec<String> =
        registry.providers().map(|provider| provider.address().short()).collect();
    Diagnostic::error("Provider not available").detail(format!(
        "The configuration needs the provider {}, which is not built in. Built in are: {}.",
        addr.short(),
        known.join(", ")
    ))
}

pub(crate) fn provider_not_present(
    addr: &ProviderConfig,
    needed_by: Option<&Vec<ResourceInstance>>,
) -> Diagnostic {
    let needed = needed_by
        .and_then(|addrs| addrs.first())
        .map(|addr| format!("To work with {addr} its"))
        .unwrap_or_else(|| "The".to_owned());
    Diagnostic::error("Provider configuration not present").detail(format!(
        "{needed} original provider configuration at {addr} is required, but it has been removed. This occurs when a \
         provider configuration is removed while objects created by that provider still exist in the state. Re-add the \
         provider configuration to destroy them, after which you can remove the provider configuration again."
    ))
}

pub(crate) fn unknown_type(block: &Resource, provider: &dyn Provider) -> Diagnostic {
    let (kind, summary, what) = match block.addr.mode {
        infra_addrs::Mode::Data => (Kind::Data, "Invalid data source", "data source"),
        _ => (Kind::Managed, "Invalid resource type", "resource type"),
    };
    let name = &*block.addr.type_name;
    Diagnostic::error(summary)
        .detail(format!(
            "The provider {} does not support {what} \"{name}\".",
            provider.address().short()
        ))
        .suggest(name, provider.type_names(kind))
        .at(block.span)
        .within(within(block))
}

pub(crate) fn unknown_type_in_state(
    addr: &ResourceInstance,
    provider: &ProviderAddr,
) -> Diagnostic {
    Diagnostic::error("Invalid resource type")
        .detail(format!(
            "The state holds an object of type \"{}\", which the provider {} built into this version does not support. \
             The object has not been touched.",
            addr.resource.type_name,
            provider.short()
        ))
        .address(addr)
}

pub(crate) fn prevent_destroy(block: &Resource, addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Instance cannot be destroyed")
        .detail(format!(
            "Resource {addr} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. \
             To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the \
             scope of the plan using the -target option."
        ))
        .at(block.span)
        .within(within(block))
}

pub(crate) fn sensitive_output(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Output refers to sensitive values")
        .detail(
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, any \
             root module output containing sensitive data must be explicitly marked as sensitive, to confirm your \
             intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by adding the \
             following argument:\n    sensitive = true",
        )
        .at(span)
        .within(format!("output \"{name}\""))
}

pub(crate) fn condition_failed(
    summary: &'static str,
    condition: &Condition,
    message: String,
) -> Diagnostic {
    Diagnostic::error(summary).detail(message).at(condition.condition.span())
}

pub(crate) fn invalid_variable(name: &str, span: Span, message: &str) -> Diagnostic {
    Diagnostic::error("Invalid value for variable")
        .detail(format!("{message}\n\nThis was checked by a validation rule of the variable."))
        .at(span)
        .within(format!("variable \"{name}\""))
}

//! What can be said against a configuration without values and without calling a provider.

use std::sync::Arc;

use infra_addrs::{Mode, ProviderAddr};
use infra_diag::{Diagnostic, Diagnostics};
use infra_provider::{Kind, Provider, Schema};

use super::{Config, Module, Resource, diagnostics};
use crate::eval;
use crate::syntax::{Located, Reference};

/// Finds the provider at an address.
type Find<'a> = &'a dyn Fn(&ProviderAddr) -> Option<Arc<dyn Provider>>;

/// Checks names, references, and blocks against the schemas of their types.
pub fn check(config: &Config, find: Find<'_>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for module in config.modules() {
        Checker { config, module, find, diags: &mut diags }.module();
    }
    diags
}

struct Checker<'a> {
    config: &'a Config,
    module: &'a Module,
    find: Find<'a>,
    diags: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn module(&mut self) {
        let module = self.module;
        for local in module.locals.values() {
            self.references(local.expr.references(), &format!("local value \"{}\"", local.name));
        }
        for output in module.outputs.values() {
            let within = format!("output \"{}\"", output.name);
            self.references(output.expr.references(), &within);
            self.references(&output.depends_on, &within);
        }
        for block in module.providers.values() {
            let within = format!("provider \"{}\"", block.name);
            let references: Vec<Located> =
                eval::references(&block.body).into_iter().cloned().collect();
            self.references(&references, &within);
            let source = module.provider_source(&block.name);
            match (self.find)(&source) {
                Some(provider) => self.body(&block.body, provider.config_schema(), &within),
                None => self.diags.push(
                    diagnostics::no_provider(&source.short(), &[]).at(block.span).within(within),
                ),
            }
        }
        for resource in module.resources.values() {
            self.resource(resource);
        }
        for call in module.calls.values() {
            let within = format!("module \"{}\"", call.name);
            let references: Vec<Located> =
                eval::references(&call.body).into_iter().cloned().collect();
            self.references(&references, &within);
            let Some(child) = module.children.get(&call.name) else { continue };
            for attribute in &call.body.attributes {
                if !child.variables.contains_key(&attribute.name) {
                    let known = child.variables.keys().map(|name| &**name);
                    let diagnostic = diagnostics::unsupported(&attribute.name, known);
                    self.diags.push(diagnostic.at(attribute.name_span).within(within.clone()));
                }
            }
            for variable in child.variables.values() {
                if variable.default.is_none() && call.body.attribute(&variable.name).is_none() {
                    self.diags.push(
                        diagnostics::missing(&variable.name).at(call.span).within(within.clone()),
                    );
                }
            }
        }
    }

    fn resource(&mut self, resource: &Resource) {
        let kind = match resource.addr.mode {
            Mode::Managed => (Kind::Managed, "resource"),
            Mode::Data => (Kind::Data, "data"),
            Mode::Ephemeral => (Kind::Ephemeral, "ephemeral"),
        };
        let within =
            format!("{} \"{}\" \"{}\"", kind.1, resource.addr.type_name, resource.addr.name);
        let references: Vec<Located> =
            eval::references(&resource.body).into_iter().cloned().collect();
        self.references(&references, &within);
        self.references(&resource.depends_on, &within);
        for expr in resource.count.iter().chain(&resource.for_each) {
            self.references(expr.references(), &within);
        }
        let config = self.config.provider_of(&self.module.path, resource);
        let Some(provider) = (self.find)(&config.provider) else {
            let diagnostic = diagnostics::no_provider(&config.provider.short(), &[]);
            self.diags.push(diagnostic.at(resource.span).within(within));
            return;
        };
        let owner = self.config.module(&config.module);
        let declared = owner.is_some_and(|owner| {
            owner.providers.iter().any(|((name, alias), _)| {
                *alias == config.alias && owner.provider_source(name) == config.provider
            })
        });
        if config.alias.is_some() && !declared {
            let alias = config.alias.as_deref().unwrap_or_default();
            let aliases = owner
                .into_iter()
                .flat_map(|owner| owner.providers.keys())
                .filter_map(|(_, alias)| alias.as_deref());
            let diagnostic = Diagnostic::error("Provider configuration not present")
                .detail(format!(
                    "The configuration {}.{alias} that this resource asks for is not declared.",
                    config.provider.name
                ))
                .suggest(alias, aliases)
                .at(resource.span)
                .within(within.clone());
            self.diags.push(diagnostic);
        }
        match provider.schema(kind.0, &resource.addr.type_name) {
            Some(schema) => self.body(&resource.body, schema, &within),
            None => {
                let diagnostic = diagnostics::unknown_type(
                    resource.addr.mode,
                    &resource.addr.type_name,
                    &config.provider.short(),
                    provider.type_names(kind.0),
                );
                self.diags.push(diagnostic.at(resource.span).within(within));
            }
        }
    }

    fn body(&mut self, body: &crate::syntax::Body, schema: &Schema, within: &str) {
        let mut found = Diagnostics::new();
        eval::check(body, &schema.block, &mut found);
        self.diags.extend(found.into_iter().map(|diagnostic| diagnostic.within(within)));
    }

    fn references(&mut self, references: &[Located], within: &str) {
        let module = self.module;
        for found in references {
            let diagnostic = match &found.reference {
                Reference::Variable(name) if !module.variables.contains_key(name) => {
                    diagnostics::undeclared(
                        "Reference to undeclared input variable",
                        "An input variable with the name",
                        name,
                        module.variables.keys().map(|name| &**name),
                        &format!(
                            " This variable can be declared with a variable \"{name}\" {{}} block."
                        ),
                    )
                }
                Reference::Local(name) if !module.locals.contains_key(name) => {
                    diagnostics::undeclared(
                        "Reference to undeclared local value",
                        "A local value with the name",
                        name,
                        module.locals.keys().map(|name| &**name),
                        "",
                    )
                }
                Reference::Module(name) if !module.calls.contains_key(name) => {
                    diagnostics::undeclared(
                        "Reference to undeclared module",
                        "A module call with the name",
                        name,
                        module.calls.keys().map(|name| &**name),
                        "",
                    )
                }
                Reference::Module(name) => match self.missing_output(name, found) {
                    Some(diagnostic) => diagnostic,
                    None => continue,
                },
                Reference::Resource(resource) if !module.resources.contains_key(resource) => {
                    let known: Vec<String> =
                        module.resources.keys().map(ToString::to_string).collect();
                    diagnostics::undeclared(
                        "Reference to undeclared resource",
                        if resource.mode == Mode::Data {
                            "A data resource"
                        } else {
                            "A managed resource"
                        },
                        &resource.to_string(),
                        known.iter().map(String::as_str),
                        "",
                    )
                }
                Reference::Resource(resource) => match self.missing_attribute(resource, found) {
                    Some(diagnostic) => diagnostic,
                    None => continue,
                },
                _ => continue,
            };
            self.diags.push(diagnostic.at(found.span).within(within));
        }
    }

    fn missing_output(&self, name: &str, found: &Located) -> Option<Diagnostic> {
        let child = self.module.children.get(name)?;
        let output = found.attr.as_ref()?;
        if child.outputs.contains_key(output) {
            return None;
        }
        Some(
            Diagnostic::error("Unsupported attribute")
                .detail(format!("This object does not have an attribute named \"{output}\"."))
                .suggest(output, child.outputs.keys().map(|name| &**name)),
        )
    }

    /// An attribute right after a resource that is not repeated, which its type does not have.
    fn missing_attribute(
        &self,
        resource: &infra_addrs::Resource,
        found: &Located,
    ) -> Option<Diagnostic> {
        let block = self.module.resources.get(resource)?;
        let repeated = block.count.is_some() || block.for_each.is_some();
        let attr = found.attr.as_ref()?;
        if repeated && found.key.is_none() {
            return None;
        }
        let config = self.config.provider_of(&self.module.path, block);
        let provider = (self.find)(&config.provider)?;
        let kind = if resource.mode == Mode::Data { Kind::Data } else { Kind::Managed };
        let schema = &provider.schema(kind, &resource.type_name)?.block;
        if schema.attributes.contains_key(attr) || schema.blocks.contains_key(attr) {
            return None;
        }
        let known = schema.attributes.keys().chain(schema.blocks.keys()).map(|name| &**name);
        Some(
            Diagnostic::error("Unsupported attribute")
                .detail(format!("This object has no argument, nested block, or exported attribute named \"{attr}\"."))
                .suggest(attr, known),
        )
    }
}

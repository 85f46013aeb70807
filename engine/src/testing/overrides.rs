//! Mock providers and overrides: what takes the place of real objects in a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{ConfigResource, ProviderAddr, ResourceInstance};
use infra_diag::Diagnostics;
use infra_lang::config::{Config, Module, Requirement};
use infra_lang::eval::Context;
use infra_lang::syntax::{self, Block, Body, Expr};
use infra_provider::{Kind, Provider};
use infra_value::{Str, Value};

use super::diagnostics;
use super::file::{Run, TestFile};
use super::mocks::{Defaults, Mock};
use super::scope::TestScope;
use crate::Engine;

/// Puts mocks in place of providers, and overrides in place of resources and modules.
pub(super) fn apply(
    engine: &mut Engine,
    config: &mut Config,
    file: &TestFile,
    run: &Run,
    scope: &TestScope<'_>,
    found: &mut Diagnostics,
) {
    let mut providers: BTreeMap<ProviderAddr, Arc<dyn Provider>> = engine
        .registry
        .providers()
        .map(|provider| (provider.address().clone(), provider.clone()))
        .collect();
    let mut overrides: Vec<Block> = file.overrides.clone();
    for block in &file.mocks {
        let Some(name) = block.labels.first().map(|label| label.text.clone()) else { continue };
        let address = config.root.provider_source(&name);
        let Some(real) = engine.registry.get(&address).cloned() else { continue };
        let mut body = block.body.clone();
        read_source(engine, config, &mut body, found);
        let during_plan = during_plan(&body);
        let mut defaults = Defaults::new();
        for inner in &body.blocks {
            let kind = match &*inner.ty {
                "mock_resource" => Kind::Managed,
                "mock_data" => Kind::Data,
                "override_resource" | "override_data" | "override_module" => {
                    overrides.push(inner.clone());
                    continue;
                }
                other => {
                    found.push(diagnostics::unknown_block(other, inner.ty_span));
                    continue;
                }
            };
            let Some(type_name) = inner.labels.first().map(|label| label.text.to_string()) else {
                continue;
            };
            if let Some(attribute) = inner.body.attribute("defaults") {
                let value = attribute.expr.evaluate(&mut Context::new(scope, found));
                defaults.insert((kind, type_name), value);
            }
        }
        let mock = Mock {
            real,
            address: address.clone(),
            defaults: Arc::new(defaults),
            values: None,
            during_plan,
        };
        providers.insert(address, Arc::new(mock));
    }
    overrides.extend(run.overrides.iter().cloned());
    for (position, block) in overrides.iter().enumerate() {
        let Some(target) = block.body.attribute("target") else {
            found.push(diagnostics::missing("target", &block.ty, block.header));
            continue;
        };
        let text = config.sources.text(target.expr.span()).to_owned();
        let values =
            |name: &str| block.body.attribute(name).map(|attribute| attribute.expr.clone());
        if &*block.ty == "override_module" {
            let outputs =
                values("outputs").map(|expr| expr.evaluate(&mut Context::new(scope, found)));
            if !override_module(&mut config.root, &text, outputs.as_ref(), &target.expr) {
                found.push(diagnostics::wrong_target(
                    &format!("there is no {text}"),
                    target.expr.span(),
                ));
            }
            continue;
        }
        let values = values("values").map(|expr| expr.evaluate(&mut Context::new(scope, found)));
        match text.parse::<ResourceInstance>() {
            Ok(addr) => {
                let during_plan = during_plan(&block.body);
                let overridden = (addr.config(), values, during_plan);
                let address = override_resource(config, &providers, position, overridden);
                match address {
                    Some(mock) => {
                        providers.insert(mock.address.clone(), Arc::new(mock));
                    }
                    None => found.push(diagnostics::wrong_target(
                        &format!("there is no {text}"),
                        target.expr.span(),
                    )),
                }
            }
            Err(error) => found.push(diagnostics::wrong_target(&error.0, target.expr.span())),
        }
    }
    engine.registry = engine.registry.with(providers.into_values());
}

/// Whether values are known while planning already.
fn during_plan(body: &Body) -> bool {
    let word = body
        .attribute("override_during")
        .and_then(|during| during.expr.as_keyword().map(str::to_owned));
    word.as_deref() == Some("plan")
}

/// Adds what the files say that `source` names.
fn read_source(engine: &Engine, config: &mut Config, body: &mut Body, found: &mut Diagnostics) {
    let Some(source) = body.attribute("source").and_then(|source| source.expr.as_literal()) else {
        return;
    };
    let Some(folder) = source.as_str().map(|folder| folder.trim_start_matches("./").to_owned())
    else {
        return;
    };
    for name in engine.files.list(&folder).unwrap_or_default() {
        let path = format!("{folder}/{name}");
        if !name.ends_with(".tfmock.hcl") {
            continue;
        }
        match engine.files.read(&path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let id = config.sources.add(&path, text.as_str());
                let more = syntax::parse(id, &text, found);
                // What stands in the test file itself comes last, and so wins.
                body.blocks.splice(0..0, more.blocks);
            }
            Err(error) => found.push(diagnostics::unreadable(&path, &error.to_string())),
        }
    }
}

/// Has a provider of its own look after a resource, one that makes nothing.
fn override_resource(
    config: &mut Config,
    providers: &BTreeMap<ProviderAddr, Arc<dyn Provider>>,
    position: usize,
    (addr, values, during_plan): (ConfigResource, Option<Value>, bool),
) -> Option<Mock> {
    let resource = config.module(&addr.module)?.resources.get(&addr.resource)?;
    let real = providers.get(&config.provider_of(&addr.module, resource).provider)?.clone();
    let address = ProviderAddr {
        hostname: "override.test".into(),
        namespace: format!("n{position}").as_str().into(),
        name: real.address().name.clone(),
    };
    let name: Str = format!("override-{position}").as_str().into();
    let module = module_mut(&mut config.root, &addr.module.0)?;
    let resource = module.resources.get_mut(&addr.resource)?;
    resource.provider = Some((name.clone(), None));
    let span = resource.span;
    let requirement = Requirement {
        source: address.clone(),
        version: None,
        aliases: Vec::new(),
        explicit: true,
        span,
    };
    module.requirements.insert(name, requirement);
    let mut defaults = Defaults::new();
    let kind = Kind::from(addr.resource.mode);
    if let Some(values) = &values {
        defaults.insert((kind, addr.resource.type_name.to_string()), values.clone());
    }
    Some(Mock { real, address, defaults: Arc::new(defaults), values, during_plan })
}

fn module_mut<'m>(module: &'m mut Module, path: &[Str]) -> Option<&'m mut Module> {
    match path.split_first() {
        None => Some(module),
        Some((name, rest)) => module_mut(module.children.get_mut(name)?, rest),
    }
}

/// Empties a module but for its output values, which are as the test says, or null. Gives whether there is such a module.
fn override_module(root: &mut Module, target: &str, outputs: Option<&Value>, at: &Expr) -> bool {
    let Ok(instance) = target.parse::<infra_addrs::ModuleInstance>() else { return false };
    let Some(module) = module_mut(root, &instance.module().0) else { return false };
    for output in module.outputs.values_mut() {
        let value = outputs.and_then(|outputs| outputs.get(&output.name)).cloned();
        let value = value.unwrap_or_else(|| Value::null(infra_value::Type::Any));
        output.expr = Expr::literal(value, at.span());
        output.depends_on.clear();
        output.preconditions.clear();
    }
    module.resources.clear();
    module.calls.clear();
    module.children.clear();
    module.locals.clear();
    true
}

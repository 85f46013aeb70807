//! Mock providers and overrides: what takes the place of real objects in a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{
    Mode, ModuleInstance, ModulePath, ProviderAddr, ProviderConfig, ResourceInstance, Target,
};
use infra_diag::{Diagnostics, Span};
use infra_lang::config::{
    Config, MockProvider, Module, ModuleStandIn, Named, Override, ProviderBlock, Run, StandIn,
    TestFile,
};
use infra_lang::eval::Context;
use infra_lang::syntax::{Body, Expr, Located, Reference};
use infra_provider::{Kind, Provider};
use infra_value::{Str, Value};

use super::diagnostics;
use super::expecting::within;
use super::mocks::{Defaults, Mock};
use super::scope::TestScope;
use crate::Engine;

/// Reports overrides of what is not there.
pub(super) fn check(overrides: &[Override], config: &Config, found: &mut Diagnostics) {
    for one in overrides {
        let (target, span) = &one.target;
        let there = target.parse().is_ok_and(|target: Target| {
            let module = config.module(&target.module.module());
            module.is_some_and(|module| match &target.resource {
                None => true,
                Some((resource, _)) => module.resources.contains_key(resource),
            })
        });
        if !there {
            found.push(diagnostics::no_such_target(target, *span));
        }
    }
}

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
    // What the module knows by a name and an alias is what the file has under the same ones, unless the run says otherwise.
    let bound = |named: &Named| -> Vec<Named> {
        match &run.providers {
            None => vec![named.clone()],
            Some(passed) => {
                let theirs = passed.iter().filter(|(_, ours, _)| ours == named);
                theirs.map(|(theirs, ..)| theirs.clone()).collect()
            }
        }
    };
    let mut known: Vec<Named> = file.mocks.iter().map(|mock| mock.named.clone()).collect();
    for block in &file.providers {
        let mut body = block.body.clone();
        let alias = body.take_attribute("alias").and_then(|alias| alias.expr.as_literal());
        let alias = alias.and_then(|alias| alias.as_str().map(Str::from));
        known.push((block.labels[0].text.clone(), alias.clone()));
        for (name, alias) in bound(&(block.labels[0].text.clone(), alias)) {
            let of = ProviderConfig {
                module: ModulePath::root(),
                provider: config.root.provider_source(&name),
                alias: alias.clone(),
                key: None,
            };
            let mut problems = Diagnostics::new();
            let mut body = body.clone();
            settle(&mut body, config, scope, &mut problems);
            // Of runs that are still to come nothing needs to be known where the provider is not needed.
            match is_used(config, &of) {
                true => found.extend(problems),
                false if problems.has_errors() => continue,
                false => {}
            }
            let provider = ProviderBlock {
                name: name.clone(),
                alias: alias.clone(),
                body,
                version: None,
                for_each: None,
                span: block.header,
            };
            config.root.providers.insert((name, alias), provider);
        }
    }
    for (_, (name, alias), span) in run.providers.iter().flatten() {
        if !known.contains(&(name.clone(), alias.clone())) {
            let alias = alias.as_ref().map(|alias| format!(".{alias}")).unwrap_or_default();
            found.push(
                diagnostics::no_provider(&format!("{name}{alias}"), *span).within(within(run)),
            );
        }
    }
    let mut overrides: Vec<(Override, bool)> =
        file.overrides.iter().map(|found| (found.clone(), false)).collect();
    for (position, block) in file.mocks.iter().enumerate() {
        let mut block = block.clone();
        read_source(engine, config, &mut block, found);
        overrides.extend(block.overrides.iter().map(|found| (found.clone(), block.during_plan)));
        let mut defaults = Defaults::new();
        for mocked in &block.types {
            if let Some(expr) = &mocked.defaults {
                let value = expr.evaluate(&mut Context::new(scope, found));
                let kind = if mocked.data { Kind::Data } else { Kind::Managed };
                defaults.insert((kind, mocked.type_name.to_string()), value);
            }
        }
        for (name, alias) in bound(&block.named) {
            let of = ProviderConfig {
                module: ModulePath::root(),
                provider: config.root.provider_source(&name),
                alias,
                key: None,
            };
            let Some(real) = engine.registry.get(&of.provider).cloned() else { continue };
            let address = stand_in("mock", position, &of.provider);
            redirect(config, &of, &address);
            let mock = Mock {
                real,
                address: address.clone(),
                defaults: Arc::new(defaults.clone()),
                values: None,
                during_plan: block.during_plan,
            };
            providers.insert(address, Arc::new(mock));
        }
    }
    overrides.extend(run.overrides.iter().map(|found| (found.clone(), false)));
    // A module that is overridden has no resources left that could be.
    overrides.sort_by_key(|(block, _)| block.module);
    for (position, (block, during_plan)) in overrides.iter().enumerate() {
        let (target, span) = &block.target;
        let values =
            block.values.as_ref().map(|expr| expr.evaluate(&mut Context::new(scope, found)));
        if block.module {
            if !override_module(&mut config.root, target, values.as_ref(), *span) {
                found.push(diagnostics::no_such_target(target, *span).within(within(run)));
            }
            continue;
        }
        match target.parse::<ResourceInstance>() {
            Ok(addr) => {
                let during_plan = block.during_plan.unwrap_or(*during_plan);
                let overridden = (&addr, values, during_plan);
                match override_resource(config, &providers, position, overridden) {
                    Some(mock) => {
                        providers.insert(mock.address.clone(), Arc::new(mock));
                    }
                    None => {
                        found.push(diagnostics::no_such_target(target, *span).within(within(run)));
                    }
                }
            }
            Err(error) => found.push(diagnostics::wrong_target(&error.0, *span)),
        }
    }
    engine.registry = engine.registry.with(providers.into_values());
}

/// Evaluates what a provider block says by means of what only the test file knows: its own variables, and runs.
fn settle(body: &mut Body, config: &Config, scope: &TestScope<'_>, found: &mut Diagnostics) {
    for attribute in &mut body.attributes {
        let elsewhere = |named: &Located| match &named.reference {
            Reference::Variable(name) => !config.root.variables.contains_key(name),
            Reference::Resource(resource) => {
                resource.mode == Mode::Managed && &*resource.type_name == "run"
            }
            _ => false,
        };
        if attribute.expr.references().iter().any(elsewhere) {
            let value = attribute.expr.evaluate(&mut Context::new(scope, found));
            attribute.expr = Expr::literal(value, attribute.expr.span());
        }
    }
    for block in &mut body.blocks {
        settle(&mut block.body, config, scope, found);
    }
}

/// Whether any resource is looked after by a provider configuration.
fn is_used(config: &Config, of: &ProviderConfig) -> bool {
    config.modules().into_iter().any(|module| {
        module.blocks().any(|resource| config.provider_of(&module.path, resource).whole() == *of)
    })
}

/// The address of what takes the place of a provider.
fn stand_in(kind: &str, position: usize, real: &ProviderAddr) -> ProviderAddr {
    ProviderAddr {
        hostname: format!("{kind}.test").as_str().into(),
        namespace: format!("n{position}").as_str().into(),
        name: real.name.clone(),
    }
}

/// Has another provider look after all resources of a provider configuration.
fn redirect(config: &mut Config, of: &ProviderConfig, to: &ProviderAddr) {
    let mut found = Vec::new();
    for module in config.modules() {
        for resource in module.blocks() {
            if config.provider_of(&module.path, resource).whole() == *of {
                found.push((module.path.clone(), resource.addr.clone()));
            }
        }
    }
    for (path, addr) in found {
        let steps: Vec<_> = path.0.iter().map(|name| (name.clone(), None)).collect();
        let resource = Some((addr.clone(), None));
        let target = Target { module: ModuleInstance(steps.into()), resource };
        let module = module_mut(&mut config.root, &path.0);
        if let Some(block) = module.and_then(|module| module.block_mut(&addr)) {
            block.stand_ins.push(StandIn { target, provider: to.clone() });
        }
    }
}

/// Adds what the files say that `source` names.
fn read_source(
    engine: &Engine,
    config: &mut Config,
    block: &mut MockProvider,
    found: &mut Diagnostics,
) {
    let Some(source) = block.source.clone() else { return };
    let folder = super::run::folder(&source);
    for name in engine.files.list(folder).unwrap_or_default() {
        let path = if folder == "." { name.clone() } else { format!("{folder}/{name}") };
        if !name.ends_with(".tfmock.hcl") {
            continue;
        }
        match engine.files.read(&path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let id = config.sources.add(&path, text.as_str());
                let more = TestFile::read_mocks(id, &text, found);
                // What stands in the test file itself comes last, and so wins.
                block.types.splice(0..0, more.types);
                block.overrides.splice(0..0, more.overrides);
            }
            Err(error) => found.push(diagnostics::unreadable(&path, &error.to_string())),
        }
    }
}

/// Has a provider of its own look after a resource, or one instance, one that makes nothing.
fn override_resource(
    config: &mut Config,
    providers: &BTreeMap<ProviderAddr, Arc<dyn Provider>>,
    position: usize,
    (addr, values, during_plan): (&ResourceInstance, Option<Value>, bool),
) -> Option<Mock> {
    let resource = config.resource(&addr.config())?;
    let module = addr.module.module();
    let real = providers.get(&config.provider_of(&module, resource).provider)?.clone();
    let address = stand_in("override", position, real.address());
    let resource = Some((addr.resource.clone(), addr.key.clone()));
    let target = Target { module: addr.module.clone(), resource };
    let block = module_mut(&mut config.root, &module.0)?.resources.get_mut(&addr.resource)?;
    block.stand_ins.push(StandIn { target, provider: address.clone() });
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
fn override_module(root: &mut Module, target: &str, outputs: Option<&Value>, at: Span) -> bool {
    let Ok(instance) = target.parse::<ModuleInstance>() else { return false };
    let Some(module) = module_mut(root, &instance.module().0) else { return false };
    if instance.0.iter().any(|(_, key)| key.is_some()) {
        let outputs = outputs.cloned().unwrap_or_else(|| Value::null(infra_value::Type::Any));
        module.stand_ins.push(ModuleStandIn { instance, outputs });
        return true;
    }
    for output in module.outputs.values_mut() {
        let value = outputs.and_then(|outputs| outputs.get(&output.name)).cloned();
        let value = value.unwrap_or_else(|| Value::null(infra_value::Type::Any));
        output.expr = Expr::literal(value, at);
        output.depends_on.references.clear();
        output.preconditions.clear();
    }
    module.resources.clear();
    module.actions.clear();
    module.calls.clear();
    module.children.clear();
    module.locals.clear();
    true
}

//! Provider configurations: whether each that is asked for is there.

use infra_addrs::ProviderConfig;
use infra_diag::{Diagnostics, Span};
use infra_value::{Str, Type, convert};

use super::installed::place;
use super::scope::Place;
use super::{Checker, diagnostics, repetition};
use crate::config::{Module, ProviderBlock, Resource};
use crate::syntax::Expr;
use crate::{problems, world};

/// Reports provider configurations that are asked for, but are not there.
pub(super) fn check(checker: &Checker<'_>, diags: &mut Diagnostics) {
    for module in checker.config.modules() {
        for resource in module.blocks() {
            let addr = checker.config.provider_of(&module.path, resource);
            is_there(checker, &addr, &resource.addr, resource.span, diags);
            instance(checker, module, resource, diags);
        }
    }
    for (import, resource, addr) in checker.config.imports_to_write() {
        is_there(checker, &addr, &resource.resource, import.span, diags);
    }
}

fn is_there(
    checker: &Checker<'_>,
    addr: &ProviderConfig,
    user: &infra_addrs::Resource,
    span: Span,
    diags: &mut Diagnostics,
) {
    if addr.alias.is_some() && block_of(checker, addr).is_none() {
        diags.push(diagnostics::no_configuration(addr, user, &place(checker, span)));
    }
}

/// Reports a key where the provider configuration has no instances, and none where it has some.
fn instance(checker: &Checker<'_>, module: &Module, resource: &Resource, diags: &mut Diagnostics) {
    let (addr, key) = checker.config.provider_with_key(&module.path, resource);
    let repeated = block_of(checker, &addr).is_some_and(|(_, block)| block.for_each.is_some());
    match key {
        None if repeated => {
            let written = written(&addr.provider.name, addr.alias.as_deref());
            diags.push(diagnostics::no_provider_key(&written).at(resource.span));
        }
        Some((None, key)) if !repeated => {
            diags.push(diagnostics::provider_key_without_for_each(&addr).at(key.span()));
        }
        Some((Some(_), key)) if resource.provider_key.is_some() || !repeated => {
            diags.push(diagnostics::provider_key_without_for_each(&addr).at(key.span()));
        }
        _ => {}
    }
}

/// Checks the key that selects the instance of a provider configuration.
pub(super) fn check_key(
    checker: &Checker<'_>,
    place: &Place<'_>,
    key: Option<&Expr>,
    diags: &mut Diagnostics,
) {
    let Some(expr) = key else { return };
    let Some(value) = checker.evaluate(place, expr, diags) else { return };
    let problem = if !value.marks_deep().is_empty() {
        "is sensitive or ephemeral"
    } else if value.is_null() || convert::convert(&value, &Type::String).is_err() {
        "is not a string"
    } else {
        return;
    };
    diags.push(world::diagnostics::provider_key(problem).at(expr.span()));
}

/// The name of a configuration as it is written: `aws`, `aws.east`.
fn written(name: &str, alias: Option<&str>) -> String {
    alias.map_or(name.to_owned(), |alias| format!("{name}.{alias}"))
}

/// Reports what is wrong with the provider configurations that calls pass. `repeated` is where a call around the module
/// says that there are several of it, or that it comes after something.
pub(super) fn check_passed(module: &Module, repeated: Option<Span>, diags: &mut Diagnostics) {
    for call in module.calls.values() {
        let Some(child) = module.children.get(&call.name) else { continue };
        let several = call.count.as_ref().or(call.for_each.as_ref()).map(Expr::span);
        let several =
            several.or(call.depends_on.references.first().map(|found| found.span)).or(repeated);
        for ((name, alias), (local, local_alias, span)) in &call.providers {
            let inside = written(name, alias.as_deref());
            let block = child.providers.get(&(name.clone(), alias.clone()));
            if block.is_some_and(|block| !block.is_empty()) {
                diags.push(diagnostics::overridden_provider(&inside, child).at(*span));
            }
            let aliased = alias.as_ref().is_some_and(|alias| is_required(child, name, alias));
            let declared = (alias.is_none() && child.requirements.contains_key(name)) || aliased;
            let wanted = child.provider_source(name);
            if !declared && block.is_none_or(|block| !block.is_empty()) {
                let implied = wanted.short();
                diags.push(diagnostics::undefined_provider(&inside, child, &implied).at(*span));
            }
            let is = module.provider_source(local);
            if is != wanted {
                let wrong = diagnostics::other_provider(local, &is.short(), &wanted.short());
                diags.push(wrong.at(*span));
            }
            let here = module.providers.get(&(local.clone(), local_alias.clone()));
            let repeated = here.is_some_and(|block| block.for_each.is_some());
            if repeated && !call.provider_keys.contains_key(&(name.clone(), alias.clone())) {
                let written = written(local, local_alias.as_deref());
                diags.push(diagnostics::no_provider_key(&written).at(*span));
            }
            let configured = module.providers.get(&(local.clone(), None));
            if local_alias.is_none()
                && !module.requirements.contains_key(local)
                && configured.is_none_or(ProviderBlock::is_empty)
            {
                let short = is.short();
                diags.push(diagnostics::undefined_provider(local, module, &short).at(*span));
            }
        }
        for requirement in child.requirements.values() {
            for (name, alias) in &requirement.aliases {
                let key = (name.clone(), Some(alias.clone()));
                if !call.providers.contains_key(&key) && !child.providers.contains_key(&key) {
                    let (short, name) = (requirement.source.short(), written(name, Some(alias)));
                    let missing = diagnostics::required_configuration(&short, &name);
                    diags.push(missing.at(call.span));
                }
            }
        }
        let mut configured = false;
        for block in child.providers.values() {
            if block.is_empty() {
                diags.push(diagnostics::empty_provider(&block.name).at(block.span));
            } else {
                configured = true;
            }
        }
        if configured && several.is_some() {
            diags.push(diagnostics::legacy_module(child).at(several));
        }
        check_passed(child, several, diags);
    }
}

fn is_required(module: &Module, name: &Str, alias: &Str) -> bool {
    let aliases = module.requirements.get(name).map(|found| &found.aliases);
    aliases.is_some_and(|aliases| aliases.iter().any(|(_, required)| required == alias))
}

/// Checks the block of a provider configuration, if there is one.
pub(super) fn check_block(checker: &Checker<'_>, addr: &ProviderConfig, diags: &mut Diagnostics) {
    let Some((module, block)) = block_of(checker, addr) else { return };
    let Some(provider) = checker.installed.provider(&addr.provider) else { return };
    let outside = Place::of(module);
    repetition::check(checker, &outside, None, block.for_each.as_ref(), diags);
    same_keys(checker, module, block, diags);
    let place = Place { keyed: block.for_each.is_some(), ..outside };
    let schema = &provider.config_schema().block;
    let told = diags.len();
    let value = checker.decode(&place, &block.body, schema, diags);
    diags.address_warnings(told, addr);
    if let Some(value) = value {
        let found = provider.validate_config(&value.unmarked_deep().0);
        let found = found.into_iter().map(|problem| problems::located(problem, &block.body));
        diags.extend(found.map(|diagnostic| diagnostic.address(addr)));
    }
}

/// Warns of resources whose instances come and go with those of their provider configuration: once one is gone, nothing
/// is left that could delete its objects.
fn same_keys(
    checker: &Checker<'_>,
    module: &Module,
    block: &ProviderBlock,
    diags: &mut Diagnostics,
) {
    let Some(own) = &block.for_each else { return };
    let text = |expr: &Expr| checker.config.sources.text(expr.span());
    let same = |resource: &Resource| {
        let uses = resource.provider.as_ref() == Some(&(block.name.clone(), block.alias.clone()));
        uses && resource.for_each.as_ref().is_some_and(|other| text(other) == text(own))
    };
    if !own.references().is_empty() && module.resources.values().any(|resource| same(resource)) {
        diags.push(diagnostics::same_for_each().at(own.span()));
    }
}

fn block_of<'c>(
    checker: &Checker<'c>,
    addr: &ProviderConfig,
) -> Option<(&'c Module, &'c ProviderBlock)> {
    let module = checker.config.module(&addr.module)?;
    let matches = |(name, alias): &(Str, Option<Str>)| {
        *alias == addr.alias && module.provider_source(name) == addr.provider
    };
    let mut blocks = module.providers.iter();
    blocks.find(|(key, _)| matches(key)).map(|(_, block)| (module, block))
}

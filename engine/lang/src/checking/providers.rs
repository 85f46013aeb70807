//! Provider configurations: whether each that is asked for is there.

use infra_addrs::ProviderConfig;
use infra_diag::Diagnostics;
use infra_value::Str;

use super::scope::Place;
use super::{Checker, diagnostics};
use crate::config::{Module, ProviderBlock};

/// Reports provider configurations that are asked for, but are not there.
pub(super) fn check(checker: &Checker<'_>, diags: &mut Diagnostics) {
    for module in checker.config.modules() {
        for resource in module.resources.values() {
            let addr = checker.config.provider_of(&module.path, resource);
            if addr.alias.is_some() && block_of(checker, &addr).is_none() {
                diags.push(diagnostics::no_configuration(&addr, &resource.addr).at(resource.span));
            }
        }
    }
}

/// Checks the block of a provider configuration, if there is one.
pub(super) fn check_block(checker: &Checker<'_>, addr: &ProviderConfig, diags: &mut Diagnostics) {
    let Some((module, block)) = block_of(checker, addr) else { return };
    let Some(provider) = checker.installed.provider(&addr.provider) else {
        diags.push(diagnostics::no_provider(&addr.provider.short()).at(block.span));
        return;
    };
    let place = Place { keyed: block.for_each.is_some(), ..Place::of(module) };
    checker.decode(&place, &block.body, &provider.config_schema().block, diags);
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

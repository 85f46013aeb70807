//! Objects that got another type with their address: the provider of the new type makes one of its own of them.

use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_diag::{Diagnostics, Span};
use infra_lang::config::Config;
use infra_lang::problems;
use infra_plan::Registry;
use infra_provider::{Foreign, Kind, Provider};
use infra_state::{Attributes, InstanceState, State};

use crate::diagnostics;
use crate::moves::Moves;

/// Brings what moved from one type to another into the form of its new type.
pub(crate) fn adopt(
    config: &Config,
    registry: &Registry,
    moves: &Moves,
    state: &mut State,
) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for (now, before) in &moves.from {
        if now.resource.type_name == before.resource.type_name {
            continue;
        }
        let (Some(found), Some(old)) = (state.instance(now).cloned(), state.provider(now).cloned())
        else {
            continue;
        };
        let new = provider_of(config, now);
        let Some(provider) = registry.get(&new.provider) else {
            diags.push(diagnostics::unknown_provider(&new.provider, registry));
            continue;
        };
        let span = span_of(config, now, before);
        match adopted(&**provider, now, &Before { addr: before, provider: &old, span }, found) {
            Ok(found) => state.set_instance(now, &new, found),
            Err(found) => diags.push(found),
        }
    }
    diags
}

/// What an object was.
struct Before<'a> {
    addr: &'a ResourceInstance,
    provider: &'a ProviderConfig,
    span: Option<Span>,
}

fn adopted(
    provider: &dyn Provider,
    now: &ResourceInstance,
    before: &Before<'_>,
    mut found: InstanceState,
) -> Result<InstanceState, infra_diag::Diagnostic> {
    let type_name = &now.resource.type_name;
    let version = provider.schema(Kind::Managed, type_name).map_or(0, |schema| schema.version);
    for object in found.current.iter_mut().chain(found.deposed.values_mut()) {
        let attributes = object.to_json();
        let foreign = Foreign {
            provider: &before.provider.provider,
            type_name: &before.addr.resource.type_name,
            attributes: &attributes,
        };
        let attributes = provider
            .adopt(type_name, &foreign)
            .ok_or_else(|| diagnostics::unadopted(provider.address(), before.span))?
            .map_err(|problem| problems::unlocated(problem).at(before.span))?;
        object.attributes = Attributes::Stored((&attributes).into());
        object.schema_version = version;
        object.private = Vec::new();
        object.identity = None;
        object.sensitive = Vec::new();
    }
    Ok(found)
}

/// The provider configuration of an address: that of its block, or the one that its type implies.
fn provider_of(config: &Config, addr: &ResourceInstance) -> ProviderConfig {
    let module = addr.module.module();
    match config.resource(&addr.config()) {
        Some(block) => config.provider_of(&module, block),
        None => {
            let name = addr.resource.type_name.split('_').next().unwrap_or_default();
            config.resolve(&module, name.into(), None)
        }
    }
}

/// The `moved` block that brought an object from one type to another.
fn span_of(config: &Config, now: &ResourceInstance, before: &ResourceInstance) -> Option<Span> {
    let modules = config.modules();
    let mut blocks = modules.iter().flat_map(|module| &module.moved);
    let found = blocks.find(|block| {
        let ends = block.from.resource.as_ref().zip(block.to.resource.as_ref());
        ends.is_some_and(|((from, _), (to, _))| *from == before.resource && *to == now.resource)
    });
    found.map(|block| block.span)
}

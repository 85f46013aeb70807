//! Providers and provisioners: whether each that is needed is there.

use std::collections::BTreeSet;

use infra_addrs::ProviderAddr;
use infra_diag::{Diagnostics, Span};

use super::{Checker, diagnostics};

/// Reports each provider and provisioner once that resources need and that is not there. It has no one place; the first
/// resource that needs it is named.
pub(super) fn check(checker: &Checker<'_>, diags: &mut Diagnostics) {
    let mut missing = BTreeSet::new();
    let mut needs = |provider: ProviderAddr, user: &dyn Fn() -> String, diags: &mut Diagnostics| {
        if checker.installed.provider(&provider).is_none() && missing.insert(provider.clone()) {
            diags.push(diagnostics::no_provider(&provider.short(), &user()));
        }
    };
    let mut unknown = BTreeSet::new();
    for (import, resource, found) in checker.config.imports_to_write() {
        let user = || format!("{resource} ({})", place(checker, import.span));
        needs(found.provider, &user, diags);
    }
    for module in checker.config.modules() {
        for resource in module.blocks() {
            let provider = checker.config.provider_of(&module.path, resource).provider;
            let user = || format!("{} ({})", resource.addr, place(checker, resource.span));
            needs(provider, &user, diags);
            for provisioner in &resource.provisioners {
                let there = checker.installed.provisioner(&provisioner.ty).is_some();
                if !there && unknown.insert(provisioner.ty.clone()) {
                    diags.push(diagnostics::no_provisioner(&provisioner.ty, &user()));
                }
            }
        }
    }
}

/// File and line.
pub(super) fn place(checker: &Checker<'_>, span: Span) -> String {
    let file = checker.config.sources.get(span.source);
    file.map_or_else(String::new, |file| {
        format!("{} line {}", file.path, file.position(span.start).line)
    })
}

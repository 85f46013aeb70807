//! Providers and provisioners: whether each that is needed is there.

use std::collections::BTreeSet;

use infra_diag::{Diagnostics, Span};

use super::{Checker, diagnostics};

/// Reports each provider and provisioner once that resources need and that is not there. It has no one place; the first
/// resource that needs it is named.
pub(super) fn check(checker: &Checker<'_>, diags: &mut Diagnostics) {
    let mut missing = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    for (import, resource, found) in checker.config.imports_to_write() {
        let addr = found.provider;
        if checker.installed.provider(&addr).is_none() && missing.insert(addr.clone()) {
            let user = format!("{resource} ({})", place(checker, import.span));
            diags.push(diagnostics::no_provider(&addr.short(), &user));
        }
    }
    for module in checker.config.modules() {
        for resource in module.resources.values() {
            let addr = checker.config.provider_of(&module.path, resource).provider;
            let user = || format!("{} ({})", resource.addr, place(checker, resource.span));
            if checker.installed.provider(&addr).is_none() && missing.insert(addr.clone()) {
                diags.push(diagnostics::no_provider(&addr.short(), &user()));
            }
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

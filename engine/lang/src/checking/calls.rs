//! Module calls.

use infra_diag::Diagnostics;

use super::scope::Place;
use super::{Checker, diagnostics, providers, references, repetition};
use crate::config::{Module, ModuleCall};

/// Reports inputs that modules do not have, and those that are missing.
pub(super) fn check_inputs(checker: &Checker<'_>, diags: &mut Diagnostics) {
    for module in checker.config.modules() {
        for call in module.calls.values() {
            let Some(child) = module.children.get(&call.name) else { continue };
            let told = checker.config.deprecations.told(call);
            for attribute in &call.body.attributes {
                let Some(variable) = child.variables.get(&attribute.name) else {
                    let unknown = match call.body.json {
                        true => diagnostics::json_unknown_input(&attribute.name),
                        false => diagnostics::unknown_input(child, &attribute.name),
                    };
                    diags.push(call.body.unexpected(unknown.at(attribute.name_span)));
                    continue;
                };
                let null = attribute.expr.as_literal().is_some_and(|value| value.is_null());
                let deprecation = variable.deprecation().filter(|_| !null && told);
                diags.extend(deprecation.map(|found| found.at(attribute.expr.span())));
            }
            for block in &call.body.blocks {
                let unknown = diagnostics::unexpected_block(&block.ty).at(block.ty_span);
                diags.push(call.body.unexpected(unknown));
            }
            for variable in child.variables.values() {
                if variable.default.is_none() && call.body.attribute(&variable.name).is_none() {
                    diags.push(diagnostics::missing_input(&variable.name).at(call.body.open));
                }
            }
        }
    }
}

pub(super) fn check_call(
    checker: &Checker<'_>,
    module: &Module,
    call: &ModuleCall,
    diags: &mut Diagnostics,
) {
    let place = Place::of(module);
    let (count, for_each) = (call.count.as_ref(), call.for_each.as_ref());
    repetition::check(checker, &place, count, for_each, diags);
    references::check_depends_on(checker, &place, &call.depends_on, diags);
    let inside = Place { counted: count.is_some(), keyed: for_each.is_some(), ..place };
    for key in call.provider_keys.values() {
        providers::check_key(checker, &inside, Some(key), diags);
    }
}

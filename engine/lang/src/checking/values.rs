//! Input variables, local values, output values.

use infra_diag::Diagnostics;
use infra_value::{Marks, Type, Value, convert};

use super::conditions::{self, Owner};
use super::scope::Place;
use super::{Checker, diagnostics, references};
use crate::config::{Local, Module, Output, Variable};
use crate::syntax::Reference;
use crate::world;

/// Local values that are made from themselves.
pub(super) fn check_self_references(checker: &Checker<'_>, diags: &mut Diagnostics) {
    for module in checker.config.modules() {
        for local in module.locals.values() {
            let itself = local.expr.references().iter().any(
                |found| matches!(&found.reference, Reference::Local(name) if *name == local.name),
            );
            if itself {
                diags.push(diagnostics::local_of_itself(&local.name).at(local.expr.span()));
            }
        }
    }
}

pub(super) fn check_local(
    checker: &Checker<'_>,
    module: &Module,
    local: &Local,
    diags: &mut Diagnostics,
) {
    if let Some(value) = checker.evaluate(&Place::of(module), &local.expr, diags) {
        checker.locals.borrow_mut().insert((module.path.clone(), local.name.clone()), value);
    }
}

/// What a call passes for a variable, and whether validations can hold.
pub(super) fn check_variable(
    checker: &Checker<'_>,
    module: &Module,
    variable: &Variable,
    diags: &mut Diagnostics,
) {
    let marks = world::marks(variable.sensitive, variable.ephemeral);
    let mut value = Value::unknown(variable.ty.without_optional());
    let mut place_of_value = variable.span;
    if let Some((parent, call)) = module.path.parent()
        && let Some(caller) = checker.config.module(&parent)
        && let Some(call) = caller.calls.get(call)
    {
        // Which instances there are is said by the call itself.
        let place = Place { counted: true, keyed: true, ..Place::of(caller) };
        match call.body.attribute(&variable.name) {
            Some(written) => {
                let span = written.expr.span();
                place_of_value = span;
                let Some(given) = checker.evaluate(&place, &written.expr, diags) else { return };
                if given.marks().contains(Marks::EPHEMERAL) && !variable.ephemeral {
                    diags.push(diagnostics::ephemeral_input().at(span));
                    return;
                }
                if given.is_null() && !variable.nullable {
                    match &variable.default {
                        Some(default) => value = default.clone(),
                        None => {
                            diags.push(diagnostics::null_input(&module.path, variable).at(span));
                            return;
                        }
                    }
                } else {
                    match convert::convert(&variable.defaults.apply(given), &variable.ty) {
                        Ok(given) => value = given,
                        Err(error) => {
                            let problem = error.to_string();
                            let wrong = diagnostics::wrong_input(&module.path, variable, &problem);
                            diags.push(wrong.at(span));
                            return;
                        }
                    }
                }
            }
            None => value = variable.default.clone().unwrap_or(value),
        }
    }
    let own = Some((variable.name.clone(), value.marked(marks)));
    let place = Place { own, ..Place::of(module) };
    for validation in &variable.validations {
        let condition = &validation.condition;
        let result = checker.evaluate(&place, condition, diags);
        let message = checker.evaluate(&place, &validation.error_message, diags);
        let Some(result) = result.filter(Value::is_known) else { continue };
        match convert::convert(&result, &Type::Bool) {
            Err(error) => {
                let wrong = diagnostics::wrong_validation(&format!(
                    "Invalid validation condition result value: {error}."
                ));
                diags.push(wrong.at(condition.span()));
            }
            Ok(result) if result.is_null() => {
                diags.push(diagnostics::null_validation().at(condition.span()));
            }
            // Planning tells of it, once it is known what to say.
            Ok(_) if message.as_ref().is_some_and(|text| !text.is_known()) => {}
            Ok(result) if result.as_bool() == Some(false) => {
                let text = message.filter(|text| !text.is_sensitive());
                let text = text.as_ref().and_then(|text| text.as_str()).map(str::to_owned);
                diags.push(diagnostics::invalid_input(text).at(place_of_value));
            }
            Ok(_) => {}
        }
    }
}

pub(super) fn check_output(
    checker: &Checker<'_>,
    module: &Module,
    output: &Output,
    diags: &mut Diagnostics,
) {
    let place = Place::of(module);
    references::check_depends_on(checker, &place, &output.depends_on, diags);
    let before = diags.len();
    conditions::check(checker, &place, &output.preconditions, Owner::Output, diags);
    if diags.failed_since(before) {
        return;
    }
    let root = module.path.is_root();
    if output.ephemeral && root {
        diags.push(diagnostics::ephemeral_root_output().at(output.span));
        return;
    }
    let Some(value) = checker.evaluate(&place, &output.expr, diags) else { return };
    let (_, nested) = value.unmarked_paths();
    let marks = nested.iter().fold(value.marks(), |all, (_, marks)| all | *marks);
    if marks.contains(Marks::EPHEMERAL) && !output.ephemeral {
        diags.push(diagnostics::ephemeral_output().at(output.expr.span()));
    }
    if output.ephemeral && !marks.contains(Marks::EPHEMERAL) && value.is_known() {
        diags.push(diagnostics::stored_output().at(output.expr.span()));
    }
    if root && marks.contains(Marks::SENSITIVE) && !output.sensitive {
        diags.push(diagnostics::sensitive_output().at(output.span));
    }
}

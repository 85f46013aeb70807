//! Conditions of resources, outputs and checks.

use infra_diag::{Diagnostics, Span};
use infra_value::{Marks, Type, Value, convert};

use super::scope::Place;
use super::{Checker, diagnostics, references};
use crate::config::Condition;
use crate::syntax::{Expr, Kind, Reference};

/// What has the conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A resource, whose conditions are judged when it is planned.
    Resource,
    /// A `check` block, likewise.
    Check,
    /// An output, whose conditions are judged at once as far as they are known.
    Output,
}

pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    conditions: &[Condition],
    owner: Owner,
    diags: &mut Diagnostics,
) {
    for condition in conditions {
        let parts = [&condition.condition, &condition.error_message];
        let mut lost = parts.map(|part| references::lose_scope(checker, place, part));
        if owner != Owner::Resource {
            lost = [lost[0] || lost[1]; 2];
        }
        let [test, message] = [0, 1].map(|at| {
            // The conditions of a check are evaluated only once everything is there.
            if at == 0 && owner == Owner::Check {
                references::check(checker, place, parts[at], diags);
                return None;
            }
            let value = checker.evaluate(place, parts[at], diags);
            unknown_names(place, parts[at], lost[at], diags);
            value.filter(|_| !lost[at])
        });
        if owner != Owner::Resource {
            judge(condition, test, message, diags);
        }
    }
}

/// Reports the names that Terraform does not find any more: where a reference is wrong, it goes on with a scope that lacks
/// that object, or has `lost` all of them. What is only tried may fail.
fn unknown_names(place: &Place<'_>, part: &Expr, lost: bool, diags: &mut Diagnostics) {
    let mut tried = Vec::new();
    part.visit(&mut |expr| {
        let name = match expr.kind() {
            Kind::Call { name, .. } => name.trim_start_matches("core::"),
            _ => "",
        };
        if matches!(name, "try" | "can") {
            tried.push(expr.span());
        }
    });
    part.visit(&mut |expr| {
        let unknown = match expr.kind() {
            Kind::Reference { reference: Reference::SelfObject, .. } => {
                lost || place.this.is_none()
            }
            Kind::Reference { .. } => lost,
            Kind::Invalid { words, .. } => references::nameless(&words.root).is_none(),
            _ => false,
        };
        let within =
            |at: Span| tried.iter().any(|call| call.start <= at.start && at.end <= call.end);
        let words = expr.words().filter(|words| unknown && !within(words.root_span));
        if let Some(words) = words {
            diags.push(diagnostics::unknown_name(&words.root).at(words.root_span));
        }
    });
}

/// What can be said of a condition and of its message already.
fn judge(
    condition: &Condition,
    test: Option<Value>,
    message: Option<Value>,
    diags: &mut Diagnostics,
) {
    let Some(message) = message else { return };
    let span = condition.error_message.span();
    let before = diags.len();
    match convert::convert(&message, &Type::String) {
        Err(error) => diags.push(diagnostics::wrong_message(&error.to_string()).at(span)),
        Ok(text) if text.is_null() => {
            diags.push(diagnostics::wrong_message("it must not be null").at(span));
        }
        Ok(text) if !text.is_known() => {}
        Ok(text) if text.is_sensitive() => {
            diags.push(diagnostics::sensitive_message().at(span));
        }
        Ok(text) if text.marks().contains(Marks::EPHEMERAL) => {
            diags.push(diagnostics::ephemeral_message().at(span));
        }
        Ok(_) => {}
    }
    let Some(test) = test else { return };
    let problem = match convert::convert(&test, &Type::Bool) {
        Err(error) => Some(error.to_string()),
        Ok(test) if test.is_null() => Some("it is null".to_owned()),
        Ok(test) => {
            if test.as_bool() == Some(false) && !diags.failed_since(before) {
                let text = message.as_str().filter(|_| !message.is_sensitive());
                let failed = diagnostics::failed_precondition(text.unwrap_or_default());
                diags.push(failed.at(condition.condition.span()));
            }
            None
        }
    };
    if let Some(problem) = problem {
        diags.push(diagnostics::wrong_condition_result(&problem).at(condition.condition.span()));
    }
}

//! The assertions of a run.

use infra_diag::{Diagnostic, Diagnostics};
use infra_lang::config::Run;
use infra_lang::eval::{Context, Scope as _, described};
use infra_lang::syntax::{Expr, Reference};
use infra_lang::world::World;
use infra_value::{Type, Value, convert};

use super::diagnostics;
use super::scope::TestScope;

/// What is wrong with what came of a run.
pub(super) fn assert(run: &Run, world: &World, scope: &TestScope<'_>) -> Diagnostics {
    let within = format!("run \"{}\"", run.name);
    let mut found = Diagnostics::new();
    for assert in &run.asserts {
        let mut problems = Diagnostics::new();
        // References come first: one that is wrong would only be told of again.
        let parts = [&assert.condition, &assert.error_message];
        for located in parts.iter().flat_map(|part| part.references()) {
            // What a module lacks is told where it is evaluated.
            let attr = located.attr.as_deref();
            let attr = attr.filter(|_| !matches!(located.reference, Reference::Module(_)));
            let key = located.key.as_ref();
            let wrong = scope.value(&located.reference, key, attr).err();
            problems.extend(wrong.map(|wrong| wrong.at(located.span)));
        }
        world.take_diagnostics();
        if !problems.has_errors() {
            let text = message(&assert.error_message, scope, &mut problems);
            let value = assert.condition.evaluate(&mut Context::new(scope, &mut problems));
            problems.extend(world.take_diagnostics());
            if !problems.has_errors() {
                problems.extend(judge(&value, &assert.condition, text, scope));
            }
        }
        found.extend(problems.into_iter().map(|problem| match problem.within {
            None => problem.within(within.clone()),
            Some(_) => problem,
        }));
    }
    found
}

/// The text of an error message, which is evaluated whether it is needed or not.
fn message(expr: &Expr, scope: &TestScope<'_>, found: &mut Diagnostics) -> String {
    let before = found.len();
    let value = expr.evaluate(&mut Context::new(scope, found));
    if found.failed_since(before) {
        return String::new();
    }
    if value.is_sensitive() {
        found.push(diagnostics::sensitive_message(expr.span()));
        return diagnostics::HIDDEN_MESSAGE.to_owned();
    }
    let problem = match convert::convert(&value, &Type::String) {
        Ok(text) if text.is_null() => "must not be null".to_owned(),
        Ok(text) => return text.as_str().unwrap_or(diagnostics::UNKNOWN_MESSAGE).to_owned(),
        Err(error) => error.to_string(),
    };
    found.push(diagnostics::wrong_message(&problem, expr.span()));
    String::new()
}

fn judge(value: &Value, condition: &Expr, text: String, scope: &TestScope<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let span = condition.span();
    let (value, _) = value.clone().unmarked_deep();
    if !value.is_known() {
        found.push(diagnostics::unknown_condition(span));
        return found;
    }
    match convert::convert(&value, &Type::Bool).map(|value| value.as_bool()) {
        Ok(Some(true)) => {}
        Ok(Some(false)) => {
            let failed = diagnostics::assertion_failed(text, span);
            found.push(Diagnostic { values: described(condition, scope), ..failed });
        }
        Ok(None) => found.push(diagnostics::wrong_condition("it is null", span)),
        Err(error) => found.push(diagnostics::wrong_condition(&error.to_string(), span)),
    }
    found
}

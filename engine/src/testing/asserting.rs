//! The assertions of a run.

use infra_diag::{Diagnostic, Diagnostics};
use infra_lang::config::Run;
use infra_lang::eval::{Context, Scope as _};
use infra_lang::syntax::{Expr, Located};
use infra_lang::world::World;
use infra_value::{Type, Value, convert, print};

use super::diagnostics;
use super::scope::TestScope;

/// What is wrong with what came of a run.
pub(super) fn assert(run: &Run, world: &World, scope: &TestScope<'_>) -> Diagnostics {
    let within = format!("run \"{}\"", run.name);
    let mut found = Diagnostics::new();
    for assert in &run.asserts {
        let mut problems = Diagnostics::new();
        let value = assert.condition.evaluate(&mut Context::new(scope, &mut problems));
        problems.extend(world.take_diagnostics());
        if !problems.has_errors() {
            let failed = judge(&value, &assert.condition, &assert.error_message, scope);
            problems.extend(failed);
        }
        found.extend(problems.into_iter().map(|problem| match problem.within {
            None => problem.within(within.clone()),
            Some(_) => problem,
        }));
    }
    found
}

fn judge(value: &Value, condition: &Expr, message: &Expr, scope: &TestScope<'_>) -> Diagnostics {
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
            let text = message.evaluate(&mut Context::new(scope, &mut found));
            if text.is_sensitive() {
                found.push(diagnostics::sensitive_message(message.span()));
            }
            let text = match text.as_str().filter(|_| !text.is_sensitive()) {
                Some(text) => text.to_owned(),
                None => diagnostics::HIDDEN_MESSAGE.to_owned(),
            };
            let failed = diagnostics::assertion_failed(text, span);
            found.push(
                condition
                    .references()
                    .iter()
                    .fold(failed, |failed, reference| seen(failed, reference, scope)),
            );
        }
        Ok(None) => found.push(diagnostics::wrong_condition("it is null", span)),
        Err(error) => found.push(diagnostics::wrong_condition(&error.to_string(), span)),
    }
    found
}

/// Says what a reference in a condition was.
fn seen(diagnostic: Diagnostic, located: &Located, scope: &TestScope<'_>) -> Diagnostic {
    let (key, attr) = (located.key.as_ref(), located.attr.as_deref());
    let Ok(value) = scope.value(&located.reference, key, attr) else { return diagnostic };
    let key = key.map(ToString::to_string).unwrap_or_default();
    match value.data() {
        infra_value::Data::Object(_) | infra_value::Data::Map(..) => diagnostic,
        _ => diagnostic.value(
            format!("{}{key}", located.reference),
            format!("is {}", print::redacted(&value)),
        ),
    }
}

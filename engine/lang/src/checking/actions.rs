//! Actions, and the triggers that name them.

use infra_addrs::ConfigResource;
use infra_diag::{Diagnostic, Diagnostics};
use infra_value::{Marks, Type, Value, convert};

use super::scope::Place;
use super::{Checker, diagnostics};
use crate::config::{Trigger, Triggered};

/// Checks the triggers of a resource.
pub(super) fn check(checker: &Checker<'_>, addr: &ConfigResource, diags: &mut Diagnostics) {
    let Some(module) = checker.config.module(&addr.module) else { return };
    let Some(resource) = module.block(&addr.resource) else { return };
    let (counted, keyed) = (resource.count.is_some(), resource.for_each.is_some());
    let place = Place { counted, keyed, ..Place::of(module) };
    for Trigger { condition, actions, .. } in &resource.lifecycle.triggers {
        if let Some(condition) = condition
            && let Some(value) = checker.evaluate(&place, condition, diags)
            && let Err(Some(wrong)) = trigger_holds(&value)
        {
            diags.push(wrong.at(condition.span()));
        }
        for triggered in actions {
            self::triggered(checker, &place, triggered, diags);
        }
    }
}

fn triggered(
    checker: &Checker<'_>,
    place: &Place<'_>,
    triggered: &Triggered,
    diags: &mut Diagnostics,
) {
    let Triggered { action, key, span } = triggered;
    let Some(block) = place.module.block(action) else {
        diags.push(diagnostics::undeclared_action(place.module, action).at(*span));
        return;
    };
    let repeated = block.count.is_some() || block.for_each.is_some();
    match key {
        None if repeated => diags.push(diagnostics::action_key_needed(action).at(*span)),
        Some(_) if !repeated => diags.push(diagnostics::unexpected_action_key(action).at(*span)),
        Some(key) => {
            checker.evaluate(place, key, diags);
        }
        None => {}
    }
}

/// Whether actions are invoked by what their condition is. What is wrong with it otherwise; nothing if it is not known.
pub fn trigger_holds(condition: &Value) -> Result<bool, Option<Diagnostic>> {
    let marks = condition.marks_deep();
    if marks.contains(Marks::SENSITIVE) {
        return Err(Some(diagnostics::marked_trigger("sensitive")));
    }
    if marks.contains(Marks::EPHEMERAL) {
        return Err(Some(diagnostics::marked_trigger("ephemeral")));
    }
    let value = convert::convert(condition, &Type::Bool)
        .map_err(|error| Some(diagnostics::wrong_trigger(&error.to_string())))?;
    if value.is_null() {
        return Err(Some(diagnostics::wrong_trigger("it is null")));
    }
    value.as_bool().ok_or(None)
}

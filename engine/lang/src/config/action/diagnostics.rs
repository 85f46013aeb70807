//! What is wrong with triggers of actions.

use infra_diag::Diagnostic;

use super::TriggerEvent;

pub(super) fn wrong_event(word: &str) -> Diagnostic {
    if matches!(word, "before_destroy" | "after_destroy") {
        return Diagnostic::error("Invalid destroy event used").detail(
            "No actions can be invoked when an object is destroyed: the events before_destroy and after_destroy are not \
             supported.",
        );
    }
    let known = TriggerEvent::ALL.map(TriggerEvent::word);
    Diagnostic::error(format!("Invalid \"event\" value {word}"))
        .detail(format!(
            "The \"events\" argument supports the following values: {}.",
            known.join(", ")
        ))
        .suggest(word, known)
}

pub(super) fn event_twice(word: &str) -> Diagnostic {
    Diagnostic::error("Duplicate event").detail(format!(
        "The event {word} is listed before. One action is invoked once at an event."
    ))
}

pub(super) fn action_needed() -> Diagnostic {
    Diagnostic::error("Invalid action argument inside action_triggers").detail(
        "The \"actions\" argument accepts only references to actions of this module, such as action.type.name, \
         action.type.name[0] or action.type.name[each.key].",
    )
}

pub(super) fn empty_trigger(name: &str) -> Diagnostic {
    let (summary, what) = match name {
        "events" => ("No events specified", "event"),
        _ => ("No actions specified", "action"),
    };
    Diagnostic::error(summary)
        .detail(format!("At least one {what} must be specified for an action_trigger."))
}

pub(super) fn self_in_trigger() -> Diagnostic {
    Diagnostic::error("Self reference not allowed").detail(
        "The condition of an action_trigger cannot refer to \"self\". Name the resource in full, such as type.name.",
    )
}

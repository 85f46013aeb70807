//! The diagnostics of testing, all texts on one page.

use infra_diag::{Diagnostic, Span};
use infra_lang::config::Config;

pub(super) fn unreadable(path: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read test file").detail(format!("{path}: {problem}."))
}

pub(super) fn no_folder(path: &str) -> Diagnostic {
    Diagnostic::warning("Test directory does not exist")
        .detail(format!("Requested test directory {path} does not exist."))
}

pub(super) fn no_module(path: &str) -> Diagnostic {
    Diagnostic::error("Module not installed")
        .detail(format!("There is no folder {path} that could be tested."))
}

pub(super) fn wrong_target(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid target")
        .detail(format!(
            "The target is the address of a resource, a data source or a module: {problem}."
        ))
        .at(span)
}

pub(super) fn no_such_target(target: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("Invalid override target")
        .detail(format!(
            "There is no {target} in the configuration under test. Either its address is wrong, or nothing needs to be \
             overridden."
        ))
        .at(span)
}

pub(super) fn undeclared_variable(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("Value for undeclared variable")
        .detail(format!("The module under test does not declare a variable named \"{name}\"."))
        .at(span)
}

pub(super) fn no_value(name: &str) -> Diagnostic {
    Diagnostic::error("No value for required variable").detail(format!(
        "The module under test needs a value for the input variable \"{name}\": set it in a variables block of the test file or \
         of the run, or with -var."
    ))
}

/// A run that has no output values here: there is none of that name, or it is not over yet.
pub(super) fn no_run(name: &str, later: bool, asserting: bool) -> Diagnostic {
    let summary = match (later, asserting) {
        (true, true) => "Reference to unevaluated run block",
        (true, false) => "Reference to unavailable run block",
        (false, true) => "Reference to undeclared run block",
        (false, false) => "Reference to unknown run block",
    };
    Diagnostic::error(summary).detail(format!(
        "There is no run \"{name}\" before this one whose output values could be used."
    ))
}

pub(super) fn unknown_argument(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Reference to unknown value")
        .detail(format!(
            "The value of \"{name}\" is known only after apply: it comes of a run that only plans. Let that run apply, or \
             give the variable another value."
        ))
        .at(span)
}

pub(super) fn no_variable(name: &str) -> Diagnostic {
    Diagnostic::error("Reference to unavailable variable").detail(format!(
        "There is no value for \"{name}\" here: set it in the file's variables block, or with -var."
    ))
}

pub(super) fn unavailable(what: &str) -> Diagnostic {
    Diagnostic::error("Invalid reference").detail(format!(
        "{what} is not available here: only var and run can be used outside of assertions."
    ))
}

pub(super) fn no_provider(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("Missing provider definition for {name}"))
        .detail(
            "The test file has no provider and no mock_provider block of that name, so it cannot be passed on.",
        )
        .at(span)
}

pub(super) fn wrong_message(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid error message")
        .detail(format!("Unsuitable value for error message: {problem}."))
        .at(span)
}

/// The title of an assertion that does not hold.
pub(super) const ASSERTION: &str = "Test assertion failed";

/// Stands for a message that must not be shown.
pub(super) const HIDDEN_MESSAGE: &str =
    "The error message included a sensitive value, so it will not be displayed.";

/// Stands for a message that is not known while planning.
pub(super) const UNKNOWN_MESSAGE: &str = "The error message is known after apply.";

pub(super) fn sensitive_message(span: Span) -> Diagnostic {
    Diagnostic::warning("Error message refers to sensitive values")
        .detail(
            "The message is not shown, since it contains something sensitive. Leave that out, or use nonsensitive() \
             where the message tells nothing of it.",
        )
        .at(span)
}

pub(super) fn assertion_failed(message: String, span: Span) -> Diagnostic {
    Diagnostic::error(ASSERTION).detail(message).at(span)
}

pub(super) fn unknown_condition(span: Span) -> Diagnostic {
    Diagnostic::error("Unknown condition value").detail(
        "The condition depends on values that are known after apply only, so it cannot be checked in a run that plans. Set \
         command = apply, or assert something that is known.",
    ).at(span)
}

pub(super) fn wrong_condition(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid condition run")
        .detail(format!("The condition must be true or false: {problem}."))
        .at(span)
}

pub(super) fn missing_failure(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Missing expected failure")
        .detail(format!(
            "The checkable object {what} was expected to report an error, but it did not."
        ))
        .at(span)
}

pub(super) fn not_checkable(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid `expect_failures` reference")
        .detail(format!(
            "Nothing can fail in {what}. Failures can be expected of checkable objects: input variables, output values, check \
             blocks, managed resources and data sources."
        ))
        .at(span)
}

pub(super) fn failed_while_planning(what: &str) -> Diagnostic {
    Diagnostic::warning("Expected failure while planning").detail(format!(
        "A condition of {what} does not hold. That was expected, but it kept the run from being applied, so the run failed: \
         set command = plan to expect failures that already planning tells."
    ))
}

pub(super) fn no_output(name: &str, config: &Config) -> Diagnostic {
    Diagnostic::error("Reference to undeclared output value")
        .detail(format!("The module under test has no output value named \"{name}\"."))
        .suggest(name, config.root.outputs.keys().map(|name| &**name))
}

pub(super) fn no_element(key: &infra_addrs::InstanceKey) -> Diagnostic {
    Diagnostic::error("Invalid index").detail(format!(
        "The given key does not identify an element in this collection value: there is no {key}."
    ))
}

pub(super) fn incomplete() -> Diagnostic {
    Diagnostic::warning("Applied changes may be incomplete").detail(
        "The run was limited by target, so the configuration may ask for more than what was applied.",
    )
}

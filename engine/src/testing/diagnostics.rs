//! The diagnostics of testing, all texts on one page.

use infra_diag::{Diagnostic, Span};
use infra_lang::config::Config;

pub(super) fn unreadable(path: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read test file").detail(format!("{path}: {problem}."))
}

pub(super) fn unknown_block(name: &str, span: Span) -> Diagnostic {
    let known = [
        "run",
        "variables",
        "provider",
        "mock_provider",
        "override_resource",
        "override_data",
        "override_module",
        "test",
    ];
    Diagnostic::error("Unsupported block type")
        .detail(format!("Blocks of type \"{name}\" are not expected here."))
        .suggest(name, known)
        .at(span)
}

pub(super) fn missing(name: &str, block: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Missing required argument")
        .detail(format!("The argument \"{name}\" is required in a {block} block."))
        .at(span)
}

pub(super) fn wrong_command(span: Span) -> Diagnostic {
    Diagnostic::error("Invalid command").detail("The command of a run is plan or apply.").at(span)
}

pub(super) fn duplicate_run(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Duplicate \"run\" block names")
        .detail(format!("There is a run \"{name}\" in this file already."))
        .at(span)
}

pub(super) fn unnamed_run(span: Span) -> Diagnostic {
    Diagnostic::error("Missing name for run").detail("A run block has a label: its name.").at(span)
}

pub(super) fn wrong_target(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid target")
        .detail(format!(
            "The target is the address of a resource, a data source or a module: {problem}."
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

pub(super) fn unknown_run(name: &str) -> Diagnostic {
    Diagnostic::error("Reference to unknown run block").detail(format!(
        "There is no run \"{name}\" before this one whose output values could be used."
    ))
}

pub(super) fn unavailable(what: &str) -> Diagnostic {
    Diagnostic::error("Reference to unavailable object").detail(format!(
        "{what} is not available here: only var and run can be used outside of assertions."
    ))
}

pub(super) fn assertion_failed(message: String, span: Span) -> Diagnostic {
    Diagnostic::error("Test assertion failed").detail(message).at(span)
}

pub(super) fn unknown_condition(span: Span) -> Diagnostic {
    Diagnostic::error("Unknown condition value").detail(
        "The condition depends on values that are known after apply only, so it cannot be checked in a run that plans. Set \
         command = apply, or assert something that is known.",
    ).at(span)
}

pub(super) fn wrong_condition(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid condition result")
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

pub(super) fn left_over(addresses: &[String]) -> Diagnostic {
    let mut detail =
        String::from("These objects could not be destroyed, and nothing tracks them any more:");
    for addr in addresses {
        detail.push_str(&format!("\n  - {addr}"));
    }
    Diagnostic::error("Objects left behind by the tests").detail(detail)
}

pub(super) fn no_output(name: &str, config: &Config) -> Diagnostic {
    Diagnostic::error("Reference to undeclared output value")
        .detail(format!("The module under test has no output value named \"{name}\"."))
        .suggest(name, config.root.outputs.keys().map(|name| &**name))
}

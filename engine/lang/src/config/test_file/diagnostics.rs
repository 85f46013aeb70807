//! The diagnostics of test files.

use infra_diag::Diagnostic;

pub(super) fn duplicate_run(name: &str) -> Diagnostic {
    Diagnostic::error("Duplicate \"run\" block names")
        .detail(format!("There is a run \"{name}\" in this file already."))
}

pub(super) fn keyword(name: &str, words: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid \"{name}\" keyword")).detail(format!(
        "The \"{name}\" argument requires one of the following keywords without quotes: {words}."
    ))
}

pub(super) fn refresh_only_without_refresh() -> Diagnostic {
    Diagnostic::error("Incompatible plan options").detail(
        "The \"refresh\" option cannot be set to false when running a test in \"refresh-only\" mode.",
    )
}

pub(super) fn refresh_only_with_replace() -> Diagnostic {
    Diagnostic::error("Incompatible plan options").detail(
        "The \"replace\" option cannot be set when running a test in \"refresh-only\" mode.",
    )
}

pub(super) fn second_block(ty: &str, place: &str) -> Diagnostic {
    Diagnostic::error(format!("Multiple \"{ty}\" blocks"))
        .detail(format!("This {place} already has a {ty} block: it can have only one."))
}

pub(super) fn no_source() -> Diagnostic {
    Diagnostic::error("Missing \"source\" attribute for module block")
        .detail("A run that tests another module must say where that is.")
}

pub(super) fn duplicate_provider(name: &str) -> Diagnostic {
    Diagnostic::error("Duplicate provider block")
        .detail(format!("This file already has a configuration of that name for {name}."))
}

pub(super) fn duplicate_mock(block: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate {block} block"))
        .detail(format!("There is a {block} block for {name} here already."))
}

pub(super) fn override_target(wanted: &str, block: &str, target: &str) -> Diagnostic {
    Diagnostic::error("Invalid override target")
        .detail(format!("You can only target {wanted} from {block} blocks, not {target}."))
}

pub(super) fn no_override_target(block: &str) -> Diagnostic {
    Diagnostic::error("Missing target attribute")
        .detail(format!("{block} blocks must specify a target address."))
}

pub(super) fn duplicate_override(block: &str, target: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate {block} block"))
        .detail(format!("There is a block {block} for {target} here already."))
}

pub(super) fn override_values(block: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid {name} attribute"))
        .detail(format!("{block} blocks must specify a {name} attribute that is an object."))
}

pub(super) fn override_during() -> Diagnostic {
    Diagnostic::error("Invalid override_during value")
        .detail("The override_during attribute must be a value of plan or apply.")
}

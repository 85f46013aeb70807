//! The diagnostics of applying, all texts on one page.

use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_diag::{Diagnostic, Span};
use infra_lang::config::Resource;
use infra_provider::Problem;
use infra_value::Path;

pub(crate) fn circular_steps() -> Diagnostic {
    Diagnostic::error("Cycle").detail(
        "The changes of this plan wait for each other. This can happen when what is in the state depends on what the \
         configuration now puts after it. Apply in two steps: first what does not depend on the rest, with -target.",
    )
}

pub(crate) fn interrupted() -> Diagnostic {
    Diagnostic::error("Apply interrupted").detail(
        "It was stopped before all changes were made. What was under way was finished, and the state holds all that \
         exists. Apply again to go on.",
    )
}

pub(crate) fn no_provider(config: &ProviderConfig) -> Diagnostic {
    Diagnostic::error("Provider not available").detail(format!(
        "The plan needs the provider {}, which is not built in.",
        config.provider.short()
    ))
}

pub(crate) fn no_provisioner(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Provisioner not available")
        .detail(format!("There is no provisioner \"{name}\" in this build."))
        .at(span)
}

pub(crate) fn provisioner_interrupted(name: &str) -> Problem {
    let summary = match name {
        "local-exec" => "local-exec provisioner error",
        "remote-exec" => "remote-exec provisioner error",
        _ => "Provisioner error",
    };
    Problem::error(summary, "The run was interrupted, and the provisioner was ended with it.")
}

pub(crate) fn action_interrupted() -> Problem {
    Problem::error(
        "Action interrupted",
        "The run was interrupted, and the action was ended with it.",
    )
}

pub(crate) fn still_unknown(block: &Resource, addr: &ResourceInstance, path: &Path) -> Diagnostic {
    Diagnostic::error("Configuration contains unknown value")
        .detail(format!(
            "The value of \"{path}\" is not known although all that {addr} depends on has been applied. This is a bug \
             in infra or in a provider."
        ))
        .at(block.span)
        .address(addr)
}

pub(crate) fn journal(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("Failed to write the journal").detail(format!(
        "Before each change, and as soon as an object exists, a line is written beside the state, so that nothing is \
         lost if this process is killed. That failed: {error}. No further change is begun that could not be recorded."
    ))
}

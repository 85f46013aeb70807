//! The diagnostics of this crate, all texts on one page.

use infra_diag::Diagnostic;
use infra_lang::config::Source;

pub(crate) fn not_copied(source: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to copy source module")
        .detail(format!("The module \"{source}\" could not be copied: {problem}."))
}

pub(crate) fn not_fetched(name: &str, source: &Source, problem: &str) -> Diagnostic {
    let summary = match source {
        Source::Registry { .. } if problem.starts_with("no version") => {
            "Unresolvable module version constraint"
        }
        Source::Registry { .. } if problem.starts_with("there is no module") => "Module not found",
        Source::Registry { .. } => "Error accessing remote module registry",
        _ => "Failed to download module",
    };
    Diagnostic::error(summary)
        .detail(format!("The module \"{name}\" could not be fetched from \"{source}\": {problem}."))
}

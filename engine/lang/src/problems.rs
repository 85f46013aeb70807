//! Problems of a provider as diagnostics: the engine knows where an argument was written, the provider does not.

use infra_diag::Diagnostic;
use infra_provider::Problem;

use crate::eval;
use crate::syntax::Body;

/// A provider's problem with its place: the argument that it names, or else where the block opens.
pub fn located(problem: Problem, body: &Body) -> Diagnostic {
    let span = if problem.path.0.is_empty() { None } else { eval::span_of(body, &problem.path) };
    unlocated(problem).at(span.unwrap_or(body.open))
}

/// A provider's problem with its place, if what it is about has a block.
pub fn placed(problem: Problem, body: Option<&Body>) -> Diagnostic {
    match body {
        Some(body) => located(problem, body),
        None => unlocated(problem),
    }
}

/// A provider's problem about something that stands in no file.
pub fn unlocated(problem: Problem) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(problem.summary).detail(problem.detail);
    diagnostic.severity = problem.severity;
    diagnostic
}

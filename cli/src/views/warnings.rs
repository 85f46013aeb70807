//! Warnings in brief.

use infra_engine::diag::{Diagnostic, Sources};

use super::paint::Paint;

/// A line for each summary, with the first place and the number of others.
pub(crate) fn compact(warnings: &[&Diagnostic], sources: &Sources, paint: Paint) -> String {
    let mut text = format!("\n{}\n\n", paint.bold(&paint.yellow("Warnings:")));
    let mut told: Vec<&str> = Vec::new();
    for warning in warnings {
        if told.contains(&&*warning.summary) {
            continue;
        }
        told.push(&warning.summary);
        text.push_str(&format!("- {}\n", warning.summary));
        let file = warning.span.and_then(|span| Some((sources.get(span.source)?, span)));
        if let Some((file, span)) = file {
            let line = file.position(span.start).line;
            text.push_str(&format!("  on {} line {line}", file.path));
            let others =
                warnings.iter().filter(|other| other.summary == warning.summary).count() - 1;
            if others > 0 {
                text.push_str(&format!(" (and {others} more)"));
            }
            text.push('\n');
        }
    }
    text.push_str("\nTo see these warnings in full, leave out -compact-warnings.\n");
    text
}

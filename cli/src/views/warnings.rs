//! Many problems in brief.

use std::collections::HashMap;

use infra_engine::diag::{Diagnostic, Sources};

use super::paint::Paint;
use crate::context::Showing;

/// The problems, each with the number of later ones that it stands for: those of one severity with the same summary. What
/// a check found is told each time, since its summary says nothing.
pub(crate) fn consolidated<'d>(
    found: &[&'d Diagnostic],
    showing: Showing,
) -> Vec<(&'d Diagnostic, usize)> {
    let mut told: Vec<(&Diagnostic, usize)> = Vec::new();
    let mut first: HashMap<(bool, &str), usize> = HashMap::new();
    for diagnostic in found {
        let alone = match diagnostic.is_error() {
            true => !showing.consolidated_errors,
            false => diagnostic.is_of_check() || showing.separate_warnings,
        };
        if !alone {
            let kind = (diagnostic.is_error(), &*diagnostic.summary);
            if let Some(at) = first.get(&kind) {
                told[*at].1 += 1;
                continue;
            }
            first.insert(kind, told.len());
        }
        told.push((diagnostic, 0));
    }
    told
}

/// The detail of a problem that stands for so many others.
pub(crate) fn detail(diagnostic: &Diagnostic, others: usize) -> String {
    let kind = if diagnostic.is_error() { "error" } else { "warning" };
    let more = match others {
        0 => return diagnostic.detail.clone(),
        1 => format!("(and one more similar {kind} elsewhere)"),
        _ => format!("(and {others} more similar {kind}s elsewhere)"),
    };
    format!("{}\n\n{more}", diagnostic.detail)
}

/// A line for each warning, with its place and the number of others.
pub(crate) fn compact(
    warnings: &[(&Diagnostic, usize)],
    sources: &Sources,
    paint: Paint,
) -> String {
    let mut text = format!("{}\n\n", paint.bold(&paint.yellow("Warnings:")));
    for (warning, others) in warnings {
        text.push_str(&format!("- {}\n", warning.summary));
        let file = warning.span.and_then(|span| Some((sources.get(span.source)?, span)));
        if let Some((file, span)) = file {
            let line = file.position(span.start).line;
            text.push_str(&format!("  on {} line {line}", file.path));
            if *others > 0 {
                text.push_str(&format!(" (and {others} more)"));
            }
            text.push('\n');
        }
    }
    text.push_str("\nTo see these warnings in full, leave out -compact-warnings.\n");
    text
}

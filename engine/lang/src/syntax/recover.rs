//! After a syntax error: the blocks that stand by themselves are still read, so that one run shows several mistakes.

use hcl_edit::parser::Error;
use infra_diag::{Diagnostics, SourceId, Span};

use super::compile::Compiler;
use super::duplicates::Renamed;
use super::parse::{Reader, place};
use super::{Body, diagnostics};

/// Reads what can be read of a file that has a syntax error, piece by piece.
pub(super) fn parse(source: SourceId, text: &str, first: &Error, diags: &mut Diagnostics) -> Body {
    let whole = Span { source, start: 0, end: text.len() as u32 };
    let mut body = Body::empty(whole);
    let pieces = pieces(text);
    if pieces.len() < 2 {
        diags.push(worded(first, text, place(source, text, first.location().offset())));
        return body;
    }
    let mut failed = 0;
    for (start, end) in pieces {
        // Everything before the piece becomes blank, so that positions stay as they are.
        let blank: String = text[..start]
            .chars()
            .map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) })
            .collect();
        let piece = format!("{blank}{}", &text[start..end]);
        let mut renamed = Renamed::default();
        match renamed.parse(&piece, str::parse::<hcl_edit::structure::Body>) {
            Ok(parsed) => {
                let mut reader = Reader { compiler: Compiler::new(source, text, &renamed), diags };
                let found = reader.body(&parsed, start..end, start..start);
                body.attributes.extend(found.attributes);
                body.blocks.extend(found.blocks);
            }
            Err(error) => {
                failed += 1;
                diags.push(worded(&error, text, place(source, text, error.location().offset())));
            }
        }
    }
    if failed == 0 {
        diags.push(worded(first, text, place(source, text, first.location().offset())));
    }
    body
}

fn worded(error: &Error, text: &str, span: Span) -> infra_diag::Diagnostic {
    let message = error.message();
    if message.contains("redefined attribute") {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let name = before
            .trim_end()
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .next();
        return diagnostics::redefined(name.unwrap_or_default(), span);
    }
    if message.contains("structure") {
        diagnostics::structure(message, span)
    } else {
        diagnostics::syntax(message, span)
    }
}

/// Where top-level blocks seem to begin: at a name in the first column.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    let mut offset = 0;
    let mut heredoc: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        match &heredoc {
            Some(word) if trimmed == word => heredoc = None,
            Some(_) => {}
            None => {
                if line.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                    starts.push(offset);
                }
                if let Some((_, word)) = trimmed.rsplit_once("<<") {
                    let word = word.strip_prefix('-').unwrap_or(word);
                    let is_word =
                        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
                    heredoc = is_word.then(|| word.to_owned());
                }
            }
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).collect()
}

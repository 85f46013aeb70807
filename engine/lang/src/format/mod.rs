//! The standard layout of configuration files.
//!
//! It works on tokens and knows nothing of values. Reading order: `rewrite` (old forms become new ones), `lines` (cells
//! of a line, indentation, alignment), `spacing` (spaces between two tokens).

mod lines;
mod rewrite;
mod spacing;

use std::borrow::Cow;

use infra_diag::{Diagnostics, SourceId};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::syntax::{self, Start, TokenKind, scan};

/// A token with the spaces before it.
#[derive(Clone, Debug)]
struct Piece<'t> {
    kind: TokenKind,
    text: Cow<'t, str>,
    spaces: usize,
}

impl<'t> Piece<'t> {
    fn new(kind: TokenKind, text: impl Into<Cow<'t, str>>) -> Self {
        Self { kind, text: text.into(), spaces: 0 }
    }

    /// How many columns it takes, with the spaces before it.
    fn columns(&self) -> usize {
        // The two characters of a line break count as one.
        let plain = self.text.is_ascii() && !self.text.contains('\r');
        self.spaces + if plain { self.text.len() } else { self.text.graphemes(true).count() }
    }

    /// Whether a line ends with it.
    fn ends_line(&self) -> bool {
        match self.kind {
            TokenKind::Newline => true,
            TokenKind::Comment => self.text.ends_with('\n'),
            _ => false,
        }
    }

    /// How many brackets it opens; negative if it closes one.
    fn brackets(&self) -> isize {
        match self.kind {
            TokenKind::OpenBrace
            | TokenKind::OpenBracket
            | TokenKind::OpenParen
            | TokenKind::Interpolation
            | TokenKind::Directive => 1,
            TokenKind::CloseBrace
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::TemplateEnd => -1,
            _ => 0,
        }
    }
}

/// The text in the standard layout. Nothing, if it has syntax errors, which are reported.
///
/// ```
/// # use infra_diag::{Diagnostics, Sources};
/// let text = "a=1\nlong = \"${var.b}\"\n";
/// let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
/// let source = sources.add("main.tf", text);
/// let formatted = infra_lang::format::format(source, text, &mut diags);
/// assert_eq!(formatted.as_deref(), Some("a    = 1\nlong = var.b\n"));
/// ```
pub fn format(source: SourceId, text: &str, diags: &mut Diagnostics) -> Option<String> {
    let mut found = Diagnostics::new();
    syntax::parse(source, text, &mut found);
    let failed = found.has_errors();
    diags.extend(found);
    if failed {
        return None;
    }
    let tokens = scan(text, Start::Configuration);
    let pieces = tokens.iter().map(|token| Piece::new(token.kind, token.text(text))).collect();
    let mut lines = lines::split(rewrite::rewrite(pieces));
    lines::indent(&mut lines);
    lines::space(&mut lines);
    lines::align(&mut lines);
    let mut formatted = String::with_capacity(text.len() + text.len() / 8);
    for piece in lines.iter().flat_map(lines::Line::pieces) {
        formatted.extend(std::iter::repeat_n(' ', piece.spaces));
        formatted.push_str(&piece.text);
    }
    // White space after the last token stays, as spaces.
    let end = tokens.iter().rev().nth(1).map_or(0, |last| last.end as usize);
    let rest = text.get(end..).unwrap_or_default().trim_start_matches('\u{feff}');
    formatted.extend(rest.chars().map(|_| ' '));
    Some(formatted)
}

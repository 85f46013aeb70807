//! Templates from tokens: first a row of pieces, on which indentation and strip markers are carried out, then parts.
//!
//! Both look at one line at a time, across directives: `~` takes the white space of the piece of text next to it, which
//! goes no further than its line; the indentation of a `<<-` heredoc is that of all its lines, whatever is nested in what.
//! Source: the HCL native syntax specification, "Template Literals" and "Template Interpolation and Directive".

use infra_diag::Span;
use infra_value::Str;

use super::expr::{Expr, Kind};
use super::parse::Parser;
use super::token::{Token, TokenKind as K};
use super::{Part, diagnostics};

enum Piece {
    Text(String),
    Interpolation(Expr),
    If(Expr, Span),
    For {
        key_name: Option<Str>,
        value_name: Str,
        collection: Expr,
        span: Span,
    },
    Else(Span),
    EndIf(Span),
    EndFor(Span),
    /// The end of the template.
    End(Span),
}

type Pieces = std::iter::Peekable<std::vec::IntoIter<Piece>>;

/// A template that is a string; one interpolation alone is the value itself.
pub(super) fn string(mut parts: Vec<Part>) -> Kind {
    match parts.as_slice() {
        [] => Kind::Literal("".into()),
        [Part::Literal(text)] => Kind::Literal(text.clone().into()),
        [Part::Interpolation(_)] => match parts.pop() {
            Some(Part::Interpolation(expr)) => Kind::Parenthesis(expr),
            _ => Kind::Template(parts),
        },
        _ => Kind::Template(parts),
    }
}

impl<'t> Parser<'t> {
    /// A template in quotes or a heredoc, after what opens it.
    pub(super) fn string(&mut self, opening: Span, end: K, indented: bool) -> Expr {
        let mut first = self.with_newlines(true, |parser| parser.peek());
        if indented && first.kind == K::Text {
            let text = first.text(self.text);
            first.start += (text.len() - text.trim_start_matches([' ', '\t']).len()) as u32;
        }
        let first = self.span_of(first);
        let parts = self.template(end, indented);
        let span = self.since(opening);
        let start = match parts.as_slice() {
            [Part::Interpolation(_)] => span,
            [Part::Interpolation(expr), ..] => expr.start(),
            [Part::If { condition, .. }, ..] => condition.start(),
            [Part::For { span, .. }, ..] => *span,
            [Part::Literal(_), ..] => first,
            [] => Span { start: span.end, ..span },
        };
        Expr::starting(string(parts), span, start)
    }

    /// A template up to its end, which is read too.
    pub(super) fn template(&mut self, end: K, indented: bool) -> Vec<Part> {
        let opening = self.span_of(self.previous());
        let names = self.names.len();
        let mut pieces = self.pieces(end, opening);
        self.names.truncate(names);
        if indented {
            dedent(&mut pieces);
        }
        let mut pieces = pieces.into_iter().peekable();
        let mut parts = Vec::new();
        while let Some(piece) = pieces.next_if(|next| !matches!(next, Piece::End(_))) {
            self.part(piece, &mut pieces, &mut parts);
        }
        parts
    }

    /// Everything up to the end of a template.
    fn pieces(&mut self, end: K, opening: Span) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut strip_next = false;
        // Names of the loops that are open, so that they are known to the expressions inside.
        let mut loops: Vec<usize> = Vec::new();
        loop {
            let token = self.with_newlines(true, Self::read);
            let span = self.span_of(token);
            if token.kind == end {
                pieces.push(Piece::End(span));
                return pieces;
            }
            let strip = std::mem::take(&mut strip_next);
            match token.kind {
                K::QuotedText | K::Text => {
                    let mut text = self.unescape(token, token.kind == K::QuotedText).into_owned();
                    if strip {
                        text.drain(..text.len() - text.trim_start().len());
                    }
                    pieces.push(Piece::Text(text));
                }
                K::Interpolation | K::Directive => {
                    if token.text(self.text).ends_with('~')
                        && let Some(Piece::Text(before)) = pieces.last_mut()
                    {
                        before.truncate(before.trim_end().len());
                    }
                    let piece = self.with_newlines(false, |parser| {
                        if token.kind == K::Interpolation {
                            let expr = parser.expression();
                            parser.interpolation_end(end, opening);
                            return Some(Piece::Interpolation(expr));
                        }
                        parser.directive(span)
                    });
                    let close = self.previous();
                    strip_next =
                        close.kind == K::TemplateEnd && close.text(self.text).starts_with('~');
                    match &piece {
                        Some(Piece::For { key_name, value_name, .. }) => {
                            loops.push(self.names.len());
                            // Deeper ones are refused when the pieces are put together.
                            if loops.len() <= self.deepest {
                                self.names.extend(key_name.clone());
                                self.names.push(value_name.clone());
                            }
                        }
                        Some(Piece::EndFor(_)) => {
                            if let Some(names) = loops.pop() {
                                self.names.truncate(names);
                            }
                        }
                        _ => {}
                    }
                    pieces.extend(piece);
                }
                _ => {
                    self.complain(diagnostics::unterminated_template(span));
                    match token.kind {
                        K::EndOfFile => self.recovering = true,
                        _ => self.recover(end),
                    }
                    pieces.push(Piece::End(span));
                    return pieces;
                }
            }
        }
    }

    fn interpolation_end(&mut self, end: K, opening: Span) {
        let next = self.peek();
        if next.kind == K::TemplateEnd {
            self.read();
            return;
        }
        let span = self.span_of(next);
        self.complain(match next.kind {
            K::EndOfFile => diagnostics::unclosed_interpolation(opening),
            K::CloseQuote | K::OpenQuote if end == K::CloseQuote => {
                diagnostics::unclosed_interpolation(opening)
            }
            _ => diagnostics::after_interpolation(span),
        });
        self.recover(K::TemplateEnd);
    }

    /// What follows `%{`, with its end. Nothing, if it is no directive.
    fn directive(&mut self, opening: Span) -> Option<Piece> {
        let keyword = self.peek();
        let place = self.span_of(keyword);
        if keyword.kind != K::Ident {
            self.complain(diagnostics::no_directive(place));
            self.recover(K::TemplateEnd);
            return None;
        }
        self.read();
        let word = keyword.text(self.text);
        let piece = match word {
            "if" => Piece::If(self.expression(), opening),
            "else" => Piece::Else(opening.to(place)),
            "endif" => Piece::EndIf(opening.to(place)),
            "endfor" => Piece::EndFor(opening.to(place)),
            "for" => match self.loop_names(diagnostics::for_directive) {
                Some((key_name, value_name)) => {
                    let collection = self.expression();
                    Piece::For { key_name, value_name, collection, span: self.since(opening) }
                }
                None => {
                    self.recover(K::TemplateEnd);
                    return None;
                }
            },
            _ => {
                self.complain(diagnostics::unknown_directive(word, place));
                self.recover(K::TemplateEnd);
                return None;
            }
        };
        if self.take(K::TemplateEnd).is_none() {
            let span = self.span_of(self.peek());
            self.complain(diagnostics::after_directive(word, span));
            self.recover(K::TemplateEnd);
        }
        Some(piece)
    }

    /// The part that a piece begins.
    fn part(&mut self, piece: Piece, pieces: &mut Pieces, parts: &mut Vec<Part>) {
        match piece {
            Piece::Text(mut text) => {
                while let Some(Piece::Text(more)) =
                    pieces.next_if(|next| matches!(next, Piece::Text(_)))
                {
                    text.push_str(&more);
                }
                parts.push(Part::Literal(text.into()));
            }
            Piece::Interpolation(expr) => parts.push(Part::Interpolation(expr)),
            Piece::If(condition, span) => {
                let then = self.inside("if", span, pieces);
                let mut otherwise = Vec::new();
                match then.1 {
                    Some(Piece::EndIf(_)) => {}
                    Some(Piece::Else(_)) => {
                        let (found, end) = self.inside("if", span, pieces);
                        if !self.ends_with(end, |end| matches!(end, Piece::EndIf(_))) {
                            return;
                        }
                        otherwise = found;
                    }
                    end => {
                        self.ends_with(end, |_| false);
                        return;
                    }
                }
                parts.push(Part::If { condition, then: then.0, otherwise });
            }
            Piece::For { key_name, value_name, collection, span } => {
                let (body, end) = self.inside("for", span, pieces);
                if self.ends_with(end, |end| matches!(end, Piece::EndFor(_))) {
                    parts.push(Part::For { key_name, value_name, collection, body, span });
                }
            }
            end => {
                self.ends_with(Some(end), |_| false);
            }
        }
    }

    /// The parts inside a directive, and the piece that ends them. Nothing, if the template ends before.
    fn inside(
        &mut self,
        word: &str,
        opening: Span,
        pieces: &mut Pieces,
    ) -> (Vec<Part>, Option<Piece>) {
        let mut parts = Vec::new();
        if self.depth >= self.deepest {
            self.report(diagnostics::too_deep(opening));
            while pieces.next_if(|next| !matches!(next, Piece::End(_))).is_some() {}
            return (parts, None);
        }
        self.depth += 1;
        let end = loop {
            match pieces.next_if(|next| !matches!(next, Piece::End(_))) {
                Some(end @ (Piece::Else(_) | Piece::EndIf(_) | Piece::EndFor(_))) => {
                    break Some(end);
                }
                Some(next) => self.part(next, pieces, &mut parts),
                None => {
                    if let Some(Piece::End(span)) = pieces.peek() {
                        self.report(diagnostics::unfinished_directive(word, *span));
                    }
                    break None;
                }
            }
        };
        self.depth -= 1;
        (parts, end)
    }

    /// Whether a directive ends as it should; what else stands there is reported.
    fn ends_with(&mut self, end: Option<Piece>, expected: fn(&Piece) -> bool) -> bool {
        let (word, span) = match &end {
            Some(end) if expected(end) => return true,
            Some(Piece::Else(span)) => ("else", *span),
            Some(Piece::EndIf(span)) => ("endif", *span),
            Some(Piece::EndFor(span)) => ("endfor", *span),
            _ => return false,
        };
        self.report(diagnostics::unexpected_directive(word, span));
        false
    }

    /// The text that a token stands for: `$${` is `${`, and in quotes there are escapes.
    pub(super) fn unescape(&mut self, token: Token, quoted: bool) -> std::borrow::Cow<'t, str> {
        let written = token.text(self.text);
        let plain = |byte: u8| !(matches!(byte, b'$' | b'%') || quoted && byte == b'\\');
        if written.bytes().all(plain) {
            return written.into();
        }
        let mut text = String::with_capacity(written.len());
        let mut rest = written;
        while let Some(at) = rest.bytes().position(|byte| !plain(byte)) {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let start = token.start + (written.len() - rest.len()) as u32;
            if rest.starts_with('\\') {
                let (character, length) = escape(rest);
                match character {
                    Some(character) => text.push(character),
                    None => {
                        let end = start + length as u32;
                        let span = self.span_of(Token { start, end, ..token });
                        self.report(diagnostics::invalid_escape(&rest[..length], span));
                    }
                }
                rest = &rest[length..];
                continue;
            }
            if rest.starts_with("$${") || rest.starts_with("%%{") {
                rest = &rest[1..];
                text.push_str(&rest[..2]);
                rest = &rest[2..];
                continue;
            }
            text.push_str(&rest[..1]);
            rest = &rest[1..];
        }
        text.push_str(rest);
        text.into()
    }
}

/// Text in quotes without its escapes. What is no escape stays as it is.
pub(crate) fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let (character, length) = match first {
            '\\' => escape(rest),
            '$' | '%' if rest.starts_with("$${") || rest.starts_with("%%{") => (Some(first), 2),
            _ => (Some(first), first.len_utf8()),
        };
        match character {
            Some(character) => text.push(character),
            None => text.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    text
}

/// The character that an escape at the beginning of a text means, if it is one, and how long it is.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(selector) = text[1..].chars().next() else { return (None, 1) };
    let digits = match selector {
        'n' => return (Some('\n'), 2),
        'r' => return (Some('\r'), 2),
        't' => return (Some('\t'), 2),
        '"' | '\\' => return (Some(selector), 2),
        'u' => 4,
        'U' => 8,
        other => return (None, 1 + other.len_utf8()),
    };
    let written = text[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let end = 2 + written;
    if written < digits {
        return (None, end);
    }
    // Half of a surrogate pair is no character.
    (u32::from_str_radix(&text[2..end], 16).ok().and_then(char::from_u32), end)
}

/// Removes the indentation that all lines share. A line that starts with something else than text has none, a blank line
/// does not count.
fn dedent(pieces: &mut [Piece]) {
    let mut indentation = usize::MAX;
    let mut starts = Vec::new();
    let mut at_start = true;
    for (at, piece) in pieces.iter().enumerate() {
        let line = match piece {
            Piece::End(_) if at_start => break,
            Piece::Text(line) => Some(line),
            _ => None,
        };
        if std::mem::take(&mut at_start) {
            match line {
                Some(line) if line.trim_start().is_empty() && line.ends_with('\n') => {}
                Some(line) => {
                    let spaces = line.chars().take_while(|character| character.is_whitespace());
                    indentation = indentation.min(spaces.count());
                    starts.push(at);
                }
                None => indentation = 0,
            }
        }
        at_start = line.is_some_and(|line| line.ends_with('\n'));
    }
    for at in starts {
        if let Piece::Text(line) = &mut pieces[at] {
            *line = line.chars().skip(indentation).collect();
        }
    }
}

//! Old forms become new ones: interpolations that are all of a value, types in quotes, labels without quotes.

use super::Piece;
use crate::syntax::{TokenKind as K, unescape};

/// The tokens of a file that has no syntax errors, with new forms.
pub(super) fn rewrite(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut rewriter = Rewriter { written: Vec::with_capacity(pieces.len()), pieces, at: 0 };
    rewriter.body(&mut Vec::new());
    rewriter.written.extend(rewriter.pieces.drain(rewriter.at..));
    rewriter.written
}

struct Rewriter<'t> {
    pieces: Vec<Piece<'t>>,
    at: usize,
    written: Vec<Piece<'t>>,
}

impl<'t> Rewriter<'t> {
    fn kind(&self, ahead: usize) -> K {
        self.pieces.get(self.at + ahead).map_or(K::EndOfFile, |piece| piece.kind)
    }

    fn keep(&mut self) {
        self.written.extend(self.pieces.get(self.at).cloned());
        self.at += 1;
    }

    /// Everything up to the brace that closes the body. `blocks`: the types of the blocks around it.
    fn body(&mut self, blocks: &mut Vec<String>) {
        loop {
            match self.kind(0) {
                K::EndOfFile | K::CloseBrace => return,
                K::Ident => {
                    let equals = (1..).find(|ahead| self.kind(*ahead) != K::Comment).unwrap_or(1);
                    if self.kind(equals) == K::Assign {
                        self.attribute(equals, blocks);
                    } else {
                        self.block(blocks);
                    }
                }
                _ => self.keep(),
            }
        }
    }

    fn attribute(&mut self, equals: usize, blocks: &[String]) {
        let is_type =
            matches!(blocks, [only] if only == "variable") && self.pieces[self.at].text == "type";
        for _ in 0..=equals {
            self.keep();
        }
        while self.kind(0) == K::Comment {
            self.keep();
        }
        let mut end = self.at;
        let mut depth = 0_isize;
        for (at, piece) in self.pieces.iter().enumerate().skip(self.at) {
            let quotes = match piece.kind {
                K::OpenQuote | K::OpenHeredoc => 1,
                K::CloseQuote | K::CloseHeredoc => -1,
                _ => 0,
            };
            depth += piece.brackets() + quotes;
            if piece.kind == K::EndOfFile || depth < 0 || (depth == 0 && piece.ends_line()) {
                break;
            }
            if piece.kind != K::Comment {
                end = at + 1;
            }
        }
        let value = &self.pieces[self.at..end];
        let new = if is_type { type_constraint(value) } else { unwrapped(value) };
        match new {
            Some(new) => self.written.extend(new),
            None => self.written.extend_from_slice(value),
        }
        self.at = end;
    }

    fn block(&mut self, blocks: &mut Vec<String>) {
        blocks.push(self.pieces[self.at].text.clone().into_owned());
        self.keep();
        let first = self.written.len();
        // Comments between labels go away, those after the last stay.
        let mut after_labels = first;
        loop {
            match self.kind(0) {
                K::OpenBrace | K::EndOfFile => break,
                K::Ident => {
                    let text = self.pieces[self.at].text.clone();
                    self.written.truncate(after_labels);
                    self.label(&text);
                    self.at += 1;
                    after_labels = self.written.len();
                }
                K::OpenQuote => {
                    let mut text = String::new();
                    self.at += 1;
                    while !matches!(self.kind(0), K::CloseQuote | K::EndOfFile) {
                        text.push_str(&unescape(&self.pieces[self.at].text));
                        self.at += 1;
                    }
                    self.at += 1;
                    self.written.truncate(after_labels);
                    self.label(&text);
                    after_labels = self.written.len();
                }
                _ => self.keep(),
            }
        }
        self.keep();
        self.body(blocks);
        blocks.pop();
        if self.kind(0) == K::CloseBrace {
            self.keep();
        }
    }

    fn label(&mut self, text: &str) {
        self.written.push(Piece::new(K::OpenQuote, "\""));
        if !text.is_empty() {
            self.written.push(Piece::new(K::QuotedText, escaped(text)));
        }
        self.written.push(Piece::new(K::CloseQuote, "\""));
    }
}

/// Text as it is written in quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '"' | '\\' => escaped.extend(['\\', character]),
            '$' | '%' if characters.peek() == Some(&'{') => escaped.extend([character, character]),
            _ if character.is_control() => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// `"${value}"` as `value`, if there is nothing else in the quotes.
fn unwrapped<'t>(value: &[Piece<'t>]) -> Option<Vec<Piece<'t>>> {
    let [open, interpolation, inside @ .., end, close] = value else { return None };
    let kinds = (open.kind, interpolation.kind, end.kind, close.kind);
    if inside.is_empty() || kinds != (K::OpenQuote, K::Interpolation, K::TemplateEnd, K::CloseQuote)
    {
        return None;
    }
    let mut quotes = 0_u32;
    for piece in inside {
        match piece.kind {
            K::OpenQuote => quotes += 1,
            K::CloseQuote => quotes = quotes.saturating_sub(1),
            K::Interpolation | K::TemplateEnd | K::QuotedText if quotes == 0 => return None,
            _ => {}
        }
    }
    let newline = |piece: &Piece<'_>| piece.kind == K::Newline;
    let first = inside.iter().position(|piece| !newline(piece)).unwrap_or(inside.len());
    let last = inside.iter().rposition(|piece| !newline(piece)).map_or(first, |last| last + 1);
    let inside = &inside[first..last];
    let in_parentheses = inside.first().is_some_and(|piece| piece.kind == K::OpenParen)
        && inside.last().is_some_and(|piece| piece.kind == K::CloseParen);
    let mut new = inside.to_vec();
    if inside.iter().any(newline) && !in_parentheses {
        new.insert(0, Piece::new(K::OpenParen, "("));
        new.push(Piece::new(K::CloseParen, ")"));
    }
    Some(new)
}

/// The type of a variable: `"string"`, `"list"` and `"map"` in quotes, and `list`, `map` and `set` without element type.
fn type_constraint<'t>(value: &[Piece<'t>]) -> Option<Vec<Piece<'t>>> {
    let (name, element) = match value {
        [word] if word.kind == K::Ident && matches!(&*word.text, "list" | "map" | "set") => {
            (word.text.clone(), Some("any"))
        }
        [open, text, close]
            if (open.kind, text.kind, close.kind)
                == (K::OpenQuote, K::QuotedText, K::CloseQuote) =>
        {
            match &*text.text {
                "string" => (text.text.clone(), None),
                "list" | "map" => (text.text.clone(), Some("string")),
                _ => return None,
            }
        }
        _ => return None,
    };
    let mut new = vec![Piece::new(K::Ident, name)];
    if let Some(element) = element {
        new.push(Piece::new(K::OpenParen, "("));
        new.push(Piece::new(K::Ident, element));
        new.push(Piece::new(K::CloseParen, ")"));
    }
    Some(new)
}

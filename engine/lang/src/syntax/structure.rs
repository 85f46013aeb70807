//! Bodies, attributes and blocks from tokens.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use infra_diag::Span;
use infra_value::Str;

use super::parse::Parser;
use super::token::{Token, TokenKind as K};
use super::{Attribute, Block, Body, Label, diagnostics};

/// The attributes that a body has so far.
type Names = HashSet<Str, RandomState>;

impl Parser<'_> {
    /// A whole file.
    pub(super) fn file(&mut self) -> Body {
        let start = Span { end: 0, ..self.span_of(self.peek()) };
        let mut body = Body::empty(Span { start: 0, ..start });
        let mut set = Names::default();
        loop {
            let next = self.peek();
            match next.kind {
                K::EndOfFile => break,
                K::Newline => {
                    self.read();
                }
                K::Ident => {
                    // A name at the start of a line begins a new block: mistakes before it are past.
                    let before =
                        next.start.checked_sub(1).map(|at| self.text.as_bytes()[at as usize]);
                    if before.is_none_or(|byte| byte == b'\n') {
                        self.recovering = false;
                    }
                    self.item(&mut body, &mut set, None);
                }
                _ => {
                    self.no_item(next, None);
                    self.recover_after_item();
                }
            }
        }
        body.span.end = self.span_of(self.peek()).start;
        body
    }

    /// What stands up to the closing brace, which is read too. `iterator`: of the `dynamic` block that this is.
    fn body(&mut self, open: Token, iterator: Option<&Str>) -> Body {
        let mut body = Body::empty(self.span_of(open));
        let mut set = Names::default();
        loop {
            let next = self.peek();
            match next.kind {
                K::CloseBrace => {
                    self.read();
                    break;
                }
                K::Newline => {
                    self.read();
                }
                K::Ident => self.item(&mut body, &mut set, iterator),
                _ => {
                    self.read();
                    self.no_item(next, Some(open));
                    self.recover(K::CloseBrace);
                    break;
                }
            }
        }
        body
    }

    fn no_item(&mut self, bad: Token, open: Option<Token>) {
        let span = self.span_of(bad);
        self.complain(match (bad.kind, open) {
            (K::OpenQuote, _) => diagnostics::quoted_name(span),
            // What goes to the end of the file has been told of.
            (K::EndOfFile, Some(_)) if self.ends_in_template() => return,
            (K::EndOfFile, Some(open)) => diagnostics::unclosed_block(self.span_of(open)),
            _ => diagnostics::no_item(span),
        });
    }

    /// An attribute or a block, and the end of its line.
    fn item(&mut self, body: &mut Body, set: &mut Names, iterator: Option<&Str>) {
        let name = self.read();
        match self.peek().kind {
            K::Assign => {
                let attribute = self.attribute(name, false, iterator);
                self.add(body, set, attribute);
            }
            K::OpenQuote | K::OpenBrace | K::Ident => {
                let block = self.block(name, iterator);
                body.blocks.push(block);
            }
            _ => {
                let span = self.span_of(name);
                self.recover_after_item_with(diagnostics::no_item(span));
            }
        }
    }

    /// Reports a mistake also while recovering, and goes to the next line.
    fn recover_after_item_with(&mut self, diagnostic: infra_diag::Diagnostic) {
        self.report(diagnostic);
        self.recover_after_item();
    }

    fn add(&mut self, body: &mut Body, set: &mut Names, attribute: Attribute) {
        if set.insert(attribute.name.clone()) {
            body.attributes.push(attribute);
        } else {
            self.report(diagnostics::redefined(&attribute.name, attribute.name_span));
        }
    }

    /// What follows the name of an attribute.
    fn attribute(&mut self, name: Token, single_line: bool, iterator: Option<&Str>) -> Attribute {
        self.read();
        let text = name.text(self.text);
        let name_span = self.span_of(name);
        let scoped = iterator.filter(|_| text == "labels").cloned();
        let names = self.names.len();
        self.names.extend(scoped);
        let (expr, lost) = self.operand();
        self.names.truncate(names);
        let span = self.since(name_span);
        if lost {
            self.recover_after_item();
        } else if !single_line {
            let next = self.peek();
            match next.kind {
                K::Newline => {
                    self.read();
                }
                K::EndOfFile => {}
                kind => {
                    let place = self.span_of(next);
                    self.complain(diagnostics::no_newline_after_argument(kind == K::Comma, place));
                    self.recover_after_item();
                }
            }
        }
        Attribute { name: self.word(text), name_span, expr, span }
    }

    /// What follows the type of a block. Nothing, if it has no body.
    fn block(&mut self, ty: Token, iterator: Option<&Str>) -> Block {
        let ty_span = self.span_of(ty);
        let mut labels = Vec::new();
        let open = loop {
            let next = self.peek();
            match next.kind {
                K::OpenBrace => break self.read(),
                K::OpenQuote => labels.push(self.quoted_label()),
                K::Ident => {
                    self.read();
                    let span = self.span_of(next);
                    labels.push(Label { text: next.text(self.text).into(), span });
                }
                kind => {
                    let span = self.span_of(next);
                    match kind {
                        K::Assign => self.report(diagnostics::equals_in_block(span)),
                        K::Newline => self.report(diagnostics::block_without_body(span)),
                        _ => self.complain(diagnostics::no_label(span)),
                    }
                    self.recover_after_item();
                    // What is there of the block counts: an empty one.
                    let (body, ty) = (Body::empty(ty_span), self.word(ty.text(self.text)));
                    return Block { ty, ty_span, header: header(ty_span, &labels), labels, body };
                }
            }
        };
        let name = ty.text(self.text);
        let header = header(ty_span, &labels);
        let scoped = iterator.filter(|_| name == "content").cloned();
        let names = self.names.len();
        self.names.extend(scoped);
        let inner = (name == "dynamic" && labels.len() == 1)
            .then(|| self.iterator().unwrap_or_else(|| labels[0].text.clone()));
        let line = self.peek().kind == K::Ident;
        let mut body = self.block_body(ty, open, inner.as_ref());
        self.names.truncate(names);
        body.span = self.since(ty_span);
        // As in Terraform, a body of one line begins with its argument.
        let first = body.attributes.first().filter(|_| line);
        body.open = first.map_or(self.span_of(open), |first| {
            let span = first.name_span;
            let letter = self.text[span.start as usize..].chars().next();
            Span { end: span.start + letter.map_or(1, |letter| letter.len_utf8() as u32), ..span }
        });
        let next = self.peek();
        match next.kind {
            K::Newline => {
                self.read();
            }
            K::EndOfFile => {}
            _ => {
                let place = self.span_of(next);
                self.complain(diagnostics::no_newline_after_block(place));
                self.recover_after_item();
            }
        }
        Block { ty: self.word(name), ty_span, labels, body, header }
    }

    fn block_body(&mut self, ty: Token, open: Token, iterator: Option<&Str>) -> Body {
        if self.depth >= self.deepest {
            self.give_up(self.span_of(ty));
            return Body::empty(self.span_of(open));
        }
        self.depth += 1;
        let body = match self.peek().kind {
            K::Newline | K::EndOfFile | K::CloseBrace => self.body(open, iterator),
            _ => self.single_line_body(open, iterator),
        };
        self.depth -= 1;
        body
    }

    /// `{ name = expression }`.
    fn single_line_body(&mut self, open: Token, iterator: Option<&Str>) -> Body {
        let mut body = Body::empty(self.span_of(open));
        let name = self.read();
        let next = self.peek();
        match (name.kind, next.kind) {
            (K::Ident, K::Assign) => {
                let attribute = self.attribute(name, true, iterator);
                body.attributes.push(attribute);
            }
            (K::Ident, K::OpenQuote | K::OpenBrace | K::Ident) => {
                let span = self.span_of(name).to(self.span_of(next));
                self.recover_after_item_with(diagnostics::block_in_line(
                    name.text(self.text),
                    span,
                ));
            }
            _ => {
                let span = self.span_of(name);
                self.recover_after_item_with(diagnostics::no_item(span));
            }
        }
        let next = self.peek();
        let span = self.span_of(next);
        match next.kind {
            K::CloseBrace => {
                self.read();
                return body;
            }
            K::Comma | K::Newline => self.report(diagnostics::single_line_block(next.kind, span)),
            K::EndOfFile => self.complain(diagnostics::unclosed_block(self.span_of(open))),
            kind => self.complain(diagnostics::single_line_block(kind, span)),
        }
        self.recover(K::CloseBrace);
        body
    }

    /// A label in quotes.
    fn quoted_label(&mut self) -> Label {
        let open = self.read();
        let start = self.span_of(open);
        let mut text = String::new();
        loop {
            let token = self.read();
            let span = self.span_of(token);
            match token.kind {
                K::CloseQuote => break,
                K::QuotedText => text.push_str(&self.unescape(token, true)),
                K::Interpolation | K::Directive => {
                    self.report(diagnostics::template_in_label(span));
                    text.push_str("${ ... }");
                    self.recover(K::TemplateEnd);
                }
                K::EndOfFile => {
                    self.report(diagnostics::unterminated_label(span));
                    break;
                }
                _ => {
                    self.report(diagnostics::invalid_label(span));
                    self.recover(K::CloseQuote);
                    break;
                }
            }
        }
        Label { text: text.into(), span: self.since(start) }
    }

    /// The name that `iterator` gives to the iterator of the `dynamic` block that begins here.
    fn iterator(&self) -> Option<Str> {
        let mut depth = 0_u32;
        let tokens = self.ahead();
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                K::OpenBrace | K::OpenBracket | K::OpenParen | K::Interpolation | K::Directive => {
                    depth += 1;
                }
                K::CloseBrace | K::CloseBracket | K::CloseParen | K::TemplateEnd => {
                    depth = depth.checked_sub(1)?;
                }
                K::Ident if depth == 0 && token.text(self.text) == "iterator" => {
                    let (equals, mut value) = (tokens.get(at + 1)?, tokens.get(at + 2)?);
                    if equals.kind != K::Assign {
                        continue;
                    }
                    if value.kind == K::OpenQuote {
                        value = tokens.get(at + 3)?;
                    }
                    return matches!(value.kind, K::Ident | K::QuotedText)
                        .then(|| value.text(self.text).into());
                }
                _ => {}
            }
        }
        None
    }
}

/// From the type of a block to its last label.
fn header(ty: Span, labels: &[Label]) -> Span {
    labels.last().map_or(ty, |last| ty.to(last.span))
}

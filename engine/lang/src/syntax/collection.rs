//! What stands in brackets: tuples, objects, `for` expressions, and the arguments of calls.

use infra_value::Str;

use super::diagnostics;
use super::expr::{Expr, For, Kind};
use super::parse::Parser;
use super::token::{Token, TokenKind as K};

impl Parser<'_> {
    /// `[a, b]`.
    pub(super) fn tuple(&mut self) -> Expr {
        let open = self.read();
        self.with_newlines(false, |parser| {
            if parser.at_word("for") {
                return parser.for_expression(open);
            }
            let mut items = Vec::new();
            loop {
                if parser.take(K::CloseBracket).is_some() {
                    break;
                }
                let (item, lost) = parser.operand();
                items.push(item);
                if lost {
                    parser.recover(K::CloseBracket);
                    break;
                }
                let next = parser.peek();
                match next.kind {
                    K::CloseBracket => {}
                    K::Comma => {
                        parser.read();
                        continue;
                    }
                    kind => {
                        let span = parser.span_of(if kind == K::EndOfFile { open } else { next });
                        parser.complain(diagnostics::tuple_item(kind, span));
                        parser.recover(K::CloseBracket);
                        break;
                    }
                }
            }
            let span = parser.since(parser.span_of(open));
            Expr::new(Kind::Tuple(items), span)
        })
    }

    /// `{ a = b }`.
    pub(super) fn object(&mut self) -> Expr {
        let open = self.read();
        if self.with_newlines(false, |parser| parser.at_word("for")) {
            return self.with_newlines(false, |parser| parser.for_expression(open));
        }
        self.with_newlines(true, |parser| {
            let mut items = Vec::new();
            parser.entries(open, &mut items);
            let span = parser.since(parser.span_of(open));
            Expr::new(Kind::Object(items), span)
        })
    }

    fn entries(&mut self, open: Token, items: &mut Vec<(Expr, Expr)>) {
        loop {
            while self.take(K::Newline).is_some() {}
            if self.take(K::CloseBrace).is_some() {
                return;
            }
            let (key, lost) = self.attempt(Self::key);
            if lost && self.recovering {
                return self.recover(K::CloseBrace);
            }
            let next = self.peek();
            if !matches!(next.kind, K::Assign | K::Colon) {
                let span = self.span_of(if next.kind == K::EndOfFile { open } else { next });
                self.complain(diagnostics::object_value(next.kind, span));
                return self.recover(K::CloseBrace);
            }
            self.read();
            let (value, lost) = self.operand();
            if lost {
                return self.recover(K::CloseBrace);
            }
            items.push((key, value));
            let next = self.peek();
            match next.kind {
                K::CloseBrace => {}
                K::Comma | K::Newline => {
                    self.read();
                }
                kind => {
                    let span = self.span_of(if kind == K::EndOfFile { open } else { next });
                    self.complain(diagnostics::object_item(kind, span));
                    return self.recover(K::CloseBrace);
                }
            }
        }
    }

    /// The key of an entry: a name alone is text.
    fn key(&mut self) -> Expr {
        let first = self.peek();
        let second = self.ahead().get(1).map(|token| token.kind);
        if first.kind == K::Ident && matches!(second, Some(K::Assign | K::Colon)) {
            self.read();
            let word = self.word(first.text(self.text));
            return Expr::literal(word.into(), self.span_of(first));
        }
        let key = self.expression();
        if first.kind != K::Ident {
            return key;
        }
        match key.as_keyword() {
            Some(word) => Expr::literal(word.into(), key.span()),
            None => key,
        }
    }

    /// `for name in collection : result if condition`, and the closing bracket.
    fn for_expression(&mut self, open: Token) -> Expr {
        self.read();
        let close = match open.kind {
            K::OpenBrace => K::CloseBrace,
            _ => K::CloseBracket,
        };
        let start = self.span_of(open);
        let names = self.names.len();
        let read = self.for_parts(open.kind == K::OpenBrace);
        self.names.truncate(names);
        let Some(parts) = read else {
            self.recover(close);
            return self.placeholder(self.since(start));
        };
        if self.take(close).is_none() {
            let span = self.span_of(self.peek());
            self.complain(diagnostics::for_end(span));
            self.recover(close);
        }
        Expr::new(Kind::For(Box::new(parts)), self.since(start))
    }

    /// The parts of a `for` expression. Nothing, if the parser is lost.
    fn for_parts(&mut self, object: bool) -> Option<For> {
        let (key_name, value_name) = self.loop_names(diagnostics::for_names)?;
        let (collection, lost) = self.operand();
        if lost {
            return None;
        }
        if self.take(K::Colon).is_none() {
            let span = self.span_of(self.peek());
            self.complain(diagnostics::for_colon(span));
            return None;
        }
        self.names.extend(key_name.clone());
        self.names.push(value_name.clone());
        let (first, lost) = self.operand();
        if lost {
            return None;
        }
        let (key, value) = match self.take(K::Arrow) {
            None => (None, first),
            Some(_) => {
                let (value, lost) = self.operand();
                if lost {
                    return None;
                }
                (Some(first), value)
            }
        };
        let grouping = self.take(K::Ellipsis);
        let mut condition = None;
        if self.at_word("if") {
            self.read();
            let (expr, lost) = self.operand();
            if lost {
                return None;
            }
            condition = Some(expr);
        }
        match (object, &key, grouping) {
            (true, None, _) => self.complain(diagnostics::for_without_key(value.span())),
            (false, Some(key), _) => self.complain(diagnostics::for_with_key(key.span())),
            (false, None, Some(dots)) => {
                self.complain(diagnostics::for_grouping(self.span_of(dots)));
            }
            _ => {}
        }
        let grouping = grouping.is_some();
        Some(For { key_name, value_name, collection, key, value, condition, grouping })
    }

    /// `name in` or `key, value in`. Nothing, if something else is there, which is reported.
    pub(super) fn loop_names(
        &mut self,
        wrong: fn(&str, infra_diag::Span) -> infra_diag::Diagnostic,
    ) -> Option<(Option<Str>, Str)> {
        let Some(first) = self.take(K::Ident) else {
            let span = self.span_of(self.peek());
            self.complain(wrong("a name for each element after \"for\"", span));
            return None;
        };
        let mut names = (None, self.word(first.text(self.text)));
        if self.take(K::Comma).is_some() {
            let Some(second) = self.take(K::Ident) else {
                let span = self.span_of(self.peek());
                self.complain(wrong("a name for the value after the comma", span));
                return None;
            };
            names = (Some(names.1), self.word(second.text(self.text)));
        }
        if !self.at_word("in") {
            let span = self.span_of(self.peek());
            self.complain(wrong("the word \"in\" after the names", span));
            return None;
        }
        self.read();
        Some(names)
    }

    /// What follows the name of a function.
    pub(super) fn call(&mut self, first: Token) -> Expr {
        let start = self.span_of(first);
        let mut name = self.word(first.text(self.text));
        let mut open = self.read();
        let mut name_span = start;
        while open.kind == K::DoubleColon {
            let next = self.read();
            if next.kind != K::Ident {
                self.complain(diagnostics::no_function_name(self.span_of(next)));
                return self.lost_call(start);
            }
            name = format!("{name}::{}", next.text(self.text)).into();
            name_span = start.to(self.span_of(next));
            open = self.read();
        }
        if open.kind != K::OpenParen {
            self.complain(diagnostics::no_open_parenthesis(self.span_of(open)));
            return self.lost_call(start);
        }
        let (arguments, expand) = self
            .with_newlines(false, |parser| parser.arguments(name_span.to(parser.span_of(open))));
        let builtin = crate::functions::find(&name);
        let kind = Kind::Call { name, name_span, builtin, arguments, expand };
        Expr::new(kind, self.since(start))
    }

    /// Skips the arguments of a call that has no name.
    fn lost_call(&mut self, start: infra_diag::Span) -> Expr {
        while !matches!(self.read().kind, K::OpenParen | K::EndOfFile) {}
        self.recover(K::CloseParen);
        self.placeholder(self.since(start))
    }

    fn arguments(&mut self, opening: infra_diag::Span) -> (Vec<Expr>, bool) {
        let mut arguments = Vec::new();
        loop {
            if self.take(K::CloseParen).is_some() {
                return (arguments, false);
            }
            let (argument, lost) = self.operand();
            arguments.push(argument);
            if lost {
                self.recover(K::CloseParen);
                return (arguments, false);
            }
            let next = self.read();
            match next.kind {
                K::CloseParen => return (arguments, false),
                K::Comma => {}
                K::Ellipsis => {
                    if self.take(K::CloseParen).is_none() {
                        self.complain(diagnostics::after_expansion(self.span_of(next)));
                        self.recover(K::CloseParen);
                    }
                    return (arguments, true);
                }
                kind => {
                    let span = if kind == K::EndOfFile { opening } else { self.span_of(next) };
                    self.report(diagnostics::call_argument(kind, span));
                    self.recover(K::CloseParen);
                    return (arguments, false);
                }
            }
        }
    }
}

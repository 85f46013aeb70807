//! Expressions from tokens: operators, steps, and terms.

use infra_diag::Span;
use infra_value::{Number, Type, Value};

use super::expr::{BinaryOp, Expr, Kind, Step, Traversal, UnaryOp};
use super::parse::Parser;
use super::token::{Token, TokenKind as K};
use super::{diagnostics, reference};

/// What steps may follow.
enum Term {
    /// A name: with the steps after it, it is a reference.
    Word(Token),
    Expr(Expr),
}

impl Parser<'_> {
    /// An expression.
    pub(super) fn expression(&mut self) -> Expr {
        let (condition, failed) = self.attempt(|parser| parser.binary(0));
        if (failed && self.recovering) || self.take(K::Question).is_none() {
            return condition;
        }
        if self.depth >= self.deepest {
            self.give_up(condition.span());
            return condition;
        }
        self.depth += 1;
        let expr = self.conditional(condition);
        self.depth -= 1;
        expr
    }

    /// What follows the question mark.
    fn conditional(&mut self, condition: Expr) -> Expr {
        let (yes, lost) = self.operand();
        if lost {
            return condition;
        }
        if self.peek().kind != K::Colon {
            let span = self.span_of(self.peek());
            self.report(diagnostics::no_false_expression(span));
            return condition;
        }
        self.read();
        let no = self.expression();
        let span = self.since(condition.span());
        Expr::new(Kind::Conditional(condition, yes, no), span)
    }

    /// Operators that bind at least so strongly.
    fn binary(&mut self, weakest: u8) -> Expr {
        if weakest > STRONGEST {
            return self.with_steps();
        }
        let (mut left, failed) = self.attempt(Self::with_steps);
        if failed && self.recovering {
            return left;
        }
        let mut chain: Vec<(BinaryOp, Expr)> = Vec::new();
        let mut strength_of_chain = weakest;
        let mut failed = false;
        while !failed
            && let Some((operator, strength)) = binary_operator(self.peek().kind)
            && strength >= weakest
        {
            self.read();
            if strength != strength_of_chain {
                left = chained(left, std::mem::take(&mut chain));
                strength_of_chain = strength;
            }
            let (right, lost) = self.attempt(|parser| parser.binary(strength + 1));
            chain.push((operator, right));
            failed = lost && self.recovering;
        }
        chained(left, chain)
    }

    fn with_steps(&mut self) -> Expr {
        let start = self.span_of(self.peek());
        if self.depth >= self.deepest {
            self.give_up(start);
            return self.placeholder(start);
        }
        self.depth += 1;
        let expr = self.term_and_steps(start);
        self.depth -= 1;
        expr
    }

    fn term_and_steps(&mut self, start: Span) -> Expr {
        match self.term() {
            Term::Word(word) => {
                let root_span = self.span_of(word);
                let steps = self.steps();
                let span = self.since(root_span);
                let kind = self.words(word.text(self.text), root_span, steps, span);
                Expr::new(kind, span)
            }
            Term::Expr(expr) => {
                let steps = self.steps();
                if steps.is_empty() {
                    return expr;
                }
                let span = self.since(start);
                Expr::new(Kind::Access(expr, steps), span)
            }
        }
    }

    fn term(&mut self) -> Term {
        let start = self.peek();
        let span = self.span_of(start);
        let kind = match start.kind {
            K::OpenParen => return Term::Expr(self.parenthesis()),
            K::Number => {
                self.read();
                Kind::Literal(self.number(start))
            }
            K::Ident => {
                self.read();
                if matches!(self.peek().kind, K::OpenParen | K::DoubleColon) {
                    return Term::Expr(self.call(start));
                }
                match start.text(self.text) {
                    "true" => Kind::Literal(true.into()),
                    "false" => Kind::Literal(false.into()),
                    "null" => Kind::Literal(Value::null(Type::Any)),
                    _ => return Term::Word(start),
                }
            }
            K::OpenQuote => {
                self.read();
                return Term::Expr(self.string(span, K::CloseQuote, false));
            }
            K::OpenHeredoc => {
                self.read();
                let indented = start.text(self.text).starts_with("<<-");
                return Term::Expr(self.string(span, K::CloseHeredoc, indented));
            }
            K::Minus | K::Not => {
                self.read();
                let operator = match start.kind {
                    K::Minus => UnaryOp::Negate,
                    _ => UnaryOp::Not,
                };
                Kind::Unary(operator, self.with_steps())
            }
            K::OpenBracket => return Term::Expr(self.tuple()),
            K::OpenBrace => return Term::Expr(self.object()),
            _ => {
                self.complain(match start.kind {
                    K::EndOfFile => diagnostics::missing_expression(span),
                    _ => diagnostics::no_expression(span),
                });
                self.recovering = true;
                return Term::Expr(self.placeholder(span));
            }
        };
        Term::Expr(Expr::new(kind, self.since(span)))
    }

    fn parenthesis(&mut self) -> Expr {
        let open = self.read_span();
        self.with_newlines(false, |parser| {
            let (inner, failed) = parser.attempt(Self::expression);
            if failed {
                parser.recover(K::CloseParen);
                return inner;
            }
            if parser.peek().kind != K::CloseParen {
                let span = parser.span_of(parser.peek());
                parser.report(diagnostics::unbalanced_parentheses(span));
                parser.recovering = true;
            }
            parser.read();
            Expr::new(Kind::Parenthesis(inner), parser.since(open))
        })
    }

    fn number(&mut self, token: Token) -> Value {
        let text = token.text(self.text);
        match Number::parse(text) {
            Some(number) => number.into(),
            None => {
                let span = self.span_of(token);
                self.report(diagnostics::no_number(text, span));
                Value::unknown(Type::Number)
            }
        }
    }

    /// The steps that follow.
    fn steps(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            match self.peek().kind {
                K::Dot => self.dot(&mut steps),
                K::OpenBracket => {
                    if self.bracket(&mut steps) {
                        return steps;
                    }
                }
                _ => return steps,
            }
        }
    }

    /// `.name`, `.0` or `.*`.
    fn dot(&mut self, steps: &mut Vec<Step>) {
        let dot = self.read_span();
        let next = self.peek();
        match next.kind {
            K::Ident | K::Number => {
                self.read();
                steps.push(self.dotted(dot, next));
            }
            K::Star => {
                let marker = self.read();
                let marker = dot.to(self.span_of(marker));
                let mut inner = Vec::new();
                while self.peek().kind == K::Dot {
                    let dot = self.read_span();
                    let next = self.peek();
                    if !matches!(next.kind, K::Ident | K::Number) {
                        let span = self.span_of(next);
                        self.complain(match next.kind {
                            K::Star => diagnostics::nested_splat(span),
                            _ => diagnostics::no_attribute_name(span),
                        });
                        self.recovering = true;
                        return;
                    }
                    self.read();
                    inner.push(self.dotted(dot, next));
                }
                steps.push(Step::Splat(inner, marker));
            }
            _ => {
                let span = self.span_of(next);
                self.report(diagnostics::no_attribute_name(span));
                self.recovering = true;
            }
        }
    }

    /// A name or a number after a dot.
    fn dotted(&mut self, dot: Span, token: Token) -> Step {
        let span = dot.to(self.span_of(token));
        let text = token.text(self.text);
        if token.kind == K::Ident {
            return Step::Attr(self.word(text), span);
        }
        if text.contains('.') {
            self.report(diagnostics::chained_legacy_index(text, self.span_of(token)));
        }
        let index = self.number(token);
        Step::Index(Expr::literal(index, span), span)
    }

    /// `[key]` or `[*]`. Whether the latter took all steps that follow.
    fn bracket(&mut self, steps: &mut Vec<Step>) -> bool {
        let open = self.read_span();
        if self.peek().kind == K::Star {
            self.read();
            let close = self.read();
            if close.kind != K::CloseBracket && !self.recovering {
                self.recover(K::CloseBracket);
                self.report(diagnostics::unclosed_splat(self.span_of(self.previous())));
            }
            let marker = self.since(open);
            if self.depth >= self.deepest {
                self.give_up(marker);
                return true;
            }
            self.depth += 1;
            let inner = self.steps();
            self.depth -= 1;
            steps.push(Step::Splat(inner, marker));
            return true;
        }
        let key = self.with_newlines(false, |parser| {
            let (key, lost) = parser.operand();
            if lost {
                parser.recover(K::CloseBracket);
            } else {
                let close = parser.read();
                if close.kind != K::CloseBracket && !parser.recovering {
                    parser.recover(K::CloseBracket);
                    let end = parser.span_of(parser.previous());
                    parser.report(diagnostics::unclosed_index(end));
                }
            }
            key
        });
        let span = self.since(open);
        steps.push(Step::Index(key, span));
        false
    }

    /// A name and what follows: the name of a loop, or a reference.
    fn words(&mut self, root: &str, root_span: Span, mut steps: Vec<Step>, span: Span) -> Kind {
        if let Some(name) = self.names.iter().rev().find(|name| &***name == root) {
            return Kind::Local { name: name.clone(), steps };
        }
        let root = self.word(root);
        if let Some(variables) = &mut self.variables {
            variables.push((root.clone(), root_span));
            return Kind::Local { name: root, steps };
        }
        let attr = |at: usize| match steps.get(at) {
            Some(Step::Attr(name, span)) => Some((name, *span)),
            _ => None,
        };
        let first = attr(0);
        let leading = [first, first.and_then(|_| attr(1))];
        match reference::resolve(&root, leading.map(|step| step.map(|(name, _)| name)), span) {
            Ok((reference, used)) => {
                let last = used.checked_sub(1).and_then(|last| leading[last]);
                let span = last.map_or(root_span, |(_, end)| root_span.to(end));
                steps.drain(..used);
                Kind::Reference { reference, root: (root, root_span), steps, span }
            }
            Err(diagnostic) => {
                let known = steps.iter().map_while(|step| match step {
                    Step::Attr(name, _) => Some(infra_value::Step::Attr(name.clone())),
                    Step::Index(key, _) => key.as_literal().map(infra_value::Step::Index),
                    Step::Splat(..) => None,
                });
                let known: Vec<_> = known.collect();
                let whole = known.len() == steps.len();
                let words = Traversal { root, root_span, steps: known, span };
                Kind::Invalid { words, whole, diagnostic: Box::new(diagnostic) }
            }
        }
    }
}

/// Operands with operators between them that bind equally strongly.
fn chained(first: Expr, rest: Vec<(BinaryOp, Expr)>) -> Expr {
    let Some((_, last)) = rest.last() else { return first };
    let span = first.span().to(last.span());
    Expr::new(Kind::Binary(first, rest), span)
}

/// How strongly the operators bind that bind most strongly.
const STRONGEST: u8 = 5;

/// An operator, and how strongly it binds.
fn binary_operator(kind: K) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        K::Or => (BinaryOp::Or, 0),
        K::And => (BinaryOp::And, 1),
        K::Equal => (BinaryOp::Equal, 2),
        K::NotEqual => (BinaryOp::NotEqual, 2),
        K::Less => (BinaryOp::Less, 3),
        K::LessOrEqual => (BinaryOp::LessOrEqual, 3),
        K::Greater => (BinaryOp::Greater, 3),
        K::GreaterOrEqual => (BinaryOp::GreaterOrEqual, 3),
        K::Plus => (BinaryOp::Add, 4),
        K::Minus => (BinaryOp::Subtract, 4),
        K::Star => (BinaryOp::Multiply, 5),
        K::Slash => (BinaryOp::Divide, 5),
        K::Percent => (BinaryOp::Modulo, 5),
        _ => return None,
    })
}

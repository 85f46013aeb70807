//! From the parser's trees to ours: literals are read, references found, names of loops told apart from references.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{self as hcl, Expression, TraversalOperator};
use hcl_edit::template as tpl;
use infra_diag::{Diagnostics, SourceId, Span};
use infra_value::{Number, Str, Type, Value};

use super::duplicates::Renamed;
use super::expr::{BinaryOp, Expr, For, Kind, Step, Traversal, UnaryOp};
use super::flatten::Written;
use super::{Part, diagnostics, reference};

pub(super) struct Compiler<'a> {
    source: SourceId,
    text: &'a str,
    renamed: &'a Renamed,
    /// Names of loops around what is being compiled, the innermost last.
    pub(super) names: Vec<Str>,
    /// In the text of a template every other name is a variable too: those that were found. Nothing elsewhere.
    pub(super) variables: Option<Vec<(Str, Span)>>,
    pub(super) found: Diagnostics,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(source: SourceId, text: &'a str, renamed: &'a Renamed) -> Self {
        Self {
            source,
            text,
            renamed,
            names: Vec::new(),
            variables: None,
            found: Diagnostics::new(),
        }
    }

    pub(super) fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span { source: self.source, start: range.start as u32, end: range.end as u32 }
    }

    /// The text that a range of the source has.
    pub(super) fn source_text(&self, range: Range<usize>) -> Option<&str> {
        self.text.get(range)
    }

    pub(super) fn expr(&mut self, expr: &Expression) -> Expr {
        let span = self.span(expr.span());
        let kind = match expr {
            Expression::Null(_) => Kind::Literal(Value::null(Type::Any)),
            Expression::Bool(value) => Kind::Literal((*value.value()).into()),
            Expression::Number(_) => Kind::Literal(self.number(span)),
            Expression::String(text) => Kind::Literal(text.as_str().into()),
            Expression::Array(items) => {
                Kind::Tuple(items.iter().map(|item| self.expr(item)).collect())
            }
            Expression::Object(items) => Kind::Object(
                items.iter().map(|(key, value)| (self.key(key), self.expr(value.expr()))).collect(),
            ),
            Expression::StringTemplate(template) => {
                let template = tpl::Template::from_iter(template.iter().cloned());
                self.string(&template, Written::Quoted)
            }
            Expression::HeredocTemplate(heredoc) => {
                let start = self.text.get(span.start as usize..).unwrap_or_default();
                let indented = start.trim_start().starts_with("<<-");
                self.string(
                    &heredoc.template,
                    if indented { Written::Indented } else { Written::Plain },
                )
            }
            Expression::Parenthesis(inner) => Kind::Parenthesis(self.expr(inner.inner())),
            Expression::Variable(name) => self.words(name.as_str(), span, &[], span),
            Expression::Conditional(parts) => Kind::Conditional(
                self.expr(&parts.cond_expr),
                self.expr(&parts.true_expr),
                self.expr(&parts.false_expr),
            ),
            Expression::FuncCall(call) => {
                let namespace: String =
                    call.name.namespace.iter().map(|part| format!("{}::", part.as_str())).collect();
                let name_span = self.span(call.name.name.span());
                let first =
                    call.name.namespace.first().map_or(name_span, |part| self.span(part.span()));
                Kind::Call {
                    name: format!("{namespace}{}", call.name.name.as_str()).into(),
                    name_span: first.to(name_span),
                    arguments: call.args.iter().map(|argument| self.expr(argument)).collect(),
                    expand: call.args.expand_final(),
                }
            }
            Expression::Traversal(traversal) => self.traversal(traversal, span),
            Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    hcl::UnaryOperator::Neg => UnaryOp::Negate,
                    hcl::UnaryOperator::Not => UnaryOp::Not,
                };
                Kind::Unary(operator, self.expr(&operation.expr))
            }
            Expression::BinaryOp(operation) => Kind::Binary(
                binary(*operation.operator.value()),
                self.expr(&operation.lhs_expr),
                self.expr(&operation.rhs_expr),
            ),
            Expression::ForExpr(parts) => self.for_expr(parts),
        };
        Expr::new(kind, span)
    }

    fn number(&mut self, span: Span) -> Value {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default().trim();
        match Number::parse(text) {
            Some(number) => number.into(),
            None => {
                self.found.push(diagnostics::no_number(text, span));
                Value::unknown(Type::Number)
            }
        }
    }

    fn key(&mut self, key: &hcl::ObjectKey) -> Expr {
        let span = self.span(key.span());
        match key {
            hcl::ObjectKey::Ident(name) => {
                let text =
                    self.renamed.original(span.start as usize).unwrap_or_else(|| name.as_str());
                Expr::literal(text.into(), span)
            }
            hcl::ObjectKey::Expression(Expression::String(text)) => {
                let text =
                    self.renamed.original(span.start as usize + 1).unwrap_or_else(|| text.as_str());
                Expr::literal(text.into(), span)
            }
            hcl::ObjectKey::Expression(expr) => self.expr(expr),
        }
    }

    /// A template that is a string; one interpolation alone is the value itself.
    fn string(&mut self, template: &tpl::Template, written: Written) -> Kind {
        let mut parts = self.template(template, written);
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

    fn for_expr(&mut self, parts: &hcl::ForExpr) -> Kind {
        let collection = self.expr(&parts.intro.collection_expr);
        let key_name: Option<Str> = parts.intro.key_var.as_ref().map(|name| name.as_str().into());
        let value_name: Str = parts.intro.value_var.as_str().into();
        let count = self.names.len();
        self.names.extend(key_name.clone());
        self.names.push(value_name.clone());
        let compiled = For {
            key_name,
            value_name,
            collection,
            key: parts.key_expr.as_ref().map(|key| self.expr(key)),
            value: self.expr(&parts.value_expr),
            condition: parts.cond.as_ref().map(|condition| self.expr(&condition.expr)),
            grouping: parts.grouping,
        };
        self.names.truncate(count);
        Kind::For(Box::new(compiled))
    }

    fn traversal(&mut self, traversal: &hcl::Traversal, span: Span) -> Kind {
        match &traversal.expr {
            Expression::Variable(name) => {
                let root_span = self.span(name.span());
                self.words(name.as_str(), root_span, &traversal.operators, span)
            }
            inner => {
                let inner = self.expr(inner);
                Kind::Access(inner, self.steps(&traversal.operators))
            }
        }
    }

    /// A name and what follows: the name of a loop, or a reference.
    fn words(
        &mut self,
        root: &str,
        root_span: Span,
        operators: &[hcl_edit::Decorated<TraversalOperator>],
        span: Span,
    ) -> Kind {
        if let Some(name) = self.names.iter().rev().find(|name| &***name == root) {
            let name = name.clone();
            return Kind::Local { name, steps: self.steps(operators) };
        }
        if let Some(variables) = &mut self.variables {
            let name = Str::from(root);
            variables.push((name.clone(), root_span));
            return Kind::Local { name, steps: self.steps(operators) };
        }
        let mut names: Vec<Str> = Vec::new();
        let mut last = root_span;
        let mut ends = Vec::new();
        for operator in operators {
            let TraversalOperator::GetAttr(name) = operator.value() else { break };
            names.push(name.as_str().into());
            last = last.to(self.span(name.span()));
            ends.push(last);
        }
        match reference::resolve(root, &names, span) {
            Ok((reference, used)) => {
                let named = ends.get(used.wrapping_sub(1)).copied().unwrap_or(root_span);
                let words = Traversal {
                    root: root.into(),
                    root_span,
                    steps: names[..used].iter().cloned().map(infra_value::Step::Attr).collect(),
                    span: named,
                };
                Kind::Reference {
                    reference,
                    words,
                    steps: self.steps(&operators[used..]),
                    span: named,
                }
            }
            Err(diagnostic) => {
                let steps = self.steps(operators);
                let known = steps.iter().map(|step| match step {
                    Step::Attr(name, _) => Some(infra_value::Step::Attr(name.clone())),
                    Step::Index(key, _) => key.as_literal().map(infra_value::Step::Index),
                    Step::Splat(..) => None,
                });
                let steps = known.map_while(|step| step).collect();
                Kind::Invalid {
                    words: Traversal { root: root.into(), root_span, steps, span },
                    diagnostic,
                }
            }
        }
    }

    fn steps(&mut self, operators: &[hcl_edit::Decorated<TraversalOperator>]) -> Vec<Step> {
        let mut steps = Vec::with_capacity(operators.len());
        let mut rest = operators;
        while let Some((operator, after)) = rest.split_first() {
            rest = after;
            let span = self.span(operator.span());
            match operator.value() {
                TraversalOperator::GetAttr(name) => {
                    steps.push(Step::Attr(name.as_str().into(), span));
                }
                TraversalOperator::Index(key) => steps.push(Step::Index(self.expr(key), span)),
                TraversalOperator::LegacyIndex(index) => {
                    let index = i64::try_from(*index.value()).unwrap_or(i64::MAX);
                    steps.push(Step::Index(Expr::literal(index.into(), span), span));
                }
                TraversalOperator::FullSplat(_) => {
                    steps.push(Step::Splat(self.steps(rest), span));
                    return steps;
                }
                TraversalOperator::AttrSplat(_) => {
                    // Only attributes belong to each element; an index after that is one into the result.
                    let own = rest
                        .iter()
                        .take_while(|next| matches!(next.value(), TraversalOperator::GetAttr(_)))
                        .count();
                    let (inner, outer) = rest.split_at(own);
                    steps.push(Step::Splat(self.steps(inner), span));
                    rest = outer;
                }
            }
        }
        steps
    }
}

fn binary(operator: hcl::BinaryOperator) -> BinaryOp {
    use hcl::BinaryOperator as Hcl;
    match operator {
        Hcl::Or => BinaryOp::Or,
        Hcl::And => BinaryOp::And,
        Hcl::Eq => BinaryOp::Equal,
        Hcl::NotEq => BinaryOp::NotEqual,
        Hcl::Less => BinaryOp::Less,
        Hcl::LessEq => BinaryOp::LessOrEqual,
        Hcl::Greater => BinaryOp::Greater,
        Hcl::GreaterEq => BinaryOp::GreaterOrEqual,
        Hcl::Plus => BinaryOp::Add,
        Hcl::Minus => BinaryOp::Subtract,
        Hcl::Mul => BinaryOp::Multiply,
        Hcl::Div => BinaryOp::Divide,
        Hcl::Mod => BinaryOp::Modulo,
    }
}

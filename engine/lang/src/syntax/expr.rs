//! Expressions.

use std::sync::{Arc, OnceLock};

use infra_diag::{Diagnostic, Span};
use infra_value::{Str, Value};

use super::{Located, Part, Reference};

/// A compiled expression. Cheap to clone.
#[derive(Clone)]
pub struct Expr(pub(super) Arc<Node>);

pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) start: Span,
    pub(super) references: OnceLock<Box<[Located]>>,
    /// The text of a template in JSON, which is nothing but a text where nothing is evaluated.
    pub(super) text: Option<Str>,
}

/// What an expression is.
#[derive(Debug)]
pub enum Kind {
    /// A value that stands in the text.
    Literal(Value),
    /// A string with parts that are evaluated. `wrapped`: the whole is one `${...}`, whose value it is.
    Template(Vec<Part>),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`, in the order of the text. A key that is a bare name is a literal string.
    Object(Vec<(Expr, Expr)>),
    /// A name and steps that refer to an object of the configuration.
    Reference {
        /// The object.
        reference: Reference,
        /// The first word, as it was written, and where.
        root: (Str, Span),
        /// The steps after those that name the object.
        steps: Vec<Step>,
        /// The span of what names the object.
        span: Span,
    },
    /// A variable of a `for` expression, a template loop or a `dynamic` block, and steps.
    Local {
        /// Its name.
        name: Str,
        /// The steps after it.
        steps: Vec<Step>,
    },
    /// Words that refer to nothing; the diagnostic says why, if they are evaluated.
    Invalid {
        /// The words, for places where they are not a reference.
        words: Traversal,
        /// Whether nothing but plain steps follow the words.
        whole: bool,
        /// Why they are none.
        diagnostic: Box<Diagnostic>,
    },
    /// A string in JSON that is no template or expression; why is told where it is evaluated.
    Unread(Vec<Diagnostic>),
    /// An expression and steps into its value.
    Access(Expr, Vec<Step>),
    /// `a ? b : c`.
    Conditional(Expr, Expr, Expr),
    /// `f(a, b...)`.
    Call {
        /// The name, with namespaces.
        name: Str,
        /// Where the name stands.
        name_span: Span,
        /// The function, if it is a built-in one.
        builtin: Option<crate::functions::Builtin>,
        /// The arguments.
        arguments: Vec<Expr>,
        /// Whether the last argument is expanded with `...`.
        expand: bool,
    },
    /// `-a`, `!a`.
    Unary(UnaryOp, Expr),
    /// `a + b - c`: operators that bind equally strongly, from left to right. Flat, since what is generated may have thousands.
    Binary(Expr, Vec<(BinaryOp, Expr)>),
    /// `[for ...]`, `{for ...}`.
    For(Box<For>),
    /// `(a)`.
    Parenthesis(Expr),
}

impl Kind {
    /// Where what decides it begins, of an expression that stands at `span`.
    fn start(&self, span: Span) -> Span {
        match self {
            Self::Parenthesis(inner) | Self::Conditional(inner, ..) | Self::Binary(inner, _) => {
                inner.start()
            }
            Self::Access(_, steps) | Self::Reference { steps, .. } | Self::Local { steps, .. } => {
                match steps.last() {
                    Some(Step::Splat(_, marker)) => *marker,
                    Some(Step::Index(key, index)) if key.as_literal().is_none() => *index,
                    _ => span,
                }
            }
            Self::Tuple(_) | Self::Object(_) | Self::For(_) | Self::Unary(..) => span.first(),
            Self::Call { name_span, .. } => name_span.and_next(),
            _ => span,
        }
    }
}

/// A `for` expression.
#[derive(Debug)]
pub struct For {
    /// The name of the key or index.
    pub key_name: Option<Str>,
    /// The name of the element.
    pub value_name: Str,
    /// What is gone through.
    pub collection: Expr,
    /// The key of each result; without it the result is a tuple.
    pub key: Option<Expr>,
    /// Each result.
    pub value: Expr,
    /// Only elements for which this is true.
    pub condition: Option<Expr>,
    /// Results with the same key are collected.
    pub grouping: bool,
}

/// A step into a value.
#[derive(Debug)]
pub enum Step {
    /// `.name`.
    Attr(Str, Span),
    /// `[key]`.
    Index(Expr, Span),
    /// `.*` or `[*]`, and the steps that are taken in each element.
    Splat(Vec<Self>, Span),
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`.
    Negate,
    /// `!`.
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// Words with steps that are all known from the text: `aws_vpc.main`, `tags["Name"]`.
#[derive(Clone, PartialEq, Debug)]
pub struct Traversal {
    /// The first word.
    pub root: Str,
    /// Where the first word stands.
    pub root_span: Span,
    /// The steps after it.
    pub steps: Vec<infra_value::Step>,
    /// The whole.
    pub span: Span,
}

/// As in an address: keys in quotes or as numbers.
impl std::fmt::Display for Traversal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        for step in &self.steps {
            match step {
                infra_value::Step::Attr(name) => write!(f, ".{name}")?,
                infra_value::Step::Index(key) => match instance_key(key) {
                    Some(key) => write!(f, "{key}")?,
                    None => write!(f, "[...]")?,
                },
            }
        }
        Ok(())
    }
}

impl Expr {
    /// An expression that stands at a place.
    pub fn new(kind: Kind, span: Span) -> Self {
        let start = kind.start(span);
        Self::starting(kind, span, start)
    }

    /// The same with what decides it elsewhere: a template begins where its first part does.
    pub(super) fn starting(kind: Kind, span: Span, start: Span) -> Self {
        Self(Arc::new(Node { kind, span, start, references: OnceLock::new(), text: None }))
    }

    /// The same as a template that stands in JSON.
    pub(crate) fn in_json(mut self, text: &str) -> Self {
        if let Some(node) = Arc::get_mut(&mut self.0) {
            node.text = Some(text.into());
        }
        self
    }

    /// Whether it is a template that stands in JSON.
    pub(crate) fn is_in_json(&self) -> bool {
        self.0.text.is_some()
    }

    /// What it is where nothing is evaluated: templates in JSON are text there.
    pub(crate) fn unevaluated(&self) -> Self {
        let mut found = false;
        self.visit(&mut |part| found |= part.0.text.is_some());
        if !found {
            return self.clone();
        }
        let kind = match (&self.0.text, self.kind()) {
            (Some(text), _) => Kind::Literal(text.clone().into()),
            (None, Kind::Tuple(items)) => {
                Kind::Tuple(items.iter().map(Self::unevaluated).collect())
            }
            (None, Kind::Object(items)) => Kind::Object(
                items.iter().map(|(key, item)| (key.unevaluated(), item.unevaluated())).collect(),
            ),
            _ => return self.clone(),
        };
        Self::new(kind, self.span())
    }

    /// An expression that is a value.
    pub fn literal(value: Value, span: Span) -> Self {
        Self::new(Kind::Literal(value), span)
    }

    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// Where what decides it begins: what problems of arguments point at.
    pub fn start(&self) -> Span {
        self.0.start
    }

    /// The objects that it refers to, in the order of the text.
    pub fn references(&self) -> &[Located] {
        self.0.references.get_or_init(|| {
            let mut found = Vec::new();
            self.collect(&mut found);
            found.into()
        })
    }

    fn collect(&self, found: &mut Vec<Located>) {
        self.visit(&mut |expr| {
            let Kind::Reference { reference, steps, span, .. } = expr.kind() else { return };
            let indexed = matches!(steps.first(), Some(Step::Index(..)));
            let key = match steps.first() {
                Some(Step::Index(key, _)) => key.as_literal().and_then(|key| instance_key(&key)),
                _ => None,
            };
            let attr = match steps.get(usize::from(indexed)) {
                Some(Step::Attr(name, _)) => Some(name.clone()),
                _ => None,
            };
            let steps = steps.iter().map_while(|step| match step {
                Step::Attr(name, _) => Some(infra_value::Step::Attr(name.clone())),
                Step::Index(key, _) => Some(infra_value::Step::Index(key.as_literal()?)),
                Step::Splat(..) => None,
            });
            let (reference, steps) = (reference.clone(), steps.collect());
            found.push(Located { reference, span: *span, key, attr, steps });
        });
    }

    /// Whether a function is called anywhere in it.
    pub fn has_calls(&self) -> bool {
        let mut found = false;
        self.visit(&mut |expr| found = found || matches!(expr.kind(), Kind::Call { .. }));
        found
    }

    /// Calls `visit` with the expression, and with all that it consists of, in the order of the text.
    pub fn visit(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        let mut each = |expr: &Self| expr.visit(visit);
        match self.kind() {
            Kind::Literal(_) | Kind::Invalid { .. } | Kind::Unread(_) => {}
            Kind::Template(parts) => super::template::visit(parts, &mut each),
            Kind::Tuple(items) => items.iter().for_each(each),
            Kind::Object(items) => items.iter().for_each(|(key, value)| {
                each(key);
                each(value);
            }),
            Kind::Reference { steps, .. } | Kind::Local { steps, .. } => {
                visit_steps(steps, &mut each);
            }
            Kind::Access(inner, steps) => {
                each(inner);
                visit_steps(steps, &mut each);
            }
            Kind::Conditional(a, b, c) => [a, b, c].into_iter().for_each(each),
            // The second argument of `convert` is a type, whose words refer to nothing.
            Kind::Call { name, arguments, .. }
                if matches!(&**name, "convert" | "core::convert") =>
            {
                arguments.iter().take(1).for_each(each);
            }
            Kind::Call { arguments, .. } => arguments.iter().for_each(each),
            Kind::Unary(_, inner) | Kind::Parenthesis(inner) => each(inner),
            Kind::Binary(first, rest) => {
                each(first);
                rest.iter().for_each(|(_, operand)| each(operand));
            }
            Kind::For(parts) => {
                let For { collection, key, value, condition, .. } = &**parts;
                let parts = [Some(collection), key.as_ref(), Some(value), condition.as_ref()];
                parts.into_iter().flatten().for_each(each);
            }
        }
    }

    /// Whether it has dots and is not in parentheses: as the key of an object it may be a reference or a name.
    pub fn is_ambiguous_key(&self) -> bool {
        matches!(self.kind(), Kind::Reference { .. } | Kind::Invalid { .. })
            && self.as_traversal().is_some()
    }

    /// The one word that it is, such as `string` or `all`.
    pub fn as_keyword(&self) -> Option<&str> {
        match self.kind() {
            Kind::Invalid { words, .. } if words.steps.is_empty() => Some(&words.root),
            Kind::Reference { reference: Reference::SelfObject, root, .. } => Some(&root.0),
            Kind::Local { name, steps } if steps.is_empty() => Some(name),
            _ => None,
        }
    }

    /// The value that stands in the text.
    pub fn as_literal(&self) -> Option<Value> {
        match self.kind() {
            Kind::Literal(value) => Some(value.clone()),
            Kind::Parenthesis(inner) => inner.as_literal(),
            Kind::Unary(UnaryOp::Negate, inner) => {
                Some(inner.as_literal()?.as_number()?.neg().into())
            }
            _ => None,
        }
    }

    /// The words that name an object, or should.
    pub fn words(&self) -> Option<Traversal> {
        match self.kind() {
            Kind::Invalid { words, .. } => Some(words.clone()),
            Kind::Reference { reference, root: (root, root_span), span, .. } => {
                let names = reference.names(root).map(infra_value::Step::Attr);
                let (root, root_span, steps) = (root.clone(), *root_span, names.collect());
                Some(Traversal { root, root_span, steps, span: *span })
            }
            _ => None,
        }
    }

    /// The words and steps that it is, if all of them are known from the text.
    pub fn as_traversal(&self) -> Option<Traversal> {
        let steps = match self.kind() {
            Kind::Invalid { words, whole, .. } => return whole.then(|| words.clone()),
            Kind::Reference { steps, .. } => steps,
            _ => return None,
        };
        let mut traversal = self.words()?;
        for step in steps {
            traversal.steps.push(match step {
                Step::Attr(name, _) => infra_value::Step::Attr(name.clone()),
                Step::Index(key, _) => infra_value::Step::Index(key.as_literal()?),
                Step::Splat(..) => return None,
            });
        }
        traversal.span = self.span();
        Some(traversal)
    }

    /// The elements, if it is `[...]`.
    pub fn as_tuple(&self) -> Option<&[Self]> {
        match self.kind() {
            Kind::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is `{...}`.
    pub fn as_object(&self) -> Option<&[(Self, Self)]> {
        match self.kind() {
            Kind::Object(items) => Some(items),
            _ => None,
        }
    }

    /// Function and arguments, if it is a call.
    pub fn as_call(&self) -> Option<(&str, &[Self])> {
        match self.kind() {
            Kind::Call { name, arguments, .. } => Some((name, arguments)),
            _ => None,
        }
    }
}

/// A value as the key of an instance, if it can be one.
pub(crate) fn instance_key(value: &Value) -> Option<infra_addrs::InstanceKey> {
    match value.data() {
        infra_value::Data::String(key) => Some(infra_addrs::InstanceKey::String(key.clone())),
        infra_value::Data::Number(index) => Some(infra_addrs::InstanceKey::Int(index.to_i64()?)),
        _ => None,
    }
}

fn visit_steps(steps: &[Step], visit: &mut impl FnMut(&Expr)) {
    for step in steps {
        match step {
            Step::Attr(..) => {}
            Step::Index(key, _) => visit(key),
            Step::Splat(inner, _) => visit_steps(inner, visit),
        }
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind().fmt(f)
    }
}

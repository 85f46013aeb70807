//! Bodies, attributes and blocks.

use std::borrow::Cow;

use infra_diag::{Diagnostic, Severity, Span};
use infra_provider::Block as Schema;
use infra_value::Str;

use super::Expr;

/// What stands in a file or between the braces of a block.
#[derive(Clone, Debug)]
pub struct Body {
    /// In the order of the text.
    pub attributes: Vec<Attribute>,
    /// In the order of the text.
    pub blocks: Vec<Block>,
    /// The whole.
    pub span: Span,
    /// The brace that opens it: where something is missing.
    pub open: Span,
    /// Whether it was written in JSON, where only a schema tells arguments from blocks.
    pub json: bool,
    /// The header of the block that has changed it, if a file that overrides has.
    pub overridden: Option<Span>,
}

/// `name = expression`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Str,
    /// Where the name stands.
    pub name_span: Span,
    /// The expression.
    pub expr: Expr,
    /// The whole.
    pub span: Span,
}

/// `type "label" { ... }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The type.
    pub ty: Str,
    /// Where the type stands.
    pub ty_span: Span,
    /// The labels.
    pub labels: Vec<Label>,
    /// What is between the braces.
    pub body: Body,
    /// Type and labels.
    pub header: Span,
}

/// A label of a block.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its text, without quotes.
    pub text: Str,
    /// Where it stands.
    pub span: Span,
}

impl Body {
    /// A body in which nothing stands.
    pub fn empty(span: Span) -> Self {
        let (attributes, blocks) = (Vec::new(), Vec::new());
        Self { attributes, blocks, span, open: span, json: false, overridden: None }
    }

    /// What is told of something that may not stand here. Terraform takes no notice of it where a file that overrides
    /// has changed the body, so it is a warning there.
    pub fn unexpected(&self, problem: Diagnostic) -> Diagnostic {
        match self.overridden.is_some() {
            true => Diagnostic { severity: Severity::Warning, ..problem },
            false => problem,
        }
    }

    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The blocks of a type.
    pub fn blocks_of<'b>(&'b self, ty: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| &*block.ty == ty)
    }

    /// Takes the attribute of a name out of the body.
    pub fn take_attribute(&mut self, name: &str) -> Option<Attribute> {
        let at = self.attributes.iter().position(|attribute| &*attribute.name == name)?;
        Some(self.attributes.remove(at))
    }

    /// Takes the blocks of a type out of the body.
    pub fn take_blocks(&mut self, ty: &str) -> Vec<Block> {
        self.blocks.extract_if(.., |block| &*block.ty == ty).collect()
    }

    /// The body with the blocks that a schema names. In JSON they are arguments before.
    pub fn for_schema(&self, schema: &Schema) -> Cow<'_, Self> {
        if !self.json {
            return Cow::Borrowed(self);
        }
        let mut body = Self { attributes: Vec::new(), ..self.clone() };
        for attribute in &self.attributes {
            let name = &attribute.name;
            if &**name == "dynamic" {
                for (ty, expr) in entries(&attribute.expr) {
                    let label = Label { text: ty.name.clone(), span: ty.name_span };
                    let mut made = Vec::new();
                    nested(attribute, expr.span().first(), expr, &mut made);
                    body.blocks.extend(made.into_iter().map(|block| block.into_dynamic(&label)));
                }
            } else if schema.blocks.contains_key(name) {
                nested(attribute, attribute.expr.span().first(), &attribute.expr, &mut body.blocks);
            } else {
                body.attributes.push(attribute.clone());
            }
        }
        Cow::Owned(body)
    }
}

impl Block {
    /// A block of JSON that stands for a `dynamic` block.
    fn into_dynamic(mut self, label: &Label) -> Self {
        self.labels = vec![label.clone()];
        if let Some(content) = self.body.take_attribute("content") {
            nested(&content, content.expr.span().first(), &content.expr, &mut self.body.blocks);
        }
        self
    }
}

/// The entries of an object, or of the objects of a tuple, whose names are text.
fn entries(expr: &Expr) -> Vec<(Attribute, &Expr)> {
    let Some(entries) = expr.as_object() else {
        return expr.as_tuple().unwrap_or_default().iter().flat_map(entries).collect();
    };
    let named = entries.iter().filter_map(|(key, value)| {
        let (name, name_span) = (key.as_literal()?.as_str()?.into(), key.span());
        let span = name_span.to(value.span());
        Some((Attribute { name, name_span, expr: value.clone(), span }, value))
    });
    named.filter(|(attribute, _)| &*attribute.name != "//").collect()
}

/// The blocks that an argument of JSON stands for: one for an object, several for a tuple.
fn nested(attribute: &Attribute, header: Span, expr: &Expr, found: &mut Vec<Block>) {
    if let Some(items) = expr.as_tuple() {
        return items.iter().for_each(|item| nested(attribute, header, item, found));
    }
    if expr.as_literal().is_some_and(|value| value.is_null()) {
        return;
    }
    let attributes = entries(expr).into_iter().map(|(attribute, _)| attribute).collect();
    let span = expr.span();
    let open = Span { start: span.end.saturating_sub(1), ..span };
    found.push(Block {
        ty: attribute.name.clone(),
        ty_span: attribute.name_span,
        labels: Vec::new(),
        body: Body { attributes, open, json: true, ..Body::empty(span) },
        header,
    });
}

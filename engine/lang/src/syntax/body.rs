//! Bodies, attributes and blocks.

use infra_diag::Span;
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
        Self { attributes: Vec::new(), blocks: Vec::new(), span, open: span }
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
}

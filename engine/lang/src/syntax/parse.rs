//! From text to trees.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure as hcl;
use infra_diag::{Diagnostics, SourceId, Span};

use super::compile::Compiler;
use super::duplicates::Renamed;
use super::flatten::Written;
use super::{Attribute, Block, Body, Expr, Label, Part, diagnostics, recover};

/// Reads a configuration file. What could be read is given also after mistakes.
pub fn parse(source: SourceId, text: &str, diags: &mut Diagnostics) -> Body {
    // A byte order mark is not part of the text; its place is kept so that spans stay right.
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => format!("   {rest}"),
        None => text.to_owned(),
    };
    let mut renamed = Renamed::default();
    match renamed.parse(&text, str::parse::<hcl_edit::structure::Body>) {
        Ok(parsed) => {
            let mut reader = Reader { compiler: Compiler::new(source, &text, &renamed), diags };
            reader.body(&parsed, 0..text.len(), 0..0)
        }
        Err(error) => recover::parse(source, &text, &error, diags),
    }
}

/// Reads one expression.
pub fn parse_expr(source: SourceId, text: &str, diags: &mut Diagnostics) -> Option<Expr> {
    let mut renamed = Renamed::default();
    match renamed.parse(text.trim_end(), str::parse::<hcl_edit::expr::Expression>) {
        Ok(parsed) => {
            let mut compiler = Compiler::new(source, text, &renamed);
            let expr = compiler.expr(&parsed);
            diags.extend(compiler.found);
            Some(expr)
        }
        Err(error) => {
            diags.push(diagnostics::syntax(
                error.message(),
                place(source, text, error.location().offset()),
            ));
            None
        }
    }
}

/// The text of a template, and the variables that it refers to.
pub struct Template {
    /// Its parts.
    pub parts: Vec<Part>,
    /// Names of variables, with each place.
    pub variables: Vec<(infra_value::Str, Span)>,
}

/// Reads a template: text with `${...}` and `%{...}`.
pub fn parse_template(source: SourceId, text: &str, diags: &mut Diagnostics) -> Option<Template> {
    let mut renamed = Renamed::default();
    match renamed.parse(text, str::parse::<hcl_edit::template::Template>) {
        Ok(parsed) => {
            let mut compiler = Compiler::new(source, text, &renamed);
            compiler.variables = Some(Vec::new());
            let parts = compiler.template(&parsed, Written::Plain);
            diags.extend(compiler.found);
            Some(Template { parts, variables: compiler.variables.unwrap_or_default() })
        }
        Err(error) => {
            diags.push(diagnostics::syntax(
                error.message(),
                place(source, text, error.location().offset()),
            ));
            None
        }
    }
}

/// The character at an offset.
pub(super) fn place(source: SourceId, text: &str, offset: usize) -> Span {
    let start = offset.min(text.len());
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span { source, start: start as u32, end: (start + length) as u32 }
}

pub(super) struct Reader<'a, 'd> {
    pub(super) compiler: Compiler<'a>,
    pub(super) diags: &'d mut Diagnostics,
}

impl Reader<'_, '_> {
    pub(super) fn body(
        &mut self,
        body: &hcl::Body,
        range: std::ops::Range<usize>,
        open: std::ops::Range<usize>,
    ) -> Body {
        let span = self.compiler.span(Some(range));
        let open = self.compiler.span(Some(open));
        let mut found = Body { attributes: Vec::new(), blocks: Vec::new(), span, open };
        for structure in body {
            match structure {
                hcl::Structure::Attribute(attribute) => {
                    found.attributes.push(self.attribute(attribute));
                }
                hcl::Structure::Block(block) => found.blocks.push(self.block(block)),
            }
        }
        self.diags.extend(std::mem::take(&mut self.compiler.found));
        found
    }

    fn attribute(&mut self, attribute: &hcl::Attribute) -> Attribute {
        let expr = self.compiler.expr(&attribute.value);
        let name_span = self.compiler.span(attribute.key.span());
        Attribute {
            name: attribute.key.as_str().into(),
            name_span,
            span: name_span.to(expr.span()),
            expr,
        }
    }

    fn block(&mut self, block: &hcl::Block) -> Block {
        let ty_span = self.compiler.span(block.ident.span());
        let labels: Vec<Label> = block
            .labels
            .iter()
            .map(|label| Label {
                text: label.as_str().into(),
                span: self.compiler.span(label.span()),
            })
            .collect();
        let header = labels.last().map_or(ty_span, |last| ty_span.to(last.span));
        let whole = block.span().unwrap_or(0..0);
        let after = self.compiler.source_text(header.end as usize..whole.end).unwrap_or_default();
        let open = header.end as usize + after.find('{').unwrap_or(0);
        let iterator = iterator(block);
        // Inside `content` of a `dynamic` block its iterator is a name like that of a `for` expression.
        let dynamic = iterator.is_some();
        if let Some(name) = iterator {
            self.compiler.names.push(name.as_str().into());
        }
        let body = self.body(&block.body, whole, open..open + 1);
        if dynamic {
            self.compiler.names.pop();
        }
        Block { ty: block.ident.as_str().into(), ty_span, labels, body, header }
    }
}

/// The name of the iterator of a `dynamic` block.
fn iterator(block: &hcl::Block) -> Option<String> {
    if block.ident.as_str() != "dynamic" || block.labels.len() != 1 {
        return None;
    }
    let named = block.body.get_attribute("iterator").and_then(|attribute| match &attribute.value {
        Expression::Variable(name) => Some(name.as_str().to_owned()),
        Expression::String(name) => Some(name.as_str().to_owned()),
        _ => None,
    });
    Some(named.unwrap_or_else(|| block.labels[0].as_str().to_owned()))
}

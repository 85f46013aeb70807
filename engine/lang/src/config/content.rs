//! What may stand in a block whose meaning is built in.

use infra_diag::Diagnostics;
use infra_value::{Type, convert};

use super::diagnostics;
use crate::eval::constraint;
use crate::syntax::{Block, Body, Expr};

/// Arguments, those of them that must be there, and blocks with the names of their labels.
#[derive(Default)]
pub(super) struct Content {
    pub(super) arguments: &'static [&'static str],
    pub(super) required: &'static [&'static str],
    pub(super) blocks: &'static [(&'static str, &'static [&'static str])],
}

impl Content {
    /// Takes the arguments and blocks that are named here out of a body. What is missing, and blocks with the wrong
    /// labels, are reported.
    pub(super) fn take(&self, body: &mut Body, diags: &mut Diagnostics) -> Body {
        let mut taken = Body { attributes: Vec::new(), blocks: Vec::new(), ..*body };
        let named = |name: &str| self.arguments.contains(&name) || self.required.contains(&name);
        taken.attributes.extend(body.attributes.extract_if(.., |found| named(&found.name)));
        for block in body.blocks.extract_if(.., |found| self.labels(&found.ty).is_some()) {
            if labels_fit(&block, self.labels(&block.ty).unwrap_or_default(), diags) {
                taken.blocks.push(block);
            }
        }
        for name in self.required {
            if taken.attribute(name).is_none() {
                diags.push(diagnostics::missing(name).at(body.open));
            }
        }
        taken
    }

    /// Like [`Content::take`] for a block in which nothing else may stand.
    pub(super) fn read(&self, mut body: Body, diags: &mut Diagnostics) -> Body {
        let taken = self.take(&mut body, diags);
        for attribute in &body.attributes {
            if body.json {
                let extraneous = diagnostics::json_extraneous(&attribute.name);
                diags.push(extraneous.at(attribute.name_span));
                continue;
            }
            let known = self.arguments.iter().chain(self.required).copied();
            let mut diagnostic = diagnostics::unsupported(&attribute.name, known);
            if self.labels(&attribute.name).is_some() {
                diagnostic.detail.push_str(" Did you mean to define a block of that type?");
            }
            diags.push(diagnostic.at(attribute.name_span));
        }
        for block in &body.blocks {
            let known = self.blocks.iter().map(|(name, _)| *name);
            diags.push(diagnostics::unknown_block(&block.ty, known).at(block.ty_span));
        }
        taken
    }

    /// The labels of a block, if there may be one of that type.
    pub(super) fn labels(&self, ty: &str) -> Option<&'static [&'static str]> {
        self.blocks.iter().find(|(name, _)| *name == ty).map(|(_, labels)| *labels)
    }
}

/// Whether a block has as many labels as it should; if not, that is reported.
pub(super) fn labels_fit(block: &Block, names: &[&str], diags: &mut Diagnostics) -> bool {
    if let Some(extra) = block.labels.get(names.len()) {
        diags.push(diagnostics::extra_label(&block.ty, names).at(extra.span));
        return false;
    }
    if let Some(missing) = names.get(block.labels.len()) {
        diags.push(diagnostics::missing_label(&block.ty, missing, names).at(block.body.open));
        return false;
    }
    true
}

/// Whether a text can be the name of something.
pub(super) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Reports a label that cannot be a name.
pub(super) fn check_name(
    block: &Block,
    label: usize,
    summary: &'static str,
    diags: &mut Diagnostics,
) {
    if let Some(label) = block.labels.get(label).filter(|label| !is_name(&label.text)) {
        diags.push(diagnostics::wrong_name(summary).at(label.span));
    }
}

/// A `true` or `false` that refers to nothing.
pub(super) fn flag(expr: &Expr, diags: &mut Diagnostics) -> Option<bool> {
    literal(expr, &Type::Bool, diags)?.as_bool()
}

/// A string that refers to nothing.
pub(super) fn text(expr: &Expr, diags: &mut Diagnostics) -> Option<String> {
    literal(expr, &Type::String, diags)?.as_str().map(str::to_owned)
}

fn literal(expr: &Expr, ty: &Type, diags: &mut Diagnostics) -> Option<infra_value::Value> {
    let problem = match constraint::constant(expr, diags) {
        None => "value must be known".to_owned(),
        Some(value) if !value.is_known() => "value must be known".to_owned(),
        Some(value) if value.is_null() => "null value is not allowed".to_owned(),
        Some(value) => match convert::convert(&value, ty) {
            Ok(value) => return Some(value),
            Err(error) => error.to_string(),
        },
    };
    diags.push(diagnostics::unsuitable(&problem).at(expr.start()));
    None
}

/// The elements of a list that is written out.
pub(super) fn list<'e>(expr: &'e Expr, diags: &mut Diagnostics) -> &'e [Expr] {
    expr.as_tuple().unwrap_or_else(|| {
        diags.push(diagnostics::list_needed().at(expr.start()));
        &[]
    })
}

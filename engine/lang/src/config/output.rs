//! `output` blocks and local values.

use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::module::Module;
use super::resource::{Condition, conditions, depends_on};
use super::variable::flag;
use super::{blocks, diagnostics};
use crate::syntax::{Block, Expr, Located};

/// A local value.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Str,
    /// Where the name stands.
    pub span: Span,
    /// Its expression.
    pub expr: Expr,
}

/// An output value.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Str,
    /// The first line of the block.
    pub span: Span,
    /// Its expression.
    pub expr: Expr,
    /// What it is.
    pub description: Option<String>,
    /// It must not be shown.
    pub sensitive: bool,
    /// It must not be stored.
    pub ephemeral: bool,
    /// What must be done before it has its value.
    pub depends_on: Vec<Located>,
    /// Conditions.
    pub preconditions: Vec<Condition>,
    block: Block,
}

pub(super) fn read(module: &mut Module, block: Block, overriding: bool, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    let block = match module.outputs.remove(&name) {
        Some(before) if overriding => {
            let mut merged = before.block;
            blocks::override_body(&mut merged.body, block.body);
            merged
        }
        Some(before) => {
            diags.push(diagnostics::duplicate("output", &name).at(block.header));
            module.outputs.insert(name, before);
            return;
        }
        None => block,
    };
    let Some(value) = block.body.attribute("value").map(|attribute| attribute.expr.clone()) else {
        diags.push(
            diagnostics::missing("value").at(block.body.open).within(format!("output \"{name}\"")),
        );
        return;
    };
    let mut output = Output {
        name: name.clone(),
        span: block.header,
        expr: value,
        description: None,
        sensitive: false,
        ephemeral: false,
        depends_on: Vec::new(),
        preconditions: Vec::new(),
        block: block.clone(),
    };
    for attribute in &block.body.attributes {
        match &*attribute.name {
            "value" | "type" | "deprecated" => {}
            "description" => {
                output.description =
                    attribute.expr.as_literal().and_then(|value| value.as_str().map(str::to_owned));
            }
            "sensitive" => output.sensitive = flag(&attribute.expr, "sensitive", diags),
            "ephemeral" => output.ephemeral = flag(&attribute.expr, "ephemeral", diags),
            "depends_on" => output.depends_on = depends_on(&attribute.expr, diags),
            other => {
                let known = ["value", "description", "sensitive", "ephemeral", "depends_on"];
                diags.push(diagnostics::unsupported(other, known).at(attribute.name_span));
            }
        }
    }
    for inner in &block.body.blocks {
        if &*inner.ty == "precondition" {
            output.preconditions.extend(conditions(std::slice::from_ref(inner), diags));
        } else {
            diags.push(diagnostics::unknown_block(&inner.ty, ["precondition"]).at(inner.ty_span));
        }
    }
    module.outputs.insert(name, output);
}

//! `output` blocks and local values.

use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::content::{Content, check_name, flag, is_name, text};
use super::diagnostics;
use super::module::Module;
use super::resource::{Condition, DependsOn, condition, depends_on};
use crate::syntax::{Block, Expr};

const OUTPUT: Content = Content {
    arguments: &["description", "sensitive", "ephemeral", "depends_on", "deprecated"],
    required: &["value"],
    blocks: &[("precondition", &[]), ("postcondition", &[])],
};

/// A local value.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Str,
    /// The whole.
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
    /// Why callers should not use it any more.
    pub deprecated: Option<String>,
    /// What must be done before it has its value.
    pub depends_on: DependsOn,
    /// Conditions.
    pub preconditions: Vec<Condition>,
}

pub(super) fn locals(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    // One is told for all, as in Terraform.
    if let Some(inner) = block.body.blocks.first() {
        diags.push(diagnostics::unexpected_block(&inner.ty).at(inner.ty_span));
    }
    for attribute in block.body.attributes {
        let name = attribute.name;
        let local = Local { name: name.clone(), span: attribute.span, expr: attribute.expr };
        if !is_name(&name) {
            let wrong = diagnostics::wrong_name("Invalid local value name");
            diags.push(wrong.at(attribute.name_span));
        }
        if module.locals.contains_key(&name) {
            diags.push(diagnostics::duplicate("local value", &name).at(local.span));
            continue;
        }
        module.locals.insert(name, local);
    }
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    check_name(&block, 0, "Invalid output name", diags);
    let body = OUTPUT.read(block.body, diags);
    let mut output = Output {
        name: name.clone(),
        span: block.header,
        expr: Expr::literal(infra_value::Value::null(infra_value::Type::Any), block.header),
        description: None,
        sensitive: false,
        ephemeral: false,
        deprecated: None,
        depends_on: DependsOn::default(),
        preconditions: Vec::new(),
    };
    for attribute in &body.attributes {
        let expr = &attribute.expr;
        match &*attribute.name {
            "value" => output.expr = expr.clone(),
            "description" => output.description = text(expr, diags),
            "sensitive" => output.sensitive = flag(expr, diags).unwrap_or(false),
            "ephemeral" => output.ephemeral = flag(expr, diags).unwrap_or(false),
            "deprecated" => output.deprecated = text(expr, diags),
            "depends_on" => output.depends_on = depends_on(expr, diags),
            _ => {}
        }
    }
    for inner in &body.blocks {
        if &*inner.ty == "precondition" {
            output.preconditions.extend(condition(inner, diags));
        } else {
            diags.push(diagnostics::output_postcondition().at(inner.ty_span));
        }
    }
    // What is wrong inside of a second one is told too.
    if module.outputs.contains_key(&name) {
        diags.push(diagnostics::duplicate("output", &name).at(output.span));
        return;
    }
    module.outputs.insert(name, output);
}

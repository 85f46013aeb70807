//! `variable` blocks.

use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::{Str, Type, Value, convert};

use super::content::{Content, check_name, flag, text};
use super::module::Module;
use super::resource::{Condition, condition};
use super::{diagnostics, module_call};
use crate::eval::constraint::{self, Defaults};
use crate::syntax::{Block, Body, Expr, Reference};

const VARIABLE: Content = Content {
    arguments: &[
        "type",
        "default",
        "description",
        "sensitive",
        "ephemeral",
        "nullable",
        "deprecated",
        "const",
    ],
    required: &[],
    blocks: &[("validation", &[])],
};

/// An input variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Str,
    /// The first line of the block.
    pub span: Span,
    /// Its type constraint.
    pub ty: Type,
    /// Whether the constraint is written, be it `any`. A text that is given for a variable without one is that text.
    pub typed: bool,
    /// Defaults of optional attributes.
    pub defaults: Defaults,
    /// Its value if none is given, converted.
    pub default: Option<Value>,
    /// What it is for.
    pub description: Option<String>,
    /// Why callers should not set it any more, and where that is said.
    pub deprecated: Option<(String, Span)>,
    /// It must not be shown.
    pub sensitive: bool,
    /// It must not be stored.
    pub ephemeral: bool,
    /// Null is a value like any other.
    pub nullable: bool,
    /// Conditions on its value.
    pub validations: Vec<Condition>,
}

impl Variable {
    /// What callers are told who give it a value although they should not any more.
    pub fn deprecation(&self) -> Option<Diagnostic> {
        let (why, span) = self.deprecated.as_ref()?;
        Some(diagnostics::deprecated_variable(why).at(*span))
    }
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    // What is wrong inside of a second one is told too.
    let variable = compile(name.clone(), block, diags);
    if module.variables.contains_key(&name) {
        diags.push(diagnostics::duplicate("variable", &name).at(variable.span));
        return;
    }
    module.variables.insert(name, variable);
}

fn compile(name: Str, block: Block, diags: &mut Diagnostics) -> Variable {
    check_name(&block, 0, "Invalid variable name", diags);
    if module_call::is_reserved(&name) {
        diags.push(diagnostics::reserved_variable(&name).at(block.labels[0].span));
    }
    let body = VARIABLE.read(block.body, diags);
    let mut variable = Variable {
        name: name.clone(),
        span: block.header,
        ty: Type::Any,
        typed: body.attribute("type").is_some(),
        defaults: Defaults::default(),
        default: None,
        description: None,
        deprecated: None,
        sensitive: false,
        ephemeral: false,
        nullable: true,
        validations: Vec::new(),
    };
    let mut default = None;
    for attribute in &body.attributes {
        let expr = &attribute.expr;
        match &*attribute.name {
            "type" => {
                if !quoted_type(expr, diags)
                    && let Some((ty, defaults)) = constraint::parse(expr, diags)
                {
                    variable.ty = ty;
                    variable.defaults = defaults;
                }
            }
            "default" => default = Some(expr),
            "description" => variable.description = text(expr, diags),
            "deprecated" => {
                variable.deprecated = text(expr, diags).map(|why| (why, expr.span()));
            }
            "sensitive" => variable.sensitive = flag(expr, diags).unwrap_or(false),
            "ephemeral" => variable.ephemeral = flag(expr, diags).unwrap_or(false),
            "nullable" => variable.nullable = flag(expr, diags).unwrap_or(true),
            _ => {
                flag(expr, diags);
            }
        }
    }
    if let Some(expr) = default
        && let Some(value) = constraint::constant(expr, diags)
    {
        match convert::convert(&variable.defaults.apply(value), &variable.ty) {
            Ok(value) if value.is_null() && !variable.nullable => {
                diags.push(diagnostics::null_default().at(expr.span()));
            }
            Ok(value) => variable.default = Some(value),
            Err(error) => {
                let place = merged_at(&body, expr).unwrap_or(expr.span());
                diags.push(diagnostics::wrong_default(&error.to_string()).at(place));
            }
        }
    }
    for inner in &body.blocks {
        let found = condition(inner, diags);
        if let Some(written) = inner.body.attribute("condition") {
            let own = |found: &crate::syntax::Located| matches!(&found.reference, Reference::Variable(referred) if *referred == name);
            if !written.expr.references().iter().any(own) {
                diags.push(diagnostics::foreign_validation(&name).at(written.expr.span()));
            }
        }
        variable.validations.extend(found);
    }
    variable
}

/// The block that overrides, if type and default are of different files.
fn merged_at(body: &Body, default: &Expr) -> Option<Span> {
    let ty = body.attribute("type")?.expr.span();
    body.overridden.filter(|_| ty.source != default.span().source)
}

/// Reports a type in quotes, as very old configurations have it.
fn quoted_type(expr: &Expr, diags: &mut Diagnostics) -> bool {
    let Some(value) = expr.as_literal() else { return false };
    let Some(text) = value.as_str() else { return false };
    let diagnostic = match text {
        "string" | "list" | "map" => diagnostics::quoted_type(),
        _ => diagnostics::quoted_other_type(),
    };
    diags.push(diagnostic.at(expr.span()));
    true
}

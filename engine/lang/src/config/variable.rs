//! `variable` blocks.

use infra_diag::{Diagnostics, Span};
use infra_value::{Str, Type, Value, convert};

use super::module::Module;
use super::resource::{Condition, conditions};
use super::{blocks, diagnostics};
use crate::eval::constraint::{self, Defaults};
use crate::syntax::{Block, Expr};

/// An input variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Str,
    /// The first line of the block.
    pub span: Span,
    /// Its type constraint.
    pub ty: Type,
    /// Defaults of optional attributes.
    pub defaults: Defaults,
    /// Its value if none is given, converted.
    pub default: Option<Value>,
    /// What it is for.
    pub description: Option<String>,
    /// It must not be shown.
    pub sensitive: bool,
    /// It must not be stored.
    pub ephemeral: bool,
    /// Null is a value like any other.
    pub nullable: bool,
    /// Conditions on its value.
    pub validations: Vec<Condition>,
    /// The block as it was written, for files that override.
    pub(super) block: Block,
}

pub(super) fn read(module: &mut Module, block: Block, overriding: bool, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    let block = match module.variables.remove(&name) {
        Some(before) if overriding => {
            let mut merged = before.block;
            blocks::override_body(&mut merged.body, block.body);
            merged
        }
        Some(before) => {
            diags.push(diagnostics::duplicate("variable", &name).at(block.header));
            module.variables.insert(name, before);
            return;
        }
        None => block,
    };
    let variable = compile(name.clone(), block, diags);
    module.variables.insert(name, variable);
}

fn compile(name: Str, block: Block, diags: &mut Diagnostics) -> Variable {
    let mut variable = Variable {
        name,
        span: block.header,
        ty: Type::Any,
        defaults: Defaults::default(),
        default: None,
        description: None,
        sensitive: false,
        ephemeral: false,
        nullable: true,
        validations: Vec::new(),
        block: block.clone(),
    };
    let mut default = None;
    for attribute in &block.body.attributes {
        let expr = &attribute.expr;
        match &*attribute.name {
            "type" => {
                if let Some((ty, defaults)) =
                    old_type(expr, diags).or_else(|| constraint::parse(expr, diags))
                {
                    variable.ty = ty;
                    variable.defaults = defaults;
                }
            }
            "default" => default = Some(expr),
            "description" => {
                variable.description =
                    expr.as_literal().and_then(|value| value.as_str().map(str::to_owned));
            }
            "sensitive" => variable.sensitive = flag(expr, "sensitive", diags),
            "ephemeral" => variable.ephemeral = flag(expr, "ephemeral", diags),
            "nullable" => variable.nullable = flag(expr, "nullable", diags),
            "deprecated" | "const" => {}
            other => {
                let known =
                    ["type", "default", "description", "sensitive", "ephemeral", "nullable"];
                diags.push(diagnostics::unsupported(other, known).at(attribute.name_span));
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
                diags.push(diagnostics::wrong_default(&error.to_string()).at(expr.span()));
            }
        }
    }
    for inner in &block.body.blocks {
        if &*inner.ty == "validation" {
            variable.validations.extend(conditions(std::slice::from_ref(inner), diags));
        } else {
            diags.push(diagnostics::unknown_block(&inner.ty, ["validation"]).at(inner.ty_span));
        }
    }
    variable
}

/// Types in quotes, as old configurations have them.
fn old_type(expr: &Expr, diags: &mut Diagnostics) -> Option<(Type, Defaults)> {
    let value = expr.as_literal()?;
    let ty = match value.as_str()? {
        "string" => Type::String,
        "list" => Type::list(Type::Any),
        "map" => Type::map(Type::Any),
        _ => return None,
    };
    diags.push(diagnostics::quoted_type().at(expr.span()));
    Some((ty, Defaults::default()))
}

/// A `true` or `false` that stands in the text.
pub(super) fn flag(expr: &Expr, name: &str, diags: &mut Diagnostics) -> bool {
    let value =
        expr.as_literal().and_then(|value| convert::convert(&value, &Type::Bool).ok()?.as_bool());
    value.unwrap_or_else(|| {
        diags.push(diagnostics::literal_needed(name).at(expr.span()));
        false
    })
}

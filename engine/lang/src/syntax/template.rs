//! Parts of templates.

use infra_diag::Span;
use infra_value::Str;

use super::Expr;

/// A part of a template.
#[derive(Debug)]
pub enum Part {
    /// Text.
    Literal(Str),
    /// `${...}`.
    Interpolation(Expr),
    /// `%{ if }`.
    If {
        /// The condition.
        condition: Expr,
        /// What stands there if it is true.
        then: Vec<Self>,
        /// What stands there if it is false.
        otherwise: Vec<Self>,
    },
    /// `%{ for }`.
    For {
        /// The name of the key or index.
        key_name: Option<Str>,
        /// The name of the element.
        value_name: Str,
        /// What is gone through.
        collection: Expr,
        /// What stands there for each element.
        body: Vec<Self>,
        /// The whole.
        span: Span,
    },
}

/// Visits every expression directly in the parts.
pub(super) fn visit(parts: &[Part], found: &mut impl FnMut(&Expr)) {
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Interpolation(expr) => found(expr),
            Part::If { condition, then, otherwise } => {
                found(condition);
                visit(then, found);
                visit(otherwise, found);
            }
            Part::For { collection, body, .. } => {
                found(collection);
                visit(body, found);
            }
        }
    }
}

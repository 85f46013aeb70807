//! Evaluation of expressions and bodies.
//!
//! Evaluation never fails: what is wrong is reported, and an unknown value takes the place, so that one run shows all
//! problems. It knows expressions and a [`Scope`]; it knows nothing of modules, state or plans.
//!
//! Reading order: `scope`, `expression`, then a file for each kind of expression; `body` and `dynamic` for blocks;
//! `constraint` for type constraints.

mod body;
mod call;
mod describing;
mod diagnostics;
mod dynamic;
mod expression;
mod for_expr;
mod operators;
mod scope;
mod template;
mod traversal;

pub mod constraint;

pub use body::{blocks_as_argument, decode, expressions, references, span_of};
pub use describing::described;
pub(crate) use diagnostics::json_attribute_twice;
pub use scope::{Context, Scope};
pub(crate) use template::beginning;
pub use template::render as render_template;

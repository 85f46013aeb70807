//! Configuration files as trees with spans: blocks, attributes, and expressions compiled once.
//!
//! `hcl-edit` reads the text. It knows nothing of what blocks and names mean, but for the shape of references.
//!
//! Reading order: `body`, `expr` (what an expression is), `reference`, `parse`, `compile`, `flatten` (templates), `recover`.

mod body;
mod compile;
mod diagnostics;
mod duplicates;
mod expr;
mod flatten;
mod parse;
mod recover;
mod reference;
mod template;

pub use body::{Attribute, Block, Body, Label};
pub(crate) use expr::instance_key;
pub use expr::{BinaryOp, Expr, For, Kind, Step, Traversal, UnaryOp};
pub use parse::{Template, parse, parse_expr, parse_template};
pub use reference::{Located, Reference};
pub use template::Part;

//! Configuration files as trees with spans: blocks, attributes, and expressions compiled once.
//!
//! It knows nothing of what blocks and names mean, but for the shape of references.
//!
//! Reading order: `body`, `expr` (what an expression is), `template`, `reference`; then how they are read: `token`,
//! `scan`, `parse`, `structure`, `expression`, `collection`, `parts` (templates); and `json`.

mod body;
mod collection;
mod diagnostics;
mod expr;
mod expression;
mod json;
mod parse;
mod parts;
mod reference;
mod scan;
mod structure;
mod template;
mod token;

pub use body::{Attribute, Block, Body, Label};
pub(crate) use diagnostics::encoding;
pub(crate) use expr::instance_key;
pub use expr::{BinaryOp, Expr, For, Kind, Step, Traversal, UnaryOp};
pub use json::{Json, JsonKind, Property, parse_json};
pub use parse::{Template, is_incomplete, parse, parse_expr, parse_template};
pub(crate) use parse::{parse_json_expr, parse_json_template};
pub(crate) use parts::unescape;
pub use reference::{Located, Reference};
pub use scan::{Start, scan};
pub use template::Part;
pub use token::{Token, TokenKind};

//! Values and types of the configuration language: Terraform's type system.
//!
//! A [`Value`] is a bool, number, string, list, set, map, object or tuple; it may be null, or unknown until apply,
//! and it carries [`Marks`]. Values are immutable and cheap to clone. This crate knows nothing of syntax or addresses.
//!
//! Reading order: `value`, `ty`, `number`, `marks`, `refinement`, `path`, then what is done with them.

mod depth;
mod inside;
mod marks;
mod number;
mod path;
mod refinement;
mod ty;
mod unify;
mod value;

pub mod console;
pub mod convert;
pub mod function;
pub mod json;
pub mod order;
pub mod print;

pub use depth::{deepest, with_large_stack};
pub use marks::Marks;
pub use number::Number;
pub use path::{Path, Step};
pub use refinement::Refinement;
pub use ty::{ObjectType, Type};
pub use value::{Data, Str, Value};

//! Diagnostics: what went wrong, where, why, and what to do; and the sources they point into.
//!
//! This crate knows nothing of the rest: it holds text and positions, and does not print.

mod diagnostic;
mod source;

pub mod render;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, nearest, suggestion};
pub use source::{Position, SourceFile, SourceId, Sources, Span};

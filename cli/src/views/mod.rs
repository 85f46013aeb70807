//! How results read. Commands hand over data; only views turn it into words.

pub(crate) mod change;
pub(crate) mod json;
pub(crate) mod output;
pub(crate) mod paint;
pub(crate) mod plan;
mod plan_json;
pub(crate) mod progress;
pub(crate) mod state;
pub(crate) mod value;

//! What the console answers.

use infra_engine::value::{Value, console};

pub(crate) const HELP: &str = "\
Type an expression and press Enter to see its value, for example: 1 + 2, var.region, aws_vpc.main.id.
An expression goes on over several lines as long as a bracket is open.

type(...) shows the type of a value. Names refer to the configuration in this folder, and to its state.
\"exit\", Control-C or Control-D ends the console.";

/// A value.
pub(crate) fn value(value: &Value) -> String {
    console::value(value)
}

/// The type of a value.
pub(crate) fn ty(value: &Value) -> String {
    console::type_text(&value.ty())
}

//! Functions whose arguments are expressions: evaluation looks at these itself, before the arguments have values. What
//! stands here is for arguments that come from a list, as in `try(list...)`, and for people who ask what there is.

use infra_value::{Type, Value};

use super::{FunctionError, Result, function};

/// Whether an expression can be evaluated without a mistake.
///
/// ```console
/// > can(tonumber("1"))
/// true
/// > can(tonumber("one"))
/// false
/// ```
#[function(returns = bool, nullable)]
fn can(#[arg(unknown, dynamic, marked)] expression: &Value) -> Value {
    if expression.is_wholly_known() { true.into() } else { Value::unknown(Type::Bool) }
}

/// A value as a type constraint says.
///
/// ```console
/// > convert({ port = "80" }, object({ port = number, name = optional(string, "web") }))
/// {
///   "name" = "web"
///   "port" = 80
/// }
/// ```
#[function(returns = any)]
fn convert(
    #[arg(null, unknown, dynamic, marked)] value: &Value,
    #[arg(name = "type", null, unknown, dynamic, marked)] constraint: &Value,
) -> Result<Value> {
    let _ = (value, constraint);
    Err(FunctionError::at(
        1,
        "the type must stand in the call itself, as in convert(value, list(string))",
    ))
}

/// The first of several expressions that can be evaluated without a mistake.
///
/// ```console
/// > try({}.name, "fallback")
/// "fallback"
/// ```
#[function(name = "try", returns = any)]
fn attempt(#[arg(variadic, unknown, marked)] expressions: &[Value]) -> Result<Value> {
    match expressions {
        [] => Err(FunctionError::new("at least one argument is required")),
        [first, ..] if first.is_wholly_known() => Ok(first.clone()),
        _ => Ok(Value::unknown(Type::Any)),
    }
}

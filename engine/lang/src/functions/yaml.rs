//! YAML, as Terraform reads and writes it.

use infra_value::{Type, Value};

use super::{FunctionError, Result, function, yaml_reader, yaml_writer};

/// The value that YAML text means: objects and tuples.
///
/// ```console
/// > yamldecode("hello: [world, 1, yes]")
/// {
///   "hello" = [
///     "world",
///     1,
///     true,
///   ]
/// }
/// ```
#[function(typed = yamldecode_type, nullable)]
fn yamldecode(src: &str) -> Result<Value> {
    yaml_reader::read(src).map_err(FunctionError::new)
}

fn yamldecode_type(a: &[Value]) -> Result<Type> {
    match a[0].as_str() {
        Some(text) => Ok(yaml_reader::read(text).map_err(FunctionError::new)?.ty()),
        None => Ok(Type::Any),
    }
}

/// The value as YAML text.
///
/// ```console
/// > split("\n", yamlencode({ a = "b", c = [1, null] }))
/// tolist([
///   "\"a\": \"b\"",
///   "\"c\":",
///   "- 1",
///   "- null",
///   "",
/// ])
/// ```
#[function(returns = string, nullable)]
fn yamlencode(#[arg(null, dynamic, unknown)] value: &Value) -> Value {
    if value.is_wholly_known() {
        yaml_writer::written(value).into()
    } else {
        Value::unknown(Type::String)
    }
}

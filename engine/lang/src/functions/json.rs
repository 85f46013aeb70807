//! JSON.

use infra_value::{Data, Refinement, Type, Value, json};

use super::{FunctionError, Result, function};

/// The value that JSON text means: objects and tuples.
///
/// ```console
/// > jsondecode("{\"hello\": [1, null]}")
/// {
///   "hello" = [
///     1,
///     null,
///   ]
/// }
/// ```
#[function(typed = jsondecode_type, nullable)]
fn jsondecode(str: &str) -> Result<Value> {
    decoded(str)
}

fn jsondecode_type(a: &[Value]) -> Result<Type> {
    match a[0].as_str() {
        Some(text) => Ok(decoded(text)?.ty()),
        None => {
            let known = Refinement::of(&a[0]).prefix;
            let first = known.as_deref().and_then(|text| text.trim_start().chars().next());
            match first.filter(|first| !"{[\"-0123456789tfn".contains(*first)) {
                Some(first) => Err(FunctionError::at(
                    0,
                    format!("a JSON document cannot begin with the character {first:?}"),
                )),
                None => Ok(Type::Any),
            }
        }
    }
}

fn decoded(text: &str) -> Result<Value> {
    if text.trim().is_empty() {
        return Err(FunctionError::new("there is no JSON in an empty text"));
    }
    match json::read(json::whole_characters(text).as_bytes()) {
        Ok(parsed) => Ok(json::implied(&parsed)),
        Err(error) => Err(FunctionError::new(error.to_string())),
    }
}

/// The value as JSON text.
///
/// ```console
/// > jsonencode({ hello = "world", list = [1, null] })
/// "{\"hello\":\"world\",\"list\":[1,null]}"
/// ```
#[function(returns = string)]
fn jsonencode(#[arg(null, dynamic, unknown)] val: &Value) -> Result<Value> {
    if !val.is_wholly_known() {
        // The first character is known already, from the type.
        let prefix = match val.data() {
            Data::Unknown(Type::String, _) => "\"",
            Data::Unknown(..) => return Ok(Value::unknown(Type::String)),
            Data::Map(..) | Data::Object(_) => "{",
            _ => "[",
        };
        let refinement = Refinement { prefix: Some(prefix.into()), ..Refinement::not_null() };
        return Ok(Value::refined(Type::String, refinement));
    }
    json::encode(val).map(Value::from).map_err(|error| FunctionError::new(error.message))
}

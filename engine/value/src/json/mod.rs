//! Values and types as JSON.

mod read;
mod text;
mod types;
mod write;

use std::fmt;

use serde_json::{Map, Value as Json, json};

use crate::{Data, Number, Path, Str, Type, Value};

pub use read::{read, whole_characters};
pub use text::from_text;
pub use types::{type_from_json, type_to_json};
pub use write::{compact, pretty, write_string};

/// Why JSON is not a value of a type, or a value cannot be JSON.
#[derive(Clone, PartialEq, Debug)]
pub struct Error {
    /// Where.
    pub path: Path,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.0.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for Error {}

fn error<T>(path: &Path, message: impl Into<String>) -> Result<T, Error> {
    Err(Error { path: path.clone(), message: message.into() })
}

fn number(value: &Number) -> Json {
    match value.to_i64() {
        Some(small) => json!(small),
        None => Json::Number(serde_json::Number::from_string_unchecked(value.to_string())),
    }
}

/// The JSON of a value that is to be read back as type `ty`. Where `ty` is [`Type::Any`] the type is stored beside it.
///
/// # Errors
/// Unknown values have no JSON, and neither has infinity.
pub fn to_json(value: &Value, ty: &Type) -> Result<Json, Error> {
    encode_typed(value, ty, &Path::root())
}

fn encode_typed(value: &Value, ty: &Type, path: &Path) -> Result<Json, Error> {
    let actual = value.ty();
    if *ty == Type::Any && actual != Type::Any {
        let inner = encode_typed(value, &actual, path)?;
        return Ok(json!({ "value": inner, "type": type_to_json(&actual) }));
    }
    Ok(match value.data() {
        Data::Null(_) => Json::Null,
        Data::Unknown(..) => return error(path, "a value that is not known yet has no JSON"),
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(value) if value.is_infinite() => {
            return error(path, "infinity has no JSON");
        }
        Data::Number(value) => number(value),
        Data::String(value) => Json::String(value.to_string()),
        Data::List(element, items) | Data::Set(element, items) => {
            let element = ty.element().unwrap_or(element);
            Json::Array(
                items
                    .iter()
                    .map(|item| encode_typed(item, element, path))
                    .collect::<Result<_, _>>()?,
            )
        }
        Data::Tuple(items) => {
            let of = |at: usize| match ty {
                Type::Tuple(elements) => elements.get(at).cloned().unwrap_or(Type::Any),
                _ => ty.element().cloned().unwrap_or(Type::Any),
            };
            let encoded =
                items.iter().enumerate().map(|(at, item)| encode_typed(item, &of(at), path));
            Json::Array(encoded.collect::<Result<_, _>>()?)
        }
        Data::Map(element, items) => {
            let element = ty.element().unwrap_or(element);
            let mut map = Map::new();
            for (key, item) in items.iter() {
                map.insert(key.to_string(), encode_typed(item, element, &path.index(key.clone()))?);
            }
            Json::Object(map)
        }
        Data::Object(items) => {
            let mut map = Map::new();
            for (name, item) in items.iter() {
                let inner = match ty {
                    Type::Object(object) => object.attributes.get(name).cloned(),
                    _ => None,
                };
                let inner = inner.unwrap_or_else(|| item.ty());
                map.insert(name.to_string(), encode_typed(item, &inner, &path.attr(name))?);
            }
            Json::Object(map)
        }
    })
}

/// Reads a value of type `ty`.
///
/// # Errors
/// The first place where the JSON is of another type.
pub fn from_json(json: &Json, ty: &Type) -> Result<Value, Error> {
    decode_typed(json, ty, &mut Path::root())
}

fn decode_typed(json: &Json, ty: &Type, path: &mut Path) -> Result<Value, Error> {
    use crate::Step;
    if json.is_null() {
        return Ok(Value::null(ty.clone()));
    }
    let mut inner = |step: Step, json: &Json, ty: &Type| {
        path.0.push(step);
        let value = decode_typed(json, ty, path);
        if value.is_ok() {
            path.0.pop();
        }
        value
    };
    match (ty, json) {
        (Type::Any, Json::Object(map)) if map.contains_key("type") && map.contains_key("value") => {
            let Some(actual) = map.get("type").and_then(type_from_json) else {
                return error(path, "the type beside the value cannot be read");
            };
            decode_typed(&map["value"], &actual, path)
        }
        (Type::Any, json) => Ok(implied(json)),
        (Type::Bool, Json::Bool(value)) => Ok((*value).into()),
        (Type::Bool, Json::String(text)) if text == "true" || text == "false" => {
            Ok((text == "true").into())
        }
        (Type::Number, Json::Number(value)) => match Number::parse(&value.to_string()) {
            Some(number) => Ok(number.into()),
            None => error(path, "a number is required"),
        },
        (Type::Number, Json::String(text)) => match Number::parse(text) {
            Some(number) => Ok(number.into()),
            None => error(path, "a number is required"),
        },
        (Type::String, Json::String(text)) => Ok(text.as_str().into()),
        (Type::String, Json::Bool(value)) => Ok(value.to_string().into()),
        (Type::String, Json::Number(value)) => Ok(value.to_string().into()),
        (Type::List(element), Json::Array(items)) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(at, item)| inner(Step::Index((at as i64).into()), item, element));
            Ok(Value::list((**element).clone(), items.collect::<Result<Vec<_>, _>>()?))
        }
        (Type::Set(element), Json::Array(items)) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(at, item)| inner(Step::Index((at as i64).into()), item, element));
            Ok(Value::set((**element).clone(), items.collect::<Result<Vec<_>, _>>()?))
        }
        (Type::Tuple(elements), Json::Array(items)) if elements.len() == items.len() => {
            let items = items.iter().zip(elements.iter()).enumerate();
            let items = items
                .map(|(at, (item, element))| inner(Step::Index((at as i64).into()), item, element));
            Ok(Value::tuple(items.collect::<Result<Vec<_>, _>>()?))
        }
        (Type::Map(element), Json::Object(items)) => {
            let mut map = Vec::with_capacity(items.len());
            for (key, item) in items {
                map.push((
                    Str::from(key.as_str()),
                    inner(Step::Index(key.as_str().into()), item, element)?,
                ));
            }
            Ok(Value::map((**element).clone(), map))
        }
        (Type::Object(object), Json::Object(items)) => {
            let mut attributes = Vec::with_capacity(object.attributes.len());
            for (name, ty) in &object.attributes {
                let item = items.get(&**name).unwrap_or(&Json::Null);
                attributes.push((name.clone(), inner(Step::Attr(name.clone()), item, ty)?));
            }
            Ok(Value::object(attributes))
        }
        _ => error(path, format!("{} is required", crate::print::type_name(ty))),
    }
}

/// What `jsondecode` gives: objects and tuples.
pub fn implied(json: &Json) -> Value {
    match json {
        Json::Null => Value::null(Type::Any),
        Json::Bool(value) => (*value).into(),
        Json::Number(value) => match Number::parse(&value.to_string()) {
            Some(number) => number.into(),
            None => Value::null(Type::Number),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::tuple(items.iter().map(implied)),
        Json::Object(items) => {
            Value::object(items.iter().map(|(name, item)| (name.as_str(), implied(item))))
        }
    }
}

/// The value of a text that is a JSON object or array; nothing for any other text.
pub fn document(text: &str) -> Option<Value> {
    let is_document = text.trim_start().starts_with(['{', '[']);
    is_document.then(|| read(text.as_bytes()).ok()).flatten().map(|json| implied(&json))
}

/// What `jsonencode` gives: keys sorted, no spaces, and `<`, `>`, `&` escaped as Go does.
///
/// # Errors
/// Unknown values have no JSON, and neither has infinity.
pub fn encode(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), Error> {
    match value.data() {
        Data::Null(_) => out.push_str("null"),
        Data::Unknown(..) => {
            return error(&Path::root(), "a value that is not known yet has no JSON");
        }
        Data::Bool(value) => out.push_str(&value.to_string()),
        Data::Number(value) if value.is_infinite() => {
            return error(&Path::root(), "infinity has no JSON");
        }
        Data::Number(value) => out.push_str(&value.to_string()),
        Data::String(text) => write_string(text, out),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Data::Map(_, items) | Data::Object(items) => {
            out.push('{');
            for (position, (key, item)) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let ty = Type::object([
            ("any", Type::Any),
            ("big", Type::Number),
            ("list", Type::list(Type::String)),
            ("none", Type::Bool),
        ]);
        let value = Value::object([
            ("any", Value::tuple([1.into(), "x".into()])),
            ("big", Number::parse("12345678901234567890.5").unwrap().into()),
            ("list", Value::list(Type::String, ["a".into()])),
            ("none", Value::null(Type::Bool)),
        ]);
        let json = to_json(&value, &ty).unwrap();
        assert_eq!(from_json(&json, &ty).unwrap(), value);
    }

    #[test]
    fn jsonencode_escapes_as_go_does() {
        assert_eq!(encode(&"<a&b>\n".into()).unwrap(), "\"\\u003ca\\u0026b\\u003e\\n\"");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let ty = Type::object([("a", Type::list(Type::Number))]);
        let problem = from_json(&json!({"a": ["x"]}), &ty).unwrap_err();
        assert_eq!(problem.to_string(), "a[0]: a number is required");
    }
}

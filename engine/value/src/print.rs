//! Values and types as text.

use std::fmt::Write as _;

use crate::{Data, Str, Type, Value};

pub use crate::console::value as console;

/// A string literal, with escapes; `${` and `%{` are written so that they stay text.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' => {
                out.push(character);
                if characters.peek() == Some(&'{') {
                    out.push(character);
                }
            }
            character if character.is_control() => {
                out.push_str(&format!("\\u{:04x}", character as u32));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

/// Whether a name can stand in a configuration without quotes.
pub fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

/// The value on one line; what is sensitive shows as `(sensitive)`.
pub fn redacted(value: &Value) -> String {
    if value.is_sensitive() {
        return "(sensitive)".to_owned();
    }
    let joined = |items: &[Value]| items.iter().map(redacted).collect::<Vec<_>>().join(", ");
    match value.data() {
        Data::Null(_) => "null".to_owned(),
        Data::Unknown(..) => "(known after apply)".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(value) => value.to_string(),
        Data::String(value) => quoted(value),
        Data::List(_, items) => format!("tolist([{}])", joined(items)),
        Data::Set(_, items) => format!("toset([{}])", joined(items)),
        Data::Tuple(items) => format!("[{}]", joined(items)),
        Data::Map(_, items) => {
            let items: Vec<String> = items
                .iter()
                .map(|(key, item)| format!("{} = {}", quoted(key), redacted(item)))
                .collect();
            format!("tomap({{{}}})", items.join(", "))
        }
        Data::Object(items) => {
            let items: Vec<String> =
                items.iter().map(|(key, item)| format!("{key} = {}", redacted(item))).collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}

/// What a type is called in a sentence: `string`, `list of string`, `object`.
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::Any => "dynamic".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(element) => format!("list of {}", type_name(element)),
        Type::Set(element) => format!("set of {}", type_name(element)),
        Type::Map(element) => format!("map of {}", type_name(element)),
        Type::Object(_) => "object".to_owned(),
        Type::Tuple(_) => "tuple".to_owned(),
    }
}

/// The type as a constraint is written: `list(string)`, `object({a = string})`.
pub fn constraint(ty: &Type) -> String {
    match ty {
        Type::Any => "any".to_owned(),
        Type::Bool | Type::Number | Type::String => type_name(ty),
        Type::List(element) => format!("list({})", constraint(element)),
        Type::Set(element) => format!("set({})", constraint(element)),
        Type::Map(element) => format!("map({})", constraint(element)),
        Type::Tuple(elements) => {
            format!("tuple([{}])", elements.iter().map(constraint).collect::<Vec<_>>().join(", "))
        }
        Type::Object(object) => {
            let attribute = |(name, ty): (&crate::Str, &Type)| {
                let name_text = if is_identifier(name) { name.to_string() } else { quoted(name) };
                if object.optional.contains(name) {
                    format!("{name_text}=optional({})", constraint(ty))
                } else {
                    format!("{name_text}={}", constraint(ty))
                }
            };
            format!(
                "object({{{}}})",
                object.attributes.iter().map(attribute).collect::<Vec<_>>().join(",")
            )
        }
    }
}

/// A value as an expression of the language; null where it is not known.
#[must_use]
pub fn expression(value: &Value) -> String {
    let mut out = String::new();
    write_expression(value, 0, &mut out);
    out
}

/// Names and values as arguments, a line for each.
#[must_use]
pub fn assignments<'v>(items: impl Iterator<Item = (&'v Str, &'v Value)>) -> String {
    let mut out = String::new();
    write_assignments(items, 0, &mut out);
    out
}

fn write_expression(value: &Value, indent: usize, out: &mut String) {
    match value.data() {
        Data::Null(_) | Data::Unknown(..) => out.push_str("null"),
        Data::Bool(found) => out.push_str(if *found { "true" } else { "false" }),
        Data::Number(found) => out.push_str(&found.to_string()),
        Data::String(found) => out.push_str(&quoted(found)),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write_expression(item, indent, out);
            }
            out.push(']');
        }
        Data::Map(_, items) | Data::Object(items) if items.is_empty() => out.push_str("{}"),
        Data::Map(_, items) | Data::Object(items) => {
            out.push_str("{\n");
            write_assignments(items.iter(), indent + 2, out);
            let _ = write!(out, "{:indent$}}}", "");
        }
    }
}

/// A line for each name. The equals signs of lines that follow each other stand below each other, but for values that go
/// over several lines.
fn write_assignments<'v>(
    items: impl Iterator<Item = (&'v Str, &'v Value)>,
    indent: usize,
    out: &mut String,
) {
    let written = items.map(|(name, value)| {
        let name = if is_identifier(name) { name.to_string() } else { quoted(name) };
        let mut text = String::new();
        write_expression(value, indent, &mut text);
        (name, text)
    });
    let lines: Vec<(String, String)> = written.collect();
    for run in lines.chunk_by(|(_, a), (_, b)| !a.contains('\n') && !b.contains('\n')) {
        let width = run.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, text) in run {
            let _ = writeln!(out, "{:indent$}{} = {text}", "", widened(name, width));
        }
    }
}

/// A text with spaces behind it up to a width, which may be greater than what formatting takes.
pub fn widened(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Marks;

    #[test]
    fn values_print_on_one_line_without_what_is_sensitive() {
        let secret = Value::from("x").marked(Marks::SENSITIVE);
        let value =
            Value::object([("a", Value::tuple([1.into(), secret])), ("b", "q\"${x}".into())]);
        assert_eq!(redacted(&value), "{a = [1, (sensitive)], b = \"q\\\"$${x}\"}");
    }
}

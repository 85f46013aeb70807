//! Values and types as `infra console` and outputs show them: on several lines, collections with the function that makes
//! them. The notation is Terraform's, to the letter.

use std::collections::BTreeMap;

use crate::print::type_name;
use crate::{Data, Marks, Str, Type, Value};

/// The value as the console shows it.
pub fn value(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, 0, &mut out);
    out
}

/// The type as the console's function `type` shows it.
pub fn type_text(ty: &Type) -> String {
    let mut out = String::new();
    write_type(ty, 0, &mut out);
    out
}

fn write_value(value: &Value, indent: usize, out: &mut String) {
    if !value.is_known() {
        return out.push_str("(known after apply)");
    }
    if value.is_sensitive() {
        return out.push_str("(sensitive value)");
    }
    if value.marks().contains(Marks::EPHEMERAL) {
        return out.push_str("(ephemeral value)");
    }
    match value.data() {
        Data::Null(ty) => out.push_str(&null(ty)),
        Data::Unknown(..) => {}
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::String(text) if text.contains('\n') => write_lines(text, indent, out),
        Data::String(text) => out.push_str(&quoted(text)),
        Data::List(_, items) => wrapped("tolist", out, |out| write_sequence(items, indent, out)),
        Data::Set(_, items) => wrapped("toset", out, |out| write_sequence(items, indent, out)),
        Data::Map(_, items) => wrapped("tomap", out, |out| write_mapping(items, indent, out)),
        Data::Tuple(items) => write_sequence(items, indent, out),
        Data::Object(items) => write_mapping(items, indent, out),
    }
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Any => "null".to_owned(),
        Type::Bool | Type::Number | Type::String => format!("to{}(null)", type_name(ty)),
        Type::List(element) => format!("tolist(null) /* of {} */", type_name(element)),
        Type::Set(element) => format!("toset(null) /* of {} */", type_name(element)),
        Type::Map(element) => format!("tomap(null) /* of {} */", type_name(element)),
        Type::Object(_) | Type::Tuple(_) => format!("null /* {} */", type_name(ty)),
    }
}

fn wrapped(function: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push_str(function);
    out.push('(');
    inner(out);
    out.push(')');
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn write_sequence(items: &[Value], indent: usize, out: &mut String) {
    out.push('[');
    for item in items {
        new_line(indent + 2, out);
        write_value(item, indent + 2, out);
        out.push(',');
    }
    if !items.is_empty() {
        new_line(indent, out);
    }
    out.push(']');
}

fn write_mapping(items: &BTreeMap<Str, Value>, indent: usize, out: &mut String) {
    out.push('{');
    for (key, item) in items {
        new_line(indent + 2, out);
        write_value(&key.clone().into(), indent + 2, out);
        out.push_str(" = ");
        write_value(item, indent + 2, out);
    }
    if !items.is_empty() {
        new_line(indent, out);
    }
    out.push('}');
}

/// A string of several lines as a heredoc whose end no line of it can be taken for.
fn write_lines(text: &str, indent: usize, out: &mut String) {
    let mut end = "EOT".to_owned();
    while text.split('\n').any(|line| line.trim() == end) {
        end.push('_');
    }
    out.push_str(if indent > 0 { "<<-" } else { "<<" });
    out.push_str(&end);
    for line in text.split('\n').chain([end.as_str()]) {
        new_line(indent, out);
        out.push_str(line);
    }
}

/// A string in quotes with the escapes of Go, in which Terraform is written.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            _ if character.is_ascii() => out.push_str(&format!("\\x{:02x}", character as u32)),
            _ if is_printable(character) => out.push(character),
            '\u{10000}'.. => out.push_str(&format!("\\U{:08x}", character as u32)),
            _ => out.push_str(&format!("\\u{:04x}", character as u32)),
        }
    }
    out.push('"');
    out
}

/// Whether a character is a letter, mark, number, punctuation or symbol. The standard library knows, but says it only
/// where it escapes text; there, marks that begin a text are escaped too, hence the letter before.
fn is_printable(character: char) -> bool {
    let text: String = ['a', character].into_iter().collect();
    text.escape_debug().count() == 2
}

fn write_type(ty: &Type, indent: usize, out: &mut String) {
    match ty {
        Type::Any | Type::Bool | Type::Number | Type::String => out.push_str(&type_name(ty)),
        Type::List(element) => wrapped("list", out, |out| write_element(element, indent, out)),
        Type::Set(element) => wrapped("set", out, |out| write_element(element, indent, out)),
        Type::Map(element) => wrapped("map", out, |out| write_element(element, indent, out)),
        Type::Tuple(elements) => {
            out.push_str("tuple([");
            for element in elements.iter() {
                new_line(indent + 4, out);
                write_type(element, indent + 4, out);
                out.push(',');
            }
            if !elements.is_empty() {
                new_line(indent, out);
            }
            out.push_str("])");
        }
        Type::Object(object) => {
            out.push_str("object({");
            for (name, ty) in &object.attributes {
                new_line(indent + 4, out);
                out.push_str(name);
                out.push_str(": ");
                write_type(ty, indent + 4, out);
                out.push(',');
            }
            if !object.attributes.is_empty() {
                new_line(indent, out);
            }
            out.push_str("})");
        }
    }
}

/// The element type of a collection: on lines of its own where it has parts.
fn write_element(ty: &Type, indent: usize, out: &mut String) {
    if !matches!(ty, Type::Object(_) | Type::Tuple(_)) {
        return write_type(ty, indent, out);
    }
    new_line(indent + 4, out);
    write_type(ty, indent + 4, out);
    out.push(',');
    new_line(indent, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_shown_with_the_function_that_makes_them() {
        let map = Value::map(Type::Number, [("k", 1.into())]);
        let shown = value(&Value::object([("m", map)]));
        assert_eq!(shown, "{\n  \"m\" = tomap({\n    \"k\" = 1\n  })\n}");
        assert_eq!(value(&Value::set(Type::String, [])), "toset([])");
    }

    #[test]
    fn nulls_are_shown_with_their_type() {
        let shown = |ty| value(&Value::null(ty));
        assert_eq!(shown(Type::Any), "null");
        assert_eq!(shown(Type::Number), "tonumber(null)");
        assert_eq!(shown(Type::list(Type::String)), "tolist(null) /* of string */");
        assert_eq!(shown(Type::tuple([])), "null /* tuple */");
    }

    #[test]
    fn strings_of_several_lines_are_heredocs_that_end_where_they_should() {
        assert_eq!(value(&"a\nEOT".into()), "<<EOT_\na\nEOT\nEOT_");
        assert_eq!(value(&Value::tuple(["a\nb".into()])), "[\n  <<-EOT\n  a\n  b\n  EOT,\n]");
    }

    #[test]
    fn characters_that_cannot_be_seen_are_escaped() {
        assert_eq!(
            value(&"\u{7}\u{1}\u{200b}é\u{fffd}e\u{30a}".into()),
            "\"\\a\\x01\\u200bé\u{fffd}e\u{30a}\""
        );
    }

    #[test]
    fn types_are_shown_on_lines_of_their_own_where_they_have_parts() {
        let object = Type::object([("a", Type::Number), ("b", Type::tuple([]))]);
        assert_eq!(type_text(&object), "object({\n    a: number,\n    b: tuple([]),\n})");
        assert_eq!(type_text(&Type::set(Type::String)), "set(string)");
        assert_eq!(type_text(&Type::list(Type::set(Type::Any))), "list(set(dynamic))");
        assert_eq!(type_text(&Type::list(Type::tuple([]))), "list(\n    tuple([]),\n)");
    }
}

//! JSON as text, as Go writes it.

use serde_json::Value as Json;

/// Lines with two spaces of indentation, and a line break at the end. Keys keep their order.
pub fn pretty(json: &Json) -> String {
    let mut out = String::new();
    write(json, Some(0), &mut out);
    out.push('\n');
    out
}

/// Without any space or line break. Keys keep their order.
pub fn compact(json: &Json) -> String {
    let mut out = String::new();
    write(json, None, &mut out);
    out
}

fn write(json: &Json, indent: Option<usize>, out: &mut String) {
    let inside = indent.map(|indent| indent + 2);
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(value) => out.push_str(value.as_str()),
        Json::String(text) => write_string(text, out),
        Json::Array(items) => enclosed("[]", items, indent, out, |item, out| {
            write(item, inside, out);
        }),
        Json::Object(items) => enclosed("{}", items, indent, out, |(name, item), out| {
            write_string(name, out);
            out.push_str(if indent.is_some() { ": " } else { ":" });
            write(item, inside, out);
        }),
    }
}

/// Items between brackets, each on its own line if there is an indentation.
fn enclosed<T>(
    brackets: &str,
    items: impl IntoIterator<Item = T>,
    indent: Option<usize>,
    out: &mut String,
    write: impl Fn(T, &mut String),
) {
    let line = |indent: Option<usize>, out: &mut String| {
        if let Some(indent) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
    };
    let (opening, closing) = brackets.split_at(1);
    out.push_str(opening);
    let mut empty = true;
    for item in items {
        out.push_str(if empty { "" } else { "," });
        line(indent.map(|indent| indent + 2), out);
        write(item, out);
        empty = false;
    }
    if !empty {
        line(indent, out);
    }
    out.push_str(closing);
}

/// A JSON string as Go writes it, with `<`, `>`, `&` and the two line separators escaped.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", character as u32));
            }
            character if (character as u32) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", character as u32));
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_are_indented_and_what_is_empty_stays_on_one() {
        let json = json!({ "a": [], "b": {}, "c": [1, { "d": "<&\u{2028}" }], "e": null });
        let lines = [
            "{",
            "  \"a\": [],",
            "  \"b\": {},",
            "  \"c\": [",
            "    1,",
            "    {",
            "      \"d\": \"\\u003c\\u0026\\u2028\"",
            "    }",
            "  ],",
            "  \"e\": null",
            "}\n",
        ];
        assert_eq!(pretty(&json), lines.join("\n"));
        let line = r#"{"a":[],"b":{},"c":[1,{"d":"\u003c\u0026\u2028"}],"e":null}"#;
        assert_eq!(compact(&json), line);
    }
}

//! Writes YAML: strings in quotes, or as blocks where they have several lines.

use std::fmt::Write as _;

use infra_value::{Data, Value};

/// The value as a YAML document.
pub(super) fn written(value: &Value) -> String {
    let mut out = String::new();
    match value.data() {
        Data::String(text) if is_block(text) => {
            block(text, 2, &mut out);
        }
        Data::String(text) => {
            quoted(text, Some(2), &mut out);
            out.push('\n');
        }
        _ if is_scalar(value) => {
            scalar(value, &mut out);
            // A plain scalar at the root is closed.
            out.push_str(if value.as_sequence().is_some() || value.as_map().is_some() {
                "\n"
            } else {
                "\n...\n"
            });
        }
        _ => node(value, 0, Place::Root, &mut out),
    }
    out
}

/// Where a value stands: this decides whether it begins on a new line.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    AfterKey,
    AfterDash,
}

fn is_scalar(value: &Value) -> bool {
    match value.data() {
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.is_empty(),
        Data::Map(_, items) | Data::Object(items) => items.is_empty(),
        _ => true,
    }
}

fn node(value: &Value, indent: usize, place: Place, out: &mut String) {
    match value.data() {
        _ if is_scalar(value) => {
            if place != Place::Root {
                out.push(' ');
            }
            let inner = if place == Place::AfterKey { indent + 2 } else { indent };
            match value.data() {
                Data::String(text) if is_block(text) => block(text, inner, out),
                Data::String(text) => {
                    quoted(text, Some(inner), out);
                    out.push('\n');
                }
                _ => {
                    scalar(value, out);
                    out.push('\n');
                }
            }
        }
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            // A list below a key stands as far left as the key.
            for (at, item) in items.iter().enumerate() {
                begin_line(at, indent, place, out);
                out.push('-');
                node(item, indent + 2, Place::AfterDash, out);
            }
        }
        Data::Map(_, items) | Data::Object(items) => {
            let indent = if place == Place::AfterKey { indent + 2 } else { indent };
            for (at, (key, item)) in items.iter().enumerate() {
                begin_line(at, indent, place, out);
                if is_block(key) || key.len() > 128 {
                    out.push_str("? ");
                    if is_block(key) {
                        block(key, indent + 2, out);
                    } else {
                        quoted(key, None, out);
                        out.push('\n');
                    }
                    out.push_str(&" ".repeat(indent));
                } else {
                    quoted(key, None, out);
                }
                out.push(':');
                node(item, indent, Place::AfterKey, out);
            }
        }
        _ => {}
    }
}

fn begin_line(at: usize, indent: usize, place: Place, out: &mut String) {
    match (at, place) {
        (0, Place::AfterDash) => out.push(' '),
        (0, Place::AfterKey) => {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
        }
        _ => out.push_str(&" ".repeat(indent)),
    }
}

fn scalar(value: &Value, out: &mut String) {
    match value.data() {
        Data::Bool(found) => out.push_str(if *found { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::String(text) => quoted(text, None, out),
        Data::List(..) | Data::Set(..) | Data::Tuple(_) => out.push_str("[]"),
        Data::Map(..) | Data::Object(_) => out.push_str("{}"),
        Data::Null(_) | Data::Unknown(..) => out.push_str("null"),
    }
}

/// Whether a text is written as a block of lines.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && text.chars().all(|character| character == '\n' || is_printable(character))
        && !text.contains(" \n")
        && !text.ends_with(' ')
}

fn is_printable(character: char) -> bool {
    matches!(character,
        ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn block(text: &str, indent: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    match breaks {
        0 => out.push('-'),
        1 if !body.is_empty() => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Lines are broken at the first space after this many characters.
const WIDTH: usize = 80;

/// The text in quotes. Where an indentation is given, long lines are broken, and go on after it.
fn quoted(text: &str, indent: Option<usize>, out: &mut String) {
    let begin = out.rfind('\n').map_or(0, |at| at + 1);
    let mut line_start = begin;
    out.push('"');
    let mut after_space = false;
    for (at, character) in text.char_indices() {
        if character == ' ' {
            let inside = at > 0 && at + 1 < text.len();
            match indent {
                Some(indent)
                    if inside && !after_space && out[line_start..].chars().count() > WIDTH =>
                {
                    line_start = out.len() + 1;
                    out.push('\n');
                    out.push_str(&" ".repeat(indent));
                    if text[at + 1..].starts_with(' ') {
                        out.push('\\');
                    }
                }
                _ => out.push(' '),
            }
            after_space = true;
            continue;
        }
        after_space = false;
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{B}' => out.push_str("\\v"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{1B}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            character if is_printable(character) => out.push(character),
            character => {
                let code = character as u32;
                let _ = match code {
                    0..=0xFF => write!(out, "\\x{code:02X}"),
                    0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
            }
        }
    }
    out.push('"');
}

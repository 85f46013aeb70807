//! Text.

use infra_value::{Data, Type, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::{FunctionError, Result, case, function, items};

/// The text without line ends at its end.
///
/// ```console
/// > chomp("hello\r\n\n")
/// "hello"
/// ```
#[function]
fn chomp(str: &str) -> &str {
    str.trim_end_matches(['\n', '\r'])
}

/// Whether a text ends with another.
///
/// ```console
/// > endswith("main.tf", ".tf")
/// true
/// ```
#[function]
fn endswith(str: &str, suffix: &str) -> bool {
    str.ends_with(suffix)
}

/// The text with spaces before every line but the first.
///
/// ```console
/// > split("\n", indent(2, "[\nfoo\n]"))
/// tolist([
///   "[",
///   "  foo",
///   "  ]",
/// ])
/// ```
#[function]
fn indent(spaces: i64, str: &str) -> Result<String> {
    let spaces = usize::try_from(spaces)
        .map_err(|_| FunctionError::at(0, "the number of spaces must not be negative"))?;
    Ok(str.replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

/// The elements of lists of strings with a separator between them.
///
/// ```console
/// > join(", ", ["a", "b"], ["c"])
/// "a, b, c"
/// ```
#[function(returns = string)]
fn join(separator: &str, #[arg(variadic, list(string))] lists: &[Value]) -> Result<Value> {
    if lists.is_empty() {
        return Err(FunctionError::new("at least one list is required"));
    }
    if !lists.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(Type::String));
    }
    let mut texts = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for (position, item) in items(list).iter().enumerate() {
            let Some(text) = item.as_str() else {
                let place = match lists.len() {
                    1 => format!("element {position}"),
                    _ => format!("element {position} of list {at}"),
                };
                return Err(FunctionError::at(
                    at + 1,
                    format!("{place} is null; cannot concatenate null values"),
                ));
            };
            texts.push(text);
        }
    }
    Ok(texts.join(separator).into())
}

/// The text in lower case.
///
/// ```console
/// > lower("HELLO")
/// "hello"
/// ```
#[function]
fn lower(str: &str) -> String {
    str.chars().map(case::lower).collect()
}

/// The parts of a text between separators.
///
/// ```console
/// > split(",", "foo,bar")
/// tolist([
///   "foo",
///   "bar",
/// ])
/// ```
#[function]
fn split(separator: &str, str: &str) -> Vec<String> {
    if separator.is_empty() {
        return str.chars().map(String::from).collect();
    }
    str.split(separator).map(str::to_owned).collect()
}

/// Whether a text begins with another.
///
/// ```console
/// > startswith("hello world", "hello")
/// true
/// ```
#[function(returns = bool)]
fn startswith(#[arg(string, unknown)] str: &Value, prefix: &str) -> Result<Value> {
    match str.data() {
        Data::String(text) => Ok(text.starts_with(prefix).into()),
        // What the text will begin with may be known already.
        Data::Unknown(_, Some(refinement)) => {
            let known = refinement.prefix.as_deref().unwrap_or_default();
            if known.starts_with(prefix) {
                Ok(true.into())
            } else if prefix.starts_with(known) {
                Ok(Value::unknown(Type::Bool))
            } else {
                Ok(false.into())
            }
        }
        _ => Ok(Value::unknown(Type::Bool)),
    }
}

/// Whether a text contains another.
///
/// ```console
/// > strcontains("hello world", "wor")
/// true
/// ```
#[function(nullable)]
fn strcontains(str: &str, substr: &str) -> bool {
    str.contains(substr)
}

/// The text from its end to its beginning.
///
/// ```console
/// > strrev("hello")
/// "olleh"
/// ```
#[function]
fn strrev(str: &str) -> String {
    str.graphemes(true).rev().collect()
}

/// A part of a text, counted in characters as people see them. A negative offset counts from the end; a negative length
/// means all that follows.
///
/// ```console
/// > substr("hello world", 1, 4)
/// "ello"
/// > substr("hello world", -5, -1)
/// "world"
/// ```
#[function]
fn substr(str: &str, offset: i64, length: i64) -> String {
    if offset >= 0 && length == 0 {
        return String::new();
    }
    let offset = match offset {
        0.. => offset,
        _ => (offset + str.graphemes(true).count() as i64).max(0),
    };
    let rest = str.graphemes(true).skip(usize::try_from(offset).unwrap_or(usize::MAX));
    match usize::try_from(length) {
        // With an offset from the end, Terraform takes no length to mean all that follows.
        Err(_) | Ok(0) => rest.collect(),
        Ok(length) => rest.take(length).collect(),
    }
}

/// The text with the first letter of each word in upper case.
///
/// ```console
/// > title("hello world")
/// "Hello World"
/// ```
#[function]
fn title(str: &str) -> String {
    let mut before = ' ';
    let titled = str.chars().map(|character| {
        let starts = case::separates(before);
        before = character;
        if starts { case::title(character) } else { character }
    });
    titled.collect()
}

/// The text without the given characters at both ends.
///
/// ```console
/// > trim("?!hello?!", "!?")
/// "hello"
/// ```
#[function]
fn trim(str: &str, cutset: &str) -> String {
    str.trim_matches(|character| cutset.contains(character)).to_owned()
}

/// The text without a prefix.
///
/// ```console
/// > trimprefix("helloworld", "hello")
/// "world"
/// ```
#[function]
fn trimprefix(str: &str, prefix: &str) -> String {
    str.strip_prefix(prefix).unwrap_or(str).to_owned()
}

/// The text without white space at both ends.
///
/// ```console
/// > trimspace("  hello\n\n")
/// "hello"
/// ```
#[function]
fn trimspace(str: &str) -> &str {
    str.trim()
}

/// The text without a suffix.
///
/// ```console
/// > trimsuffix("helloworld", "world")
/// "hello"
/// ```
#[function]
fn trimsuffix(str: &str, suffix: &str) -> String {
    str.strip_suffix(suffix).unwrap_or(str).to_owned()
}

/// The text in upper case.
///
/// ```console
/// > upper("hello")
/// "HELLO"
/// ```
#[function]
fn upper(str: &str) -> String {
    str.chars().map(case::upper).collect()
}

//! Regular expressions, as RE2 has them.

use infra_value::{Data, Type, Value};
use regex::{Captures, Match, Regex};

use super::{FunctionError, Result, function, re2};

/// What a regular expression matches first in a text: the text, or a tuple of its groups, or an object of its named
/// groups.
///
/// ```console
/// > regex("[a-z]+", "53453453.345345aaabbbccc23454")
/// "aaabbbccc"
/// > regex("(?P<host>[a-z.]+):(?P<port>\\d+)", "example.com:80")
/// {
///   "host" = "example.com"
///   "port" = "80"
/// }
/// ```
#[function(name = "regex", typed = regex_type)]
fn first(pattern: &str, string: &str, ty: &Type) -> Result<Value> {
    if *ty == Type::Any {
        return Ok(Value::unknown(Type::Any));
    }
    let regex = compiled(pattern)?;
    match regex.captures(string) {
        Some(found) => Ok(captured(&regex, &found)),
        None => Err(FunctionError::new("pattern did not match any part of the given string")),
    }
}

fn regex_type(a: &[Value]) -> Result<Type> {
    match a[0].data() {
        Data::String(pattern) => Ok(shape(&*compiled(pattern)?)),
        _ => Ok(Type::Any),
    }
}

/// All that a regular expression matches in a text, as `regex` gives each.
///
/// ```console
/// > regexall("[a-z]+", "1a2bc3")
/// tolist([
///   "a",
///   "bc",
/// ])
/// ```
#[function(typed = |a| regex_type(a).map(Type::list))]
fn regexall(pattern: &str, string: &str) -> Result<Value> {
    let regex = compiled(pattern)?;
    let found = regex.captures_iter(string).map(|found| captured(&regex, &found));
    Ok(Value::list(shape(&regex), found))
}

/// The text with each occurrence of another replaced. What is searched is a regular expression if it stands between
/// slashes; `$1` and `$name` in the replacement are then its groups.
///
/// ```console
/// > replace("1 + 2 + 3", "+", "-")
/// "1 - 2 - 3"
/// > replace("hello world", "/w.*d/", "everybody")
/// "hello everybody"
/// ```
#[function]
fn replace(str: &str, substr: &str, replace: &str) -> Result<String> {
    match substr.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        Some(pattern) => Ok(re2::compiled(pattern)
            .map_err(FunctionError::new)?
            .replace_all(str, replace)
            .into_owned()),
        None => Ok(str.replace(substr, replace)),
    }
}

fn compiled(pattern: &str) -> Result<std::sync::Arc<Regex>> {
    let regex = re2::compiled(pattern).map_err(|problem| FunctionError::at(0, problem))?;
    let named = regex.capture_names().flatten().count();
    if named > 0 && named + 1 < regex.captures_len() {
        return Err(FunctionError::at(
            0,
            "invalid regexp pattern: cannot mix both named and unnamed capture groups",
        ));
    }
    Ok(regex)
}

/// The type of a match.
fn shape(regex: &Regex) -> Type {
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        Type::String
    } else if names.iter().any(Option::is_some) {
        Type::object(names.into_iter().flatten().map(|name| (re2::written(name), Type::String)))
    } else {
        Type::tuple(names.iter().map(|_| Type::String))
    }
}

fn captured(regex: &Regex, found: &Captures<'_>) -> Value {
    let text = |group: Option<Match<'_>>| match group {
        Some(group) => group.as_str().into(),
        None => Value::null(Type::String),
    };
    match shape(regex) {
        Type::String => text(found.get(0)),
        // Of groups with one name the last one counts.
        Type::Object(_) => {
            let groups = regex.capture_names().zip(found.iter());
            Value::object(
                groups.filter_map(|(name, group)| Some((re2::written(name?), text(group)))),
            )
        }
        _ => Value::tuple(found.iter().skip(1).map(text)),
    }
}

//! Text.

use infra_value::{Type, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::function::{Function, FunctionError, Param};

type Result = std::result::Result<Value, FunctionError>;

const STRING: fn() -> Type = || Type::String;
const BOOL: fn() -> Type = || Type::Bool;
const STRINGS: fn() -> Type = || Type::list(Type::String);

pub(super) const ALL: &[Function] = &[
    Function::pure("chomp", "The text without line ends at its end.", &[Param::string("str")], STRING, |a| {
        Ok(text(&a[0]).trim_end_matches(['\n', '\r']).into())
    }),
    Function::pure("endswith", "Whether a text ends with another.", &[Param::string("str"), Param::string("suffix")], BOOL, |a| {
        Ok(text(&a[0]).ends_with(text(&a[1])).into())
    }),
    Function::pure("indent", "The text with spaces before every line but the first.", &[Param::number("spaces"), Param::string("str")], STRING, |a| {
        let spaces = " ".repeat(usize::try_from(a[0].as_i64().unwrap_or(0)).unwrap_or(0));
        Ok(text(&a[1]).replace('\n', &format!("\n{spaces}")).into())
    }),
    Function::pure("join", "The elements of lists with a separator between them: `join(\"-\", [\"a\", \"b\"])` is `a-b`.", &[Param::string("separator")], STRING, |a| {
        let items: Vec<&str> = a[1..].iter().flat_map(|list| list.as_sequence().unwrap_or_default()).map(text).collect();
        if a[1..].iter().any(|list| list.any(&Value::is_null)) {
            return Err(FunctionError::at(1, "element is null; cannot concatenate null values"));
        }
        Ok(items.join(text(&a[0])).into())
    })
    .and_any(Param::new("lists", STRINGS)),
    Function::pure("lower", "The text in lower case.", &[Param::string("str")], STRING, |a| Ok(text(&a[0]).to_lowercase().into())),
    Function::pure("regex", "What a regular expression matches first in a text.", &[Param::string("pattern"), Param::string("string")], || Type::Any, regex_first),
    Function::pure("regexall", "All that a regular expression matches in a text.", &[Param::string("pattern"), Param::string("string")], || Type::Any, regex_all),
    Function::pure("replace", "The text with each occurrence replaced; a search between slashes is a regular expression.", &[Param::string("str"), Param::string("substr"), Param::string("replace")], STRING, replace),
    Function::pure("split", "The parts of a text between separators: `split(\",\", \"a,b\")` is `[\"a\", \"b\"]`.", &[Param::string("separator"), Param::string("str")], STRINGS, |a| {
        let (separator, string) = (text(&a[0]), text(&a[1]));
        let parts: Vec<Value> = if separator.is_empty() {
            string.graphemes(true).map(Value::from).collect()
        } else {
            string.split(separator).map(Value::from).collect()
        };
        Ok(Value::list(Type::String, parts))
    }),
    Function::pure("startswith", "Whether a text begins with another.", &[Param::string("str"), Param::string("prefix")], BOOL, |a| {
        Ok(text(&a[0]).starts_with(text(&a[1])).into())
    }),
    Function::pure("strcontains", "Whether a text contains another.", &[Param::string("str"), Param::string("substr")], BOOL, |a| {
        Ok(text(&a[0]).contains(text(&a[1])).into())
    }),
    Function::pure("strrev", "The text from its end to its beginning.", &[Param::string("str")], STRING, |a| {
        Ok(text(&a[0]).graphemes(true).rev().collect::<String>().into())
    }),
    Function::pure("substr", "A part of a text, by characters; a negative offset counts from the end.", &[Param::string("str"), Param::number("offset"), Param::number("length")], STRING, substr),
    Function::pure("title", "The text with each word's first letter in upper case.", &[Param::string("str")], STRING, |a| {
        let mut before = ' ';
        let title = text(&a[0]).chars().map(|c| {
            let starts = !(before.is_alphanumeric() || before == '_' || before == '\'');
            before = c;
            if starts { c.to_uppercase().collect::<String>() } else { c.to_string() }
        });
        Ok(title.collect::<String>().into())
    }),
    Function::pure("trim", "The text without given characters at both ends.", &[Param::string("str"), Param::string("cutset")], STRING, |a| {
        let set: Vec<char> = text(&a[1]).chars().collect();
        Ok(text(&a[0]).trim_matches(set.as_slice()).into())
    }),
    Function::pure("trimprefix", "The text without a prefix.", &[Param::string("str"), Param::string("prefix")], STRING, |a| {
        Ok(text(&a[0]).strip_prefix(text(&a[1])).unwrap_or(text(&a[0])).into())
    }),
    Function::pure("trimspace", "The text without white space at both ends.", &[Param::string("str")], STRING, |a| Ok(text(&a[0]).trim().into())),
    Function::pure("trimsuffix", "The text without a suffix.", &[Param::string("str"), Param::string("suffix")], STRING, |a| {
        Ok(text(&a[0]).strip_suffix(text(&a[1])).unwrap_or(text(&a[0])).into())
    }),
    Function::pure("upper", "The text in upper case.", &[Param::string("str")], STRING, |a| Ok(text(&a[0]).to_uppercase().into())),
];

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn compiled(pattern: &str, argument: usize) -> std::result::Result<regex::Regex, FunctionError> {
    regex::Regex::new(pattern).map_err(|error| {
        FunctionError::at(
            argument,
            format!("invalid regexp pattern: {}", error.to_string().replace('\n', " ")),
        )
    })
}

/// A match: the text, or its groups as a tuple, or its named groups as an object.
fn captured(regex: &regex::Regex, found: &regex::Captures<'_>) -> Value {
    let group = |group: Option<regex::Match<'_>>| match group {
        Some(group) => group.as_str().into(),
        None => Value::null(Type::String),
    };
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        return group(found.get(0));
    }
    if names.iter().all(Option::is_some) {
        let named = names.into_iter().flatten();
        return Value::object(
            named.map(|name| (name, group(found.name(name)))).collect::<Vec<_>>(),
        );
    }
    Value::tuple(found.iter().skip(1).map(group).collect::<Vec<_>>())
}

fn regex_first(a: &[Value]) -> Result {
    let regex = compiled(text(&a[0]), 0)?;
    match regex.captures(text(&a[1])) {
        Some(found) => Ok(captured(&regex, &found)),
        None => Err(FunctionError::new("pattern did not match any part of the given string")),
    }
}

fn regex_all(a: &[Value]) -> Result {
    let regex = compiled(text(&a[0]), 0)?;
    let all: Vec<Value> =
        regex.captures_iter(text(&a[1])).map(|found| captured(&regex, &found)).collect();
    let ty = match all.first() {
        Some(first) => first.ty(),
        None if regex.captures_len() == 1 => Type::String,
        None => Type::Any,
    };
    Ok(Value::list(ty, all))
}

fn replace(a: &[Value]) -> Result {
    let (string, search, replacement) = (text(&a[0]), text(&a[1]), text(&a[2]));
    let pattern = search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    match pattern {
        Some(pattern) if search.len() > 1 => {
            let regex = compiled(pattern, 1)?;
            Ok(regex.replace_all(string, replacement).into_owned().into())
        }
        _ => Ok(string.replace(search, replacement).into()),
    }
}

fn substr(a: &[Value]) -> Result {
    let characters: Vec<&str> = text(&a[0]).graphemes(true).collect();
    let (offset, length) = (a[1].as_i64().unwrap_or(0), a[2].as_i64().unwrap_or(0));
    let count = characters.len() as i64;
    let start = if offset < 0 { (offset + count).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0));
    Ok(characters.get(start..end).map(<[&str]>::concat).unwrap_or_default().into())
}

//! `format` and `formatlist`: Go's verbs.

use infra_value::{Data, Type, Value, convert, json};
use unicode_segmentation::UnicodeSegmentation;

use super::verb::{self, Piece, Verb};
use super::{FunctionError, Result, decimal, function};

/// Text with values put in. `%s` puts in a string, `%d` a whole number, `%f` a decimal number, `%t` a bool, `%q` a
/// quoted string, `%v` any value, `%#v` any value as JSON, `%x`, `%o`, `%b` a whole number in another base, `%e` and
/// `%g` a number with an exponent. Between `%` and the letter stand flags (`+`, `-`, `#`, `0`, space), the width, the
/// precision, and the number of the argument, as in `%-8.2[1]f`.
///
/// ```console
/// > format("Hello, %s! %03d|%-4s|%.2f", "Ander", 7, "ab", 3.14159)
/// "Hello, Ander! 007|ab  |3.14"
/// ```
#[function(returns = string)]
fn format(format: &str, #[arg(variadic, null, unknown)] args: &[Value]) -> Result<Value> {
    if args.iter().any(|argument| !argument.is_wholly_known()) {
        // As in Terraform, the text will begin with what stands before the first verb, whatever that puts in.
        let before = format.split('%').next().unwrap_or_default();
        return Ok(Value::refined(Type::String, crate::eval::beginning(before)));
    }
    formatted(format, args).map_err(|problem| match problem {
        Problem::Argument(at, message) => FunctionError::at(at + 1, message),
        Problem::Format(message) => FunctionError::new(message),
    })
}

/// Texts made with a format: lists give one element to each, other values the same to all.
///
/// ```console
/// > formatlist("Hello, %s!", ["Valentina", "Ander"])
/// tolist([
///   "Hello, Valentina!",
///   "Hello, Ander!",
/// ])
/// ```
#[function(returns = list(string))]
fn formatlist(format: &str, #[arg(variadic, null, unknown)] args: &[Value]) -> Result<Value> {
    let mut length: Option<(usize, usize)> = None;
    let mut unknown = false;
    for (at, argument) in args.iter().enumerate() {
        let count = match argument.data() {
            Data::Set(..) if !argument.is_wholly_known() => {
                unknown = true;
                continue;
            }
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.len(),
            Data::Unknown(Type::List(_) | Type::Set(_), _) => {
                unknown = true;
                continue;
            }
            Data::Unknown(Type::Tuple(elements), _) => {
                unknown = true;
                elements.len()
            }
            _ => continue,
        };
        let (first, before) = *length.get_or_insert((at, count));
        if before != count {
            return Err(FunctionError::at(
                at + 1,
                format!(
                    "argument {} has length {count}, which is inconsistent with argument {} of length {before}",
                    at + 1,
                    first + 1,
                ),
            ));
        }
    }
    if unknown {
        return Ok(Value::unknown(Type::list(Type::String)));
    }
    let row = |row: usize| {
        let pick = |argument: &Value| match argument.data() {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items[row].clone(),
            _ => argument.clone(),
        };
        let picked: Vec<Value> = args.iter().map(pick).collect();
        if !picked.iter().all(Value::is_wholly_known) {
            return Ok(Value::unknown(Type::String));
        }
        formatted(format, &picked).map_err(|problem| {
            let (Problem::Argument(_, message) | Problem::Format(message)) = problem;
            FunctionError::new(format!("error on format iteration {row}: {message}"))
        })
    };
    let rows = (0..length.map_or(1, |(_, count)| count)).map(row);
    Ok(Value::list(Type::String, rows.collect::<Result<Vec<_>>>()?))
}

/// What is wrong: with an argument, or with the format.
enum Problem {
    Argument(usize, String),
    Format(String),
}

fn formatted(pattern: &str, arguments: &[Value]) -> std::result::Result<Value, Problem> {
    let mut out = String::new();
    let mut next = 0;
    let mut highest = 0;
    let mut verbs = false;
    for piece in verb::pieces(pattern) {
        let verb = match piece.map_err(Problem::Format)? {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Verb(verb) => verb,
        };
        verbs = true;
        let at = verb.argument.map_or(next, |argument| argument.wrapping_sub(1));
        next = at.wrapping_add(1);
        highest = highest.max(next);
        let Some(argument) = arguments.get(at) else {
            return Err(Problem::Format(format!(
                "not enough arguments for {:?} at {}: need index {} but have {} total",
                verb.raw,
                verb.offset,
                at.wrapping_add(1),
                arguments.len()
            )));
        };
        if !"vtbdoxXeEfgGsq".contains(verb.letter) {
            return Err(Problem::Format(format!(
                "unsupported format verb {:?} in {:?} at offset {}",
                verb.letter, verb.raw, verb.offset
            )));
        }
        out.push_str(&one(&verb, argument).map_err(|why| {
            Problem::Format(format!(
                "unsupported value for {:?} at {}: {why}",
                verb.raw, verb.offset
            ))
        })?);
    }
    if highest < arguments.len() {
        return Err(Problem::Argument(
            highest,
            if verbs {
                format!("too many arguments; only {highest} used by format string")
            } else {
                "too many arguments; no verbs in format string".to_owned()
            },
        ));
    }
    Ok(out.into())
}

fn one(verb: &Verb<'_>, argument: &Value) -> std::result::Result<String, String> {
    if verb.letter == 'v' {
        return any(verb, argument);
    }
    if argument.is_null() {
        return Err("null value cannot be formatted".to_owned());
    }
    let to = |ty: Type| convert::convert(argument, &ty).map_err(|error| error.message);
    match verb.letter {
        't' => {
            let value = to(Type::Bool)?;
            // As in Terraform, a width counts for nothing here.
            Ok(value.as_bool().unwrap_or_default().to_string())
        }
        's' | 'q' => {
            let value = to(Type::String)?;
            let text = value.as_str().unwrap_or_default();
            let text: String = match verb.precision {
                // A precision of zero is none.
                Some(most) if most > 0 => text.graphemes(true).take(most).collect(),
                _ => text.to_owned(),
            };
            Ok(padded(verb, if verb.letter == 'q' { quoted(&text) } else { text }))
        }
        _ => {
            let value = to(Type::Number)?;
            let number = value.as_number().ok_or("a number is required")?;
            decimal::written(verb, number)
        }
    }
}

/// `%v`: each value in the way of its type.
fn any(verb: &Verb<'_>, argument: &Value) -> std::result::Result<String, String> {
    if verb.sharp {
        let text = json::encode(argument).map_err(|error| error.message)?;
        return Ok(padded(verb, text));
    }
    match argument.data() {
        Data::Null(_) => Ok(padded(verb, "null".to_owned())),
        Data::String(_) => one(&Verb { letter: 's', ..*verb }, argument),
        Data::Number(_) => {
            let (width, precision) = (None, None);
            let bare = Verb { letter: 'g', width, precision, plus: false, space: false, ..*verb };
            Ok(padded(verb, one(&bare, argument)?))
        }
        Data::Bool(_) => Ok(padded(verb, one(&Verb { letter: 't', ..*verb }, argument)?)),
        _ => json::encode(argument).map(|text| padded(verb, text)).map_err(|error| error.message),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    json::write_string(text, &mut out);
    out
}

/// The text as wide as the verb says.
fn padded(verb: &Verb<'_>, text: String) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.graphemes(true).count());
    match (verb.minus, verb.zero) {
        (true, _) => text + &" ".repeat(missing),
        (false, true) => "0".repeat(missing) + &text,
        (false, false) => " ".repeat(missing) + &text,
    }
}

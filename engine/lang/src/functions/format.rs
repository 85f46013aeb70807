//! `format` and `formatlist`: Go's verbs.

use infra_value::{Data, Type, Value, convert, json, print};

use super::function::{Function, FunctionError, Param};
use super::string::text;

type Result<T> = std::result::Result<T, FunctionError>;

const ARGUMENT: Param = Param::any("args").with_null();

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "format",
        "Text with values put in: `format(\"%s-%02d\", \"a\", 7)` is `a-07`.",
        &[Param::string("format")],
        || Type::String,
        |a| formatted(text(&a[0]), &a[1..]).map(Value::from),
    )
    .and_any(ARGUMENT),
    Function::pure(
        "formatlist",
        "Texts with the elements of lists put in, one for each.",
        &[Param::string("format")],
        || Type::list(Type::String),
        formatlist,
    )
    .and_any(ARGUMENT),
];

fn formatlist(a: &[Value]) -> Result<Value> {
    let lists =
        |value: &Value| matches!(value.data(), Data::List(..) | Data::Set(..) | Data::Tuple(_));
    let mut length = None;
    for (at, argument) in a[1..].iter().enumerate().filter(|(_, argument)| lists(argument)) {
        let count = argument.as_sequence().map_or(0, <[Value]>::len);
        if *length.get_or_insert(count) != count {
            return Err(FunctionError::at(
                at + 1,
                format!(
                    "argument {} has length {count}, which is inconsistent with argument 1 of length {}",
                    at + 1,
                    length.unwrap_or(0)
                ),
            ));
        }
    }
    let count = length.unwrap_or(1);
    let rows = (0..count).map(|row| {
        let arguments: Vec<Value> = a[1..]
            .iter()
            .map(|argument| match argument.as_sequence() {
                Some(items) if lists(argument) => items[row].clone(),
                _ => argument.clone(),
            })
            .collect();
        formatted(text(&a[0]), &arguments).map(Value::from)
    });
    Ok(Value::list(Type::String, rows.collect::<Result<Vec<_>>>()?))
}

#[derive(Default)]
struct Verb {
    plus: bool,
    minus: bool,
    zero: bool,
    sharp: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

fn formatted(pattern: &str, arguments: &[Value]) -> Result<String> {
    let mut out = String::new();
    let mut characters = pattern.chars().peekable();
    let mut next = 0;
    let mut highest = 0;
    let mut explicit = false;
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut verb = Verb::default();
        let mut position = None;
        loop {
            match characters.peek() {
                Some('+') => verb.plus = true,
                Some('-') => verb.minus = true,
                Some('0') => verb.zero = true,
                Some('#') => verb.sharp = true,
                Some(' ') => verb.space = true,
                _ => break,
            }
            characters.next();
        }
        let digits = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut number = String::new();
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                number.push(digit);
            }
            number.parse::<usize>().ok()
        };
        verb.width = digits(&mut characters);
        if characters.next_if_eq(&'.').is_some() {
            verb.precision = Some(digits(&mut characters).unwrap_or(0));
        }
        if characters.next_if_eq(&'[').is_some() {
            position = digits(&mut characters);
            explicit = true;
            characters.next_if_eq(&']');
        }
        let Some(letter) = characters.next() else {
            return Err(FunctionError::at(
                0,
                "unrecognized format verb: unexpected end of the format string",
            ));
        };
        if letter == '%' {
            out.push('%');
            continue;
        }
        if !"vtbdoxXeEfgGsq".contains(letter) {
            return Err(FunctionError::at(
                0,
                format!(
                    "unsupported format verb {} in format string",
                    print::quoted(&letter.to_string())
                ),
            ));
        }
        let at = position.map_or(next, |position| position.wrapping_sub(1));
        next = at.wrapping_add(1);
        highest = highest.max(next);
        let Some(argument) = arguments.get(at) else {
            return Err(FunctionError::at(
                0,
                format!(
                    "not enough arguments for \"%{letter}\": need index {} but have {} total",
                    at + 1,
                    arguments.len()
                ),
            ));
        };
        out.push_str(&one(&verb, letter, argument, at)?);
    }
    if !explicit && highest < arguments.len() {
        return Err(FunctionError::at(
            highest + 1,
            format!("too many arguments; only {highest} used by format string"),
        ));
    }
    Ok(out)
}

fn one(verb: &Verb, letter: char, argument: &Value, at: usize) -> Result<String> {
    let wrong = |message: String| {
        FunctionError::at(
            at + 1,
            format!("unsupported value for \"%{letter}\" at {}: {message}", at + 1),
        )
    };
    if argument.is_null() && letter != 'v' {
        return Err(wrong("null value cannot be formatted".to_owned()));
    }
    let to = |ty: Type| convert::convert(argument, &ty).map_err(|error| wrong(error.message));
    let plain = match letter {
        'v' => match argument.data() {
            _ if verb.sharp => json::encode(argument).map_err(|error| wrong(error.message))?,
            Data::Null(_) => "null".to_owned(),
            Data::String(text) => text.to_string(),
            Data::Number(number) => number.to_string(),
            Data::Bool(value) => value.to_string(),
            _ => json::encode(argument).map_err(|error| wrong(error.message))?,
        },
        't' => to(Type::Bool)?.as_bool().unwrap_or_default().to_string(),
        's' | 'q' => {
            let value = to(Type::String)?;
            let text = value.as_str().unwrap_or_default();
            let text: String = match verb.precision {
                Some(most) => text.chars().take(most).collect(),
                None => text.to_owned(),
            };
            if letter == 'q' { json::encode(&text.into()).unwrap_or_default() } else { text }
        }
        _ => {
            let value = to(Type::Number)?;
            let Some(number) = value.as_number() else {
                return Err(wrong("a number is required".to_owned()));
            };
            let sign = |negative: bool| match (negative, verb.plus, verb.space) {
                (true, _, _) => "-",
                (false, true, _) => "+",
                (false, false, true) => " ",
                _ => "",
            };
            match letter {
                'd' | 'b' | 'o' | 'x' | 'X' => {
                    let whole = number.abs();
                    let whole = if number.is_integer() { whole } else { whole.floor() };
                    let digits = match (letter, whole.to_i64()) {
                        ('b', Some(small)) => format!("{small:b}"),
                        ('o', Some(small)) => format!("{small:o}"),
                        ('x', Some(small)) => format!("{small:x}"),
                        ('X', Some(small)) => format!("{small:X}"),
                        _ => whole.to_string(),
                    };
                    return Ok(padded(verb, sign(number.is_negative()), &digits));
                }
                _ => {
                    let float = number.to_f64().abs();
                    let precision = verb.precision.unwrap_or(6);
                    let digits = match letter {
                        'f' => format!("{float:.precision$}"),
                        'e' | 'E' => {
                            let text = format!("{float:.precision$e}");
                            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                            let exponent: i32 = exponent.parse().unwrap_or(0);
                            let mark = if letter == 'E' { 'E' } else { 'e' };
                            format!(
                                "{mantissa}{mark}{}{:02}",
                                if exponent < 0 { '-' } else { '+' },
                                exponent.abs()
                            )
                        }
                        _ => number.abs().to_string(),
                    };
                    return Ok(padded(verb, sign(number.is_negative()), &digits));
                }
            }
        }
    };
    Ok(padded(
        &Verb { zero: false, width: verb.width, minus: verb.minus, ..Verb::default() },
        "",
        &plain,
    ))
}

fn padded(verb: &Verb, sign: &str, digits: &str) -> String {
    let length = sign.chars().count() + digits.chars().count();
    let missing = verb.width.unwrap_or(0).saturating_sub(length);
    match (verb.minus, verb.zero) {
        (true, _) => format!("{sign}{digits}{}", " ".repeat(missing)),
        (false, true) => format!("{sign}{}{digits}", "0".repeat(missing)),
        (false, false) => format!("{}{sign}{digits}", " ".repeat(missing)),
    }
}

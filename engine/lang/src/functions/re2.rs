//! Regular expressions of RE2 in the notation of the `regex` crate, which differs in details: classes such as `\d` are
//! ASCII, sets have no operators, octal escapes and `\Q...\E` exist.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::Regex;

/// Compiled expressions by pattern: the same few are used again and again.
static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Regex>>>> = LazyLock::new(Mutex::default);

/// How many are remembered.
const REMEMBERED: usize = 256;

/// The compiled form of a pattern of RE2, or what is wrong with it.
pub(super) fn compiled(pattern: &str) -> Result<Arc<Regex>, String> {
    let mut known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(pattern) {
        return Ok(found.clone());
    }
    let regex = Regex::new(&translated(pattern)?).map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default();
        format!("invalid regexp pattern: {}", last.trim_start_matches("error: "))
    })?;
    if known.len() >= REMEMBERED {
        known.clear();
    }
    let regex = Arc::new(regex);
    known.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

type Characters<'a> = Peekable<Chars<'a>>;

fn translated(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern.chars().peekable();
    let mut after_repetition = false;
    while let Some(character) = rest.next() {
        let mut repetition = false;
        match character {
            '\\' => escape(&mut rest, &mut out, false)?,
            '[' => class(&mut rest, &mut out)?,
            '{' if !is_count(rest.clone()) => out.push_str("\\{"),
            '{' => {
                let count: String = rest.by_ref().take_while(|next| *next != '}').collect();
                let most = count.split(',').filter_map(|bound| bound.parse::<u32>().ok()).max();
                if most.is_none_or(|most| most > 1000) {
                    return Err(wrong("invalid repeat count", &format!("{{{count}}}")));
                }
                out.push_str(&format!("{{{count}}}"));
                repetition = true;
            }
            '(' if rest.peek() == Some(&'?') => group(&mut rest, &mut out)?,
            '*' | '+' | '?' => {
                out.push(character);
                repetition = true;
            }
            '#' | '&' | '~' | ' ' | '}' | ']' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
        if repetition {
            if after_repetition {
                return Err(wrong("invalid nested repetition operator", &character.to_string()));
            }
            // A question mark after a repetition makes it lazy.
            if let Some(lazy) = rest.next_if_eq(&'?') {
                out.push(lazy);
            }
        }
        after_repetition = repetition;
    }
    Ok(out)
}

fn wrong(what: &str, part: &str) -> String {
    format!("invalid regexp pattern: {what} in {part}")
}

/// Whether what follows `{` is a repetition: `2}`, `2,}` or `2,3}`.
fn is_count(rest: Characters<'_>) -> bool {
    let text: String = rest.take_while(|next| *next != '}').take(16).collect();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(',') {
        Some((least, most)) => number(least) && (most.is_empty() || number(most)),
        None => number(&text),
    }
}

/// What follows `(`: a name or flags. RE2 has no look-around.
fn group(rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let mut ahead = rest.clone();
    ahead.next();
    let mut head = String::new();
    for next in ahead {
        head.push(next);
        if matches!(next, ')' | ':' | '>') {
            break;
        }
    }
    let named = head.strip_prefix("P<").or_else(|| head.strip_prefix('<'));
    let fine = match named {
        Some(name) => name.strip_suffix('>').is_some_and(|name| {
            !name.is_empty() && name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_')
        }),
        None => {
            let flags = head.trim_end_matches([':', ')']);
            head.len() == flags.len() + 1 && flags.chars().all(|flag| "imsU-".contains(flag))
        }
    };
    if !fine {
        return Err(wrong("invalid or unsupported Perl syntax", &format!("(?{head}")));
    }
    out.push('(');
    if let Some(name) = named.and_then(|name| name.strip_suffix('>')) {
        let taken = |number: usize| out.contains(&format!("(?P<{}>", numbered(name, number)));
        let number = (0..).find(|number| !taken(*number)).unwrap_or_default();
        out.push_str(&format!("?P<{}>", numbered(name, number)));
        rest.nth(head.len());
    }
    Ok(())
}

/// The name of a group where groups before it have the same: RE2 allows that, and has no brackets in names.
fn numbered(name: &str, number: usize) -> String {
    // Names that begin with a digit are RE2's too; a point is in none.
    let digit = name.starts_with(|first: char| first.is_ascii_digit());
    let name = if digit { format!("_.{name}") } else { name.to_owned() };
    if number == 0 { name } else { format!("{name}[{number}]") }
}

/// The name of a group as it was written.
pub(super) fn written(name: &str) -> &str {
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    name.strip_prefix("_.").unwrap_or(name)
}

/// What follows a backslash.
fn escape(rest: &mut Characters<'_>, out: &mut String, in_class: bool) -> Result<(), String> {
    let Some(character) = rest.next() else {
        return Err("invalid regexp pattern: trailing backslash at end of expression".to_owned());
    };
    match character {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        's' => out.push_str("[\\t\\n\\x0C\\r\\x20]"),
        'S' => out.push_str("[^\\t\\n\\x0C\\r\\x20]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        'b' if !in_class => out.push_str("(?-u:\\b)"),
        'B' if !in_class => out.push_str("(?-u:\\B)"),
        'A' | 'z' if !in_class => out.extend(['\\', character]),
        'Q' if !in_class => {
            let mut literal: String = rest.by_ref().collect();
            if let Some(end) = literal.find("\\E") {
                let after = literal.split_off(end);
                // What follows is translated as if it stood alone.
                out.push_str(&regex::escape(&literal));
                out.push_str(&translated(&after[2..])?);
            } else {
                out.push_str(&regex::escape(&literal));
            }
        }
        'p' | 'P' => property(character, rest, out)?,
        'a' => out.push_str("\\x07"),
        'f' => out.push_str("\\x0C"),
        'n' => out.push_str("\\n"),
        'r' => out.push_str("\\r"),
        't' => out.push_str("\\t"),
        'v' => out.push_str("\\x0B"),
        'x' => hexadecimal(rest, out)?,
        '0'..='7' => octal(character, rest, out)?,
        character if character.is_ascii() && !character.is_ascii_alphanumeric() => {
            out.push_str(&literal(character));
        }
        character => return Err(wrong("invalid escape sequence", &format!("\\{character}"))),
    }
    Ok(())
}

/// A character that means itself, wherever it stands.
fn literal(character: char) -> String {
    if character.is_ascii() && !character.is_ascii_alphanumeric() {
        format!("\\x{:02X}", character as u32)
    } else {
        character.to_string()
    }
}

fn code_point(digits: &str, radix: u32, out: &mut String) -> Result<(), String> {
    match u32::from_str_radix(digits, radix).ok().and_then(char::from_u32) {
        Some(character) => {
            out.push_str(&format!("\\x{{{:X}}}", character as u32));
            Ok(())
        }
        None => Err(wrong("invalid escape sequence", digits)),
    }
}

fn hexadecimal(rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let digits: String = if rest.next_if_eq(&'{').is_some() {
        let mut digits = String::new();
        loop {
            match rest.next() {
                Some('}') => break digits,
                Some(digit) => digits.push(digit),
                None => return Err(wrong("invalid escape sequence", "\\x{")),
            }
        }
    } else {
        rest.by_ref().take(2).collect::<String>()
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong("invalid escape sequence", "\\x"));
    }
    code_point(&digits, 16, out)
}

/// `\123`; a single digit but 0 would be a back reference, which RE2 does not have.
fn octal(first: char, rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let is_octal = |next: &char| ('0'..='7').contains(next);
    if first != '0' && !rest.peek().is_some_and(is_octal) {
        return Err(wrong("invalid escape sequence", &format!("\\{first}")));
    }
    let mut digits = String::from(first);
    while digits.len() < 3
        && let Some(digit) = rest.next_if(is_octal)
    {
        digits.push(digit);
    }
    code_point(&digits, 8, out)
}

fn property(letter: char, rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let Some(first) = rest.next() else {
        return Err(wrong("invalid character class range", &format!("\\{letter}")));
    };
    if first != '{' {
        out.push_str(&format!("\\{letter}{{{first}}}"));
        return Ok(());
    }
    let name: String = rest.by_ref().take_while(|next| *next != '}').collect();
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (letter == 'p', name),
        None => (letter == 'P', &*name),
    };
    let name = if name == "Any" { "any" } else { name };
    out.push_str(&format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }));
    Ok(())
}

/// What follows `[`.
fn class(rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if rest.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut first = true;
    while let Some(character) = rest.next() {
        if character == ']' && !first {
            out.push(']');
            return Ok(());
        }
        first = false;
        if character == '[' && rest.peek() == Some(&':') {
            let name: String = rest.clone().skip(1).take_while(|next| *next != ']').collect();
            if let Some(name) = name.strip_suffix(':') {
                if !NAMED_CLASSES.contains(&name.trim_start_matches('^')) {
                    return Err(wrong("invalid character class range", &format!("[:{name}:]")));
                }
                out.push_str(&format!("[:{name}:]"));
                rest.nth(name.chars().count() + 2);
                continue;
            }
        }
        if character == '\\' && rest.peek().is_some_and(|next| "dDsSwWpP".contains(*next)) {
            escape(rest, out, true)?;
            continue;
        }
        member(character, rest, out)?;
        let mut ahead = rest.clone();
        if ahead.next() == Some('-') && !matches!(ahead.next(), Some(']') | None) {
            rest.next();
            out.push('-');
            if let Some(end) = rest.next() {
                member(end, rest, out)?;
            }
        }
    }
    Err("invalid regexp pattern: missing closing ]".to_owned())
}

const NAMED_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// A single character of a class.
fn member(character: char, rest: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    if character == '\\' {
        return escape(rest, out, true);
    }
    out.push_str(&literal(character));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str, text: &str) -> Option<String> {
        compiled(pattern).ok()?.find(text).map(|found| found.as_str().to_owned())
    }

    #[test]
    fn classes_are_ascii_and_sets_have_no_operators() {
        for (pattern, text, found) in [
            ("\\d+", "１２34", Some("34")),
            ("\\w+", "é_a1", Some("_a1")),
            ("[a&&b]+", "&b", Some("&b")),
            ("[[]", "[", Some("[")),
            ("[^]a]", "]b", Some("b")),
            ("a{,2}", "a{,2}", Some("a{,2}")),
            ("\\Qa.b\\E+", "a.bb", Some("a.bb")),
            ("\\101", "A", Some("A")),
            ("\\<", "<", Some("<")),
            ("[[:^alpha:]]+", "ab12", Some("12")),
            ("(?=a)", "a", None),
            ("\\1", "1", None),
            ("a**", "aa", None),
        ] {
            assert_eq!(matched(pattern, text).as_deref(), found, "{pattern}");
        }
    }
}

//! The verbs in a format: flags, width, precision, argument and letter.

/// A piece of a format.
pub(super) enum Piece<'a> {
    /// Text that stays as it is.
    Text(&'a str),
    /// Where a value is put in.
    Verb(Verb<'a>),
}

/// A verb, such as `%-8.2[1]f`.
#[derive(Clone, Copy)]
pub(super) struct Verb<'a> {
    pub(super) raw: &'a str,
    /// Where it stands, in bytes.
    pub(super) offset: usize,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    /// Counted from 1.
    pub(super) argument: Option<usize>,
    pub(super) letter: char,
}

/// A text that is wider than this is a mistake.
const WIDEST: usize = 1_000_000;

/// The pieces of a format, in order, up to the first mistake.
pub(super) fn pieces(format: &str) -> impl Iterator<Item = Result<Piece<'_>, String>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &format[at..];
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with("%%") {
            at += 2;
            return Some(Ok(Piece::Text("%")));
        }
        if !rest.starts_with('%') {
            let end = rest.find('%').unwrap_or(rest.len());
            at += end;
            return Some(Ok(Piece::Text(&rest[..end])));
        }
        let found = verb(format, at);
        match &found {
            Ok(verb) => at += verb.raw.len(),
            Err(_) => at = format.len(),
        }
        Some(found.map(Piece::Verb))
    })
}

fn verb(format: &str, offset: usize) -> Result<Verb<'_>, String> {
    let bytes = format.as_bytes();
    let mut at = offset + 1;
    let mut verb = Verb {
        raw: "",
        offset,
        plus: false,
        minus: false,
        zero: false,
        sharp: false,
        space: false,
        width: None,
        precision: None,
        argument: None,
        letter: ' ',
    };
    while let Some(flag) = bytes.get(at) {
        match flag {
            b'+' => verb.plus = true,
            b'-' => verb.minus = true,
            b'0' => verb.zero = true,
            b'#' => verb.sharp = true,
            b' ' => verb.space = true,
            _ => break,
        }
        at += 1;
    }
    let number = |at: &mut usize| -> Option<usize> {
        let begin = *at;
        while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        (*at > begin).then(|| format[begin..*at].parse().unwrap_or(usize::MAX))
    };
    verb.width = number(&mut at);
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        verb.precision = Some(number(&mut at).unwrap_or(0));
    }
    if bytes.get(at) == Some(&b'[') {
        at += 1;
        verb.argument = number(&mut at);
        if verb.argument.is_none() || bytes.get(at) != Some(&b']') {
            return Err(unrecognized(format, at));
        }
        at += 1;
    }
    let Some(letter) = format[at..].chars().next() else {
        return Err(format!("invalid format string starting at offset {}", offset + 1));
    };
    if !letter.is_ascii_alphabetic() {
        return Err(unrecognized(format, at));
    }
    verb.raw = &format[offset..=at];
    if verb.width.unwrap_or(0).max(verb.precision.unwrap_or(0)) > WIDEST {
        return Err(format!("the width or precision of {:?} is too large", verb.raw));
    }
    verb.letter = letter;
    // What is padded on the right has no zeros before it.
    verb.zero &= !verb.minus;
    Ok(verb)
}

fn unrecognized(format: &str, at: usize) -> String {
    match format[at..].chars().next() {
        Some(character) => format!("unrecognized format character {character:?} at offset {at}"),
        None => format!("invalid format string starting at offset {at}"),
    }
}

//! JSON texts, however deep, and with halves of characters.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Deserializer;

/// How deep the library for JSON reads of its own accord, and a little less.
const SHALLOW: usize = 120;

/// Reads JSON that is as deep as things may be on this thread.
///
/// # Errors
/// What is wrong with the text.
pub fn read<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text).or_else(|problem| {
        if !(SHALLOW..=crate::deepest()).contains(&nesting(text)) {
            return Err(problem);
        }
        let mut reader = Deserializer::from_slice(text);
        reader.disable_recursion_limit();
        let value = T::deserialize(&mut reader)?;
        reader.end().map(|()| value)
    })
}

/// How many brackets are inside each other, at most.
fn nesting(text: &[u8]) -> usize {
    let (mut depth, mut most, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// A text of JSON with the replacement character for each escape that is half of a surrogate pair without the other.
pub fn whole_characters(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..0xe000).contains(unit))
    };
    let mut out = Cow::Borrowed("");
    let (mut kept, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        at += found;
        at += match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => {
                let before = &text[kept..at];
                out.to_mut().push_str(before);
                out.to_mut().push_str("\\ufffd");
                kept = at + 6;
                6
            }
            (None, _) => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    if kept == 0 {
        return text.into();
    }
    out.to_mut().push_str(&text[kept..]);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::read;
    use crate::with_large_stack;

    #[test]
    fn what_is_deep_is_read_where_the_stack_is_large() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let reads = |depth: usize| read::<Json>(nested(depth).as_bytes()).is_ok();
        assert_eq!((reads(190), reads(201)), (true, false));
        let large = with_large_stack(|| (reads(10_000), reads(10_001))).ok();
        assert_eq!(large, Some((true, false)));
        assert!(read::<Json>(format!("[\"{}\"]", nested(300)).as_bytes()).is_ok());
    }
}

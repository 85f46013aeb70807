//! An object with the same key twice: the language lets the last one win, `hcl-edit` refuses it.
//!
//! Each later key is given another name of the same length, so that every position stays as it is, and the name is put
//! back when the expression is compiled.

use std::collections::BTreeMap;

use hcl_edit::parser::Error;

/// The keys that were renamed: first byte of the key to what is written there.
#[derive(Default)]
pub(super) struct Renamed(BTreeMap<usize, String>);

/// How the parser words its refusal.
const REFUSAL: &str = "redefined object key";

impl Renamed {
    /// Parses `text`, renaming keys until none is there twice.
    pub(super) fn parse<T>(
        &mut self,
        text: &str,
        parse: impl Fn(&str) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let error = match parse(text) {
            Ok(parsed) => return Ok(parsed),
            Err(error) if error.message().contains(REFUSAL) => error,
            Err(error) => return Err(error),
        };
        let mut changed = text.to_owned();
        let mut error = error;
        for attempt in 0..10_000 {
            let Some((start, end)) = key_before(&changed, error.location().offset()) else {
                return Err(error);
            };
            let original = changed[start..end].to_owned();
            let name = replacement(original.len(), attempt);
            changed.replace_range(start..end, &name);
            self.0.entry(start).or_insert(original);
            match parse(&changed) {
                Ok(parsed) => return Ok(parsed),
                Err(next) if next.message().contains(REFUSAL) => error = next,
                Err(next) => return Err(next),
            }
        }
        Err(error)
    }

    /// What is really written at a position, if a key there was renamed.
    pub(super) fn original(&self, start: usize) -> Option<&str> {
        self.0.get(&start).map(String::as_str)
    }
}

/// The bytes of the name that ends at or before an offset, without quotes.
fn key_before(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?.trim_end();
    if let Some(inside) = before.strip_suffix('"') {
        let start = inside.rfind('"')? + 1;
        return (start < inside.len()).then_some((start, inside.len()));
    }
    let start = before
        .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .map_or(0, |at| at + 1);
    (start < before.len()).then_some((start, before.len()))
}

/// A name of so many bytes that is hardly anywhere else.
fn replacement(length: usize, attempt: usize) -> String {
    const LETTERS: &[u8] = b"zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA";
    let mut number = attempt;
    let mut name = String::with_capacity(length);
    for _ in 0..length {
        name.push(LETTERS[number % LETTERS.len()] as char);
        number /= LETTERS.len();
    }
    name
}

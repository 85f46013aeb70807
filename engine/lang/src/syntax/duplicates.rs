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
            let Some((start, end)) = key_at(&changed, error.location().offset()) else {
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

/// The bytes of the key at an offset, without quotes; white space and comments may come before it.
fn key_at(text: &str, offset: usize) -> Option<(usize, usize)> {
    let mut start = offset;
    loop {
        let rest = text.get(start..)?;
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        start += rest.len() - trimmed.len();
        if trimmed.starts_with('#') || trimmed.starts_with("//") {
            start += trimmed.find('\n')?;
        } else if trimmed.starts_with("/*") {
            start += trimmed.find("*/")? + 2;
        } else if let Some(quoted) = trimmed.strip_prefix('"') {
            let length = quoted.find('"')?;
            return (length > 0).then_some((start + 1, start + 1 + length));
        } else {
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let length = trimmed.find(|c: char| !is_name(c)).unwrap_or(trimmed.len());
            return (length > 0).then_some((start, start + length));
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_be_there_more_than_once_quoted_or_not() {
        let text =
            "a = {\n  Name = 1\n  # last\n  Name = 2\n  \"x\" = 1, \"x\" = 2\n  Name = 3\n}\n";
        let mut renamed = Renamed::default();
        let parsed = renamed.parse(text, str::parse::<hcl_edit::structure::Body>);
        assert!(parsed.is_ok(), "{parsed:?}");
        let originals: Vec<&str> = renamed.0.values().map(String::as_str).collect();
        assert_eq!(originals, ["Name", "x", "Name"]);
    }
}

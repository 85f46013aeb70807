//! JSON texts, however deep.

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

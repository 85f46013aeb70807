//! Two long texts side by side: what differs, and a little of what is around it.

use infra_engine::value::print;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::paint::Paint;

/// How much of what is equal is shown beside a difference.
const AROUND: usize = 16;

/// How long a word is at most that is shown whole where it differs in part.
const WORD: usize = 24;

/// `"…what was…" -> "…what will be…"`: equal stretches are shortened, what differs is shown whole and in colour. What
/// is too wide for a line has the second text below the first.
pub(super) fn long(old: &str, new: &str, indent: usize, paint: Paint) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    let pieces = pieces(old, new);
    let last = pieces.len().saturating_sub(1);
    for (at, (old, new)) in pieces.into_iter().enumerate() {
        if old == new {
            let text = shortened(old, at > 0, at < last);
            before.push_str(&text);
            after.push_str(&text);
            continue;
        }
        if !old.is_empty() {
            before.push_str(&paint.red(&escaped(old)));
        }
        if !new.is_empty() {
            after.push_str(&paint.green(&escaped(new)));
        }
    }
    let width: usize = [&before, &after].map(|text| console::measure_text_width(text)).iter().sum();
    let space = match indent + width + 12 > paint.width {
        true => format!("\n{}", " ".repeat(indent + 8)),
        false => " ".to_owned(),
    };
    format!("\"{before}\"{space}{} \"{after}\"", paint.yellow("->"))
}

/// Both texts in stretches: equal ones, and what stands in their places.
fn pieces<'t>(old: &'t str, new: &'t str) -> Vec<(&'t str, &'t str)> {
    let start = common(old.chars(), new.chars());
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = common(old_rest.chars().rev(), new_rest.chars().rev());
    let (old_middle, old_end) = old_rest.split_at(old_rest.len() - end);
    let (new_middle, new_end) = new_rest.split_at(new_rest.len() - end);
    let (old_words, new_words) = (words(old_middle), words(new_middle));
    let mut pieces = vec![(&old[..start], &new[..start])];
    for found in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        let old = span(old_middle, &old_words, found.old_range());
        let new = span(new_middle, &new_words, found.new_range());
        // A short stretch between two differences tells less than the difference as a whole.
        let short = found.tag() == DiffTag::Equal && old.chars().count() < AROUND / 4;
        match pieces.last_mut().filter(|(a, b)| a != b) {
            Some((before, after)) if short || old != new => {
                *before = joined(old_middle, before, old);
                *after = joined(new_middle, after, new);
            }
            _ => pieces.push((old, new)),
        }
    }
    pieces.push((old_end, new_end));
    pieces.retain(|(old, new)| !(old.is_empty() && new.is_empty()));
    pieces
}

/// How many bytes two texts begin with that are the same, in whole words if they are not too long.
fn common(old: impl Iterator<Item = char>, new: impl Iterator<Item = char>) -> usize {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let (mut length, mut word) = (0, 0);
    while let (Some(char), true) = (old.peek().copied(), old.peek() == new.peek()) {
        length += char.len_utf8();
        word = if char.is_alphanumeric() { word + char.len_utf8() } else { 0 };
        old.next();
        new.next();
    }
    let goes_on = [old.peek(), new.peek()].into_iter().flatten().any(|next| next.is_alphanumeric());
    if goes_on && word <= WORD { length - word } else { length }
}

/// The part of a text that some of its words make.
fn span<'t>(text: &'t str, words: &[&'t str], range: std::ops::Range<usize>) -> &'t str {
    let length = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
    let start = length(&words[..range.start]);
    &text[start..start + length(&words[range])]
}

/// A part of a text and the one right after it.
fn joined<'t>(text: &'t str, part: &'t str, next: &'t str) -> &'t str {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    &text[start..start + part.len() + next.len()]
}

/// Runs of letters and digits, and what is between them one by one.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        let goes_on = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !(char.is_alphanumeric() && goes_on) {
            words.push(&text[start..end]);
            start = end;
        }
    }
    words
}

/// What is equal, without what is far from a difference before and after it.
fn shortened(text: &str, after_one: bool, before_one: bool) -> String {
    let count = text.chars().count();
    let room = AROUND * (usize::from(after_one) + usize::from(before_one));
    if count <= room + 3 {
        return escaped(text);
    }
    let start: String = text.chars().take(if after_one { AROUND } else { 0 }).collect();
    let end: String = text.chars().skip(if before_one { count - AROUND } else { count }).collect();
    format!("{}…{}", escaped(&start), escaped(&end))
}

/// As in quotes, without them.
fn escaped(text: &str) -> String {
    let quoted = print::quoted(text);
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&quoted).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_of_long_texts() {
        let paint = Paint { colour: false, sensitive: false, width: 200 };
        let start = "first words that are of no interest ";
        let end = " and last words of no interest either";
        let between = " in the middle of a rather long sentence ";
        let table = [
            (
                "one",
                "two",
                r#""… of no interest one and last words …" -> "… of no interest two and last words …""#,
            ),
            (
                "",
                "new",
                r#""… of no interest  and last words …" -> "… of no interest new and last words …""#,
            ),
        ];
        for (old, new, want) in table {
            let text = |middle: &str| format!("{start}{middle}{end}");
            assert_eq!(long(&text(old), &text(new), 0, paint), want);
        }
        let text = |a: &str, b: &str| format!("{start}{a}{between}{b}{end}");
        assert_eq!(
            long(&text("one", "éa"), &text("two", "éb"), 0, paint),
            r#""… of no interest one in the middle o…r long sentence éa and last words …" -> "… of no interest two in the middle o…r long sentence éb and last words …""#
        );
        assert_eq!(long("ab", "cd", 0, paint), r#""ab" -> "cd""#);
        let narrow = Paint { width: 10, ..paint };
        assert_eq!(long("ab", "cd", 0, narrow), "\"ab\"\n        -> \"cd\"");
    }
}

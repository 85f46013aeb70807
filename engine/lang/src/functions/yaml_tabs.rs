//! Tabs in YAML: no indentation, but white space elsewhere. The parser is stricter with some and laxer with others than
//! Terraform's, so they are looked at before it reads.

use std::borrow::Cow;

/// The text with a space for each tab that only separates; an error where a tab must not be.
pub(super) fn separated(text: &str) -> Result<Cow<'_, str>, String> {
    if !text.contains('\t') {
        return Ok(text.into());
    }
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut depth) = (None, 0_usize);
    // How far a line is indented whose block of text is being gone through.
    let mut block: Option<usize> = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let indentation = line.bytes().take_while(|byte| *byte == b' ').count();
        if let Some(parent) = block {
            if line.trim().is_empty() || indentation > parent {
                out.push_str(line);
                continue;
            }
            block = None;
        }
        if quote.is_none() && depth == 0 && line[indentation..].starts_with('\t') {
            return Err(format!(
                "on line {}, column {}: a tab stands where spaces indent",
                number + 1,
                indentation + 1
            ));
        }
        // Whether only dashes of lists stand before.
        let mut dashes = true;
        let mut before = ' ';
        let mut rest = line.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            match (quote, character) {
                (Some('"'), '\\') => {
                    out.push(character);
                    out.extend(rest.next().map(|(_, escaped)| escaped));
                    continue;
                }
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',' | ':') => {
                    quote = Some(character);
                }
                (None, '[' | '{') if depth > 0 || matches!(before, ' ') => depth += 1,
                (None, ']' | '}') => depth = depth.saturating_sub(1),
                (None, '#') if before == ' ' => {
                    out.push_str(&line[at..]);
                    break;
                }
                (None, '\t') if dashes && depth == 0 => {
                    return Err(format!(
                        "on line {}, column {}: a tab stands where spaces indent",
                        number + 1,
                        at + 1
                    ));
                }
                (None, '\t') if matches!(before, ':' | ' ' | ',') => {
                    out.push(' ');
                    before = ' ';
                    continue;
                }
                _ => {}
            }
            dashes &= matches!(character, ' ' | '-' | '?');
            before = if character.is_whitespace() { ' ' } else { character };
            out.push(character);
        }
        if quote.is_none() && depth == 0 && begins_block(line) {
            block = Some(indentation);
        }
    }
    Ok(out.into())
}

/// Whether a line ends with the sign of a block of text: `|` or `>`, maybe with how it is to be read.
fn begins_block(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let sign = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    let header = sign.strip_suffix(['|', '>']);
    header.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
}

//! How a diagnostic reads: for people at a width with or without colour, and as Terraform's JSON.

use serde_json::{Value as Json, json};

use crate::{Diagnostic, Severity, Sources, Span};

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With ANSI colours.
    pub colour: bool,
    /// Columns at which text is wrapped.
    pub width: usize,
}

/// The diagnostic in a box of its own, ending in a line end.
pub fn human(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let paint = |code: &str, text: &str| {
        if style.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let (code, word) = match diagnostic.severity {
        Severity::Error => ("31", "Error"),
        Severity::Warning => ("33", "Warning"),
    };
    // What a provider says may have several lines.
    let mut lines: Vec<String> =
        diagnostic.summary.split('\n').map(|line| paint("1", line)).collect();
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, &paint(&format!("1;{code}"), &format!("{word}: ")));
    }
    lines.push(String::new());
    if let Some(address) = diagnostic.told_of() {
        let more = if diagnostic.span.is_some() { "," } else { "" };
        lines.push(format!("  with {address}{more}"));
    }
    if let Some(span) = diagnostic.span {
        lines.extend(snippet(diagnostic, sources, span, style));
    }
    if diagnostic.told_of().is_some() || diagnostic.span.is_some() {
        lines.push(String::new());
    }
    for paragraph in diagnostic.detail.lines() {
        // Lines that are indented are laid out by hand.
        if paragraph.starts_with(' ') {
            lines.push(paragraph.to_owned());
        } else {
            lines.extend(wrapped(paragraph, style.width.saturating_sub(2).max(20)));
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let bar = paint(code, "│");
    let mut text = format!("{}\n", paint(code, "╷"));
    for line in lines {
        text.push_str(format!("{bar} {line}").trim_end());
        text.push('\n');
    }
    text.push_str(&paint(code, "╵"));
    text.push('\n');
    text
}

fn snippet(diagnostic: &Diagnostic, sources: &Sources, span: Span, style: Style) -> Vec<String> {
    let Some(file) = sources.get(span.source) else { return Vec::new() };
    let (start, end) = (file.position(span.start), file.position(span.end));
    let within =
        diagnostic.within.as_ref().map(|within| format!(", in {within}")).unwrap_or_default();
    let mut lines = vec![format!("  on {} line {}{within}:", file.path, start.line)];
    let number = format!("{:>4}: ", start.line);
    let whole = file.lines(span);
    let mut text: Vec<char> = whole.first().unwrap_or(&"").chars().collect();
    let from = (start.column as usize - 1).min(text.len());
    let ends_here = whole.len() == 1 && (end.column > start.column || span.end == span.start);
    let to = if ends_here { end.column as usize - 1 } else { text.len() };
    let shown = visible(text.len(), from, style.width.saturating_sub(2 + number.len()));
    if shown.start > 0 {
        text[shown.start] = '…';
    }
    if shown.end < text.len() {
        text[shown.end - 1] = '…';
    }
    let part = |from: usize, to: usize| -> String {
        text.iter().take(to.min(shown.end)).skip(from.max(shown.start)).collect()
    };
    let (before, subject, after) = (part(0, from), part(from, to), part(to, text.len()));
    if style.colour {
        lines.push(format!("{number}{before}\u{1b}[4m{subject}\u{1b}[0m{after}"));
    } else {
        lines.push(format!("{number}{before}{subject}{after}"));
        let pad: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let marker = "^".repeat(subject.chars().count().max(1));
        lines.push(format!("{}{pad}{marker}", " ".repeat(number.len())));
    }
    if !diagnostic.values.is_empty() {
        lines.push("    ├────────────────".to_owned());
        for (expression, description) in &diagnostic.values {
            lines.push(format!("    │ {expression} {description}"));
        }
    }
    lines
}

/// Which characters of a line of so many are shown where it is too long: some before the subject, most after its start.
fn visible(length: usize, subject: usize, width: usize) -> std::ops::Range<usize> {
    let width = width.max(20);
    if length <= width {
        return 0..length;
    }
    let start = subject.saturating_sub(width / 3).min(length - width);
    start..start + width
}

/// The text broken at spaces so that no line is longer than `width`, unless a word is.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

/// The diagnostic as `validate -json` and the message stream have it.
pub fn json(diagnostic: &Diagnostic, sources: &Sources) -> Json {
    let mut out = json!({
        "severity": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
    });
    if let Some(address) = &diagnostic.address {
        out["address"] = json!(address);
    }
    if diagnostic.span == Some(Span::NOWHERE) {
        out["range"] = json!({
            "filename": "",
            "start": { "line": 0, "column": 0, "byte": 0 },
            "end": { "line": 0, "column": 1, "byte": 1 },
        });
    }
    if let Some((span, file)) =
        diagnostic.span.and_then(|span| Some((span, sources.get(span.source)?)))
    {
        let (start, end) = (file.position(span.start), file.position(span.end));
        out["range"] = json!({
            "filename": file.path,
            "start": { "line": start.line, "column": start.column, "byte": start.byte },
            "end": { "line": end.line, "column": end.column, "byte": end.byte },
        });
        let code = file.lines(span);
        let before = code.first().unwrap_or(&"").chars().take(start.column as usize - 1);
        let line_start = start.byte as usize - before.map(char::len_utf8).sum::<usize>();
        let code = code.join("\n");
        let values: Vec<Json> = diagnostic
            .values
            .iter()
            .map(|(expression, description)| json!({ "traversal": expression, "statement": description }))
            .collect();
        out["snippet"] = json!({
            "context": diagnostic.within.as_deref(),
            "code": code,
            "start_line": start.line,
            "highlight_start_offset": start.byte as usize - line_start,
            "highlight_end_offset": (end.byte as usize - line_start).min(code.len()),
            "values": values,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Diagnostic, Sources) {
        let mut sources = Sources::new();
        let text = "resource \"a\" \"b\" {\n  name = local.nmae\n}\n";
        let source = sources.add("main.tf", text);
        let start = text.find("nmae").unwrap() as u32;
        let diagnostic = Diagnostic::error("Unsupported attribute")
            .at(Span { source, start, end: start + 4 })
            .within("resource \"a\" \"b\"")
            .value("local.x", "is \"y\"")
            .detail("There is no attribute named \"nmae\".")
            .suggest("nmae", ["name", "id"]);
        (diagnostic, sources)
    }

    #[test]
    fn a_diagnostic_shows_its_place_its_values_and_what_to_do() {
        let (diagnostic, sources) = example();
        let want = "\
╷
│ Error: Unsupported attribute
│
│   on main.tf line 2, in resource \"a\" \"b\":
│    2:   name = local.nmae
│                      ^^^^
│     ├────────────────
│     │ local.x is \"y\"
│
│ There is no attribute named \"nmae\". Did you mean \"name\"?
╵
";
        assert_eq!(human(&diagnostic, &sources, Style { colour: false, width: 78 }), want);
    }

    #[test]
    fn of_a_line_that_is_too_long_the_part_around_the_subject_is_shown() {
        let mut sources = Sources::new();
        let text = format!("x = [{}nmae{}]\n", "1, ".repeat(30), ", 2".repeat(30));
        let source = sources.add("main.tf", text.as_str());
        let start = text.find("nmae").unwrap() as u32;
        let diagnostic =
            Diagnostic::error("Invalid reference").at(Span { source, start, end: start + 4 });
        let want = "\
╷
│ Error: Invalid reference
│
│   on main.tf line 1:
│    1: …, 1, 1, nmae, 2, 2, 2, 2, …
│                ^^^^
╵
";
        assert_eq!(human(&diagnostic, &sources, Style { colour: false, width: 36 }), want);
    }

    #[test]
    fn json_has_range_and_snippet() {
        let (diagnostic, sources) = example();
        let found = json(&diagnostic, &sources);
        assert_eq!(found["range"]["start"], json!({ "line": 2, "column": 16, "byte": 34 }));
        assert_eq!(found["snippet"]["highlight_start_offset"], json!(15));
        assert_eq!(found["snippet"]["code"], json!("  name = local.nmae"));
    }
}

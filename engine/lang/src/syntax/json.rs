//! JSON with the place of everything, and Terraform's words for what is wrong with it.
//!
//! After a mistake the rest is read all the same; what could not be read is `JsonKind::Invalid`.

use infra_diag::{Diagnostics, SourceId, Span};
use infra_value::json::whole_characters;
use infra_value::{Number, deepest};

use super::diagnostics;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Json {
    /// What it is.
    pub kind: JsonKind,
    /// Where it stands.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum JsonKind {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<Property>),
    /// What could not be read, which was reported.
    Invalid,
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Json,
}

/// Reads a JSON text.
pub fn parse_json(source: SourceId, text: &str, diags: &mut Diagnostics) -> Json {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut parser = Parser { source, text, at, depth: 0, found: Diagnostics::new() };
    let value = parser.value();
    let next = parser.peek();
    if next.kind != Kind::End && !parser.found.has_errors() {
        parser.report("Extraneous data after value", "The value ends before this.", next);
    }
    diags.extend(parser.found);
    value
}

impl Json {
    /// Its first character: the bracket that opens it, where there is one.
    pub(crate) fn opening(&self) -> Span {
        self.span.first()
    }

    /// The path to the innermost object or array in it that is around a place: `resource.aws_vpc.main[0]`.
    pub(crate) fn path_around(&self, place: Span) -> Option<String> {
        let mut value = self;
        let before = place.start.saturating_sub(1);
        let around = |value: &Self| {
            matches!(value.kind, JsonKind::Object(_) | JsonKind::Array(_))
                && (value.span.start..value.span.end).contains(&before)
        };
        let mut path = String::new();
        loop {
            match &value.kind {
                JsonKind::Object(properties) => {
                    let Some(inner) = properties.iter().find(|inner| around(&inner.value)) else {
                        break;
                    };
                    path.push('.');
                    path.push_str(&inner.name);
                    value = &inner.value;
                }
                JsonKind::Array(items) => {
                    let Some(at) = items.iter().position(around) else { break };
                    path.push_str(&format!("[{at}]"));
                    value = &items[at];
                }
                _ => break,
            }
        }
        let path = path.trim_start_matches('.');
        (!path.is_empty()).then(|| path.to_owned())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equals,
    String,
    Number,
    Word,
    Other,
    End,
}

#[derive(Clone, Copy)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    at: usize,
    depth: usize,
    found: Diagnostics,
}

impl Parser<'_> {
    fn peek(&self) -> Token {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let start = self.text.len() - trimmed.len();
        let bytes = trimmed.as_bytes();
        let while_in = |fits: fn(&u8) -> bool| bytes.iter().take_while(|byte| fits(byte)).count();
        let (kind, length) = match bytes.first() {
            None => (Kind::End, 0),
            Some(b'{') => (Kind::OpenBrace, 1),
            Some(b'}') => (Kind::CloseBrace, 1),
            Some(b'[') => (Kind::OpenBracket, 1),
            Some(b']') => (Kind::CloseBracket, 1),
            Some(b',') => (Kind::Comma, 1),
            Some(b':') => (Kind::Colon, 1),
            Some(b'=') => (Kind::Equals, 1),
            Some(b'"') => (Kind::String, string_length(bytes)),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => (
                Kind::Number,
                while_in(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E')),
            ),
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                (Kind::Word, while_in(|b| b.is_ascii_alphabetic() || *b == b'_'))
            }
            Some(_) => (Kind::Other, trimmed.chars().next().map_or(1, char::len_utf8)),
        };
        Token { kind, start, end: start + length }
    }

    fn read(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        if token.kind == Kind::Other {
            // Nothing is read after a character that JSON does not have.
            self.text = &self.text[..token.end];
        }
        token
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.source, start: start as u32, end: end as u32 }
    }

    fn report(&mut self, summary: &'static str, detail: &str, token: Token) {
        let span = self.span(token.start, token.end);
        self.found.push(diagnostics::json(summary, detail, span));
    }

    fn value(&mut self) -> Json {
        let token = self.peek();
        if self.depth >= deepest() {
            self.found.push(diagnostics::too_deep(self.span(token.start, token.end)));
            self.at = self.text.len();
            return Json { kind: JsonKind::Invalid, span: self.span(token.start, token.end) };
        }
        self.depth += 1;
        let kind = self.kind(token);
        self.depth -= 1;
        Json { kind, span: self.span(token.start, self.at.max(token.start)) }
    }

    fn kind(&mut self, token: Token) -> JsonKind {
        let text = self.text.get(token.start..token.end).unwrap_or_default();
        let (summary, detail) = match token.kind {
            Kind::OpenBrace => return self.object(token),
            Kind::OpenBracket => return self.array(token),
            Kind::String => {
                self.read();
                // The string of a token is checked by the library for JSON.
                if let Ok(text) = serde_json::from_str(&whole_characters(text)) {
                    return JsonKind::String(text);
                }
                (
                    "Invalid JSON string",
                    "This is no string: a quote at its end or an escape is wrong.",
                )
            }
            Kind::Number => {
                self.read();
                if serde_json::from_str::<serde_json::Number>(text).is_ok()
                    && let Some(number) = Number::parse(text)
                {
                    return JsonKind::Number(number);
                }
                ("Invalid JSON number", "This is no number as JSON writes them.")
            }
            Kind::Word => {
                self.read();
                match text {
                    "true" => return JsonKind::Bool(true),
                    "false" => return JsonKind::Bool(false),
                    "null" => return JsonKind::Null,
                    _ => {}
                }
                (
                    "Invalid JSON keyword",
                    "The words of JSON are true, false and null; text stands in quotes.",
                )
            }
            Kind::CloseBrace => ("Missing JSON value", "Here should be a value."),
            Kind::CloseBracket => ("Missing array element value", "Here should be an element."),
            Kind::End => ("Missing value", "The text ends where a value should be."),
            Kind::Comma | Kind::Colon | Kind::Equals | Kind::Other => (
                "Invalid start of value",
                "Here should be an object, an array, a number, a string, or one of the words true, false and null.",
            ),
        };
        self.report(summary, detail, token);
        JsonKind::Invalid
    }

    /// Skips to where what the parser is inside of seems to end: over the first closing bracket, or over that of the
    /// innermost ones.
    fn recover(&mut self, (open, close): (Kind, Kind)) {
        let mut nested = 1_u32;
        loop {
            let token = self.read();
            if token.kind == open {
                nested += 1;
            } else if token.kind == close {
                nested -= 1;
            }
            if token.kind == Kind::End || (token.kind == close && nested <= 1) {
                return;
            }
        }
    }

    /// Skips like that, and reports what is wrong with a token at the place where the text goes on, as Terraform does.
    fn skip(&mut self, brackets: (Kind, Kind), summary: &'static str, detail: &str) {
        let wrong = self.peek();
        self.recover(brackets);
        let before = &self.text[..wrong.start];
        let (line, word) = (before.matches('\n').count() + 1, &self.text[wrong.start..wrong.end]);
        let detail = match word {
            "" => detail.to_owned(),
            _ => format!("{detail} The mistake is before {word} on line {line}."),
        };
        self.report(summary, &detail, self.peek());
    }

    fn object(&mut self, open: Token) -> JsonKind {
        self.read();
        let mut properties = Vec::new();
        loop {
            if self.peek().kind == Kind::CloseBrace {
                self.read();
                return JsonKind::Object(properties);
            }
            let name = self.value();
            let JsonKind::String(text) = name.kind else {
                self.found.push(diagnostics::json(
                    "Invalid object property name",
                    "The name of a property is a string in quotes.",
                    name.span,
                ));
                return JsonKind::Invalid;
            };
            let colon = self.peek();
            if colon.kind != Kind::Colon {
                let (summary, detail) = match colon.kind {
                    Kind::CloseBrace | Kind::Comma => (
                        "Missing object value",
                        "After the name of a property come a colon and its value.",
                    ),
                    Kind::Equals => (
                        "Missing property value colon",
                        "In JSON a colon stands between name and value, no equals sign.",
                    ),
                    _ => ("Missing property value colon", "A colon stands between name and value."),
                };
                self.report(summary, detail, colon);
                self.recover(BRACES);
                return JsonKind::Invalid;
            }
            self.read();
            let value = self.value();
            properties.push(Property { name: text, name_span: name.span, value });
            let next = self.peek();
            match next.kind {
                Kind::CloseBrace => {}
                Kind::Comma => {
                    self.read();
                    if self.peek().kind == Kind::CloseBrace {
                        let detail = "JSON has no comma after the last property.";
                        self.report("Trailing comma in object", detail, next);
                        return JsonKind::Invalid;
                    }
                }
                Kind::End => {
                    self.report("Unclosed object", "No brace closes this object.", open);
                    return JsonKind::Invalid;
                }
                Kind::CloseBracket => {
                    self.read();
                    let detail = "A brace closes an object, not a bracket.";
                    self.report("Mismatched braces", detail, next);
                    return JsonKind::Invalid;
                }
                _ => {
                    let detail = "A comma separates each property from the next.";
                    self.skip(BRACES, "Missing attribute seperator comma", detail);
                    return JsonKind::Invalid;
                }
            }
        }
    }

    fn array(&mut self, open: Token) -> JsonKind {
        self.read();
        let mut items = Vec::new();
        loop {
            if self.peek().kind == Kind::CloseBracket {
                self.read();
                return JsonKind::Array(items);
            }
            items.push(self.value());
            let next = self.peek();
            let (summary, detail) = match next.kind {
                Kind::CloseBracket => continue,
                Kind::Comma => {
                    self.read();
                    if self.peek().kind != Kind::CloseBracket {
                        continue;
                    }
                    let detail = "JSON has no comma after the last element.";
                    self.report("Trailing comma in array", detail, next);
                    return JsonKind::Invalid;
                }
                Kind::End => {
                    self.report("Unclosed object", "No bracket closes this array.", open);
                    return JsonKind::Invalid;
                }
                Kind::Colon => ("Invalid array value", "The elements of an array have no names."),
                Kind::CloseBrace => {
                    ("Mismatched brackets", "A bracket closes an array, not a brace.")
                }
                _ => (
                    "Missing attribute seperator comma",
                    "A comma separates each element from the next.",
                ),
            };
            self.skip(BRACKETS, summary, detail);
            return JsonKind::Invalid;
        }
    }
}

const BRACES: (Kind, Kind) = (Kind::OpenBrace, Kind::CloseBrace);
const BRACKETS: (Kind, Kind) = (Kind::OpenBracket, Kind::CloseBracket);

/// The bytes of a string that begins with a quote: up to its other quote, or to a character that may not stand in it,
/// such as the end of the line.
fn string_length(bytes: &[u8]) -> usize {
    let mut length = 1;
    while let Some(byte) = bytes.get(length) {
        match byte {
            b'"' => return length + 1,
            ..b' ' => return length,
            b'\\' if bytes.get(length + 1).is_some_and(|next| *next >= b' ') => length += 2,
            _ => length += 1,
        }
    }
    // A backslash may have taken half of a character along; what follows it is taken too.
    bytes.len()
}

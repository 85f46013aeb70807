//! From text to tokens.
//!
//! A stack says what the text at hand is: configuration, an expression inside a template, quoted text, a heredoc. It
//! knows nothing of how tokens may follow each other. Any text gives tokens: what is wrong becomes `TokenKind::Invalid`.

use super::token::{Token, TokenKind};

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// Configuration, or an expression.
    Configuration,
    /// A template without quotes around it.
    Template,
}

/// Cuts a text into tokens; the last one is `EndOfFile`.
pub fn scan(text: &str, start: Start) -> Vec<Token> {
    let first = match start {
        Start::Configuration => Mode::Code { braces: 0, inside: false },
        Start::Template => Mode::Bare,
    };
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        // A byte order mark is not part of the text.
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        modes: vec![first],
        tokens: Vec::with_capacity(text.len() / 5 + 1),
    };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.token(TokenKind::EndOfFile, 0);
    scanner.tokens
}

enum Mode<'t> {
    /// Configuration; `inside` a template, the brace that was not opened there ends it.
    Code {
        braces: u32,
        inside: bool,
    },
    Quoted,
    Heredoc {
        word: &'t str,
        at_line_start: bool,
    },
    /// A template without an end.
    Bare,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    modes: Vec<Mode<'t>>,
    tokens: Vec<Token>,
}

impl<'t> Scanner<'t> {
    fn token(&mut self, kind: TokenKind, length: usize) {
        let end = self.at + length;
        self.tokens.push(Token { kind, start: self.at as u32, end: end as u32 });
        self.at = end;
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        match self.modes.last() {
            Some(Mode::Quoted) => self.quoted(),
            Some(Mode::Heredoc { .. } | Mode::Bare) => self.lines(),
            Some(Mode::Code { .. }) | None => self.code(),
        }
    }

    fn code(&mut self) {
        use TokenKind as K;
        let (first, second) = (self.byte(0), self.byte(1));
        let (kind, length) = match (first, second) {
            (b' ' | b'\t', _) => {
                self.at += 1;
                return;
            }
            (b'\n', _) => (K::Newline, 1),
            (b'\r', b'\n') => (K::Newline, 2),
            (b'#', _) | (b'/', b'/') => (K::Comment, self.line_length()),
            (b'/', b'*') => match self.text[self.at + 2..].find("*/") {
                Some(inside) => (K::Comment, inside + 4),
                None => (K::Slash, 1),
            },
            (b'0'..=b'9', _) => (K::Number, self.number_length()),
            (b'"', _) => {
                self.token(K::OpenQuote, 1);
                self.modes.push(Mode::Quoted);
                return;
            }
            (b'<', b'<') => {
                if let Some((word, length)) = self.heredoc_start() {
                    self.token(K::OpenHeredoc, length);
                    self.modes.push(Mode::Heredoc { word, at_line_start: true });
                    return;
                }
                (K::Less, 1)
            }
            (b'{', _) => {
                if let Some(Mode::Code { braces, .. }) = self.modes.last_mut() {
                    *braces += 1;
                }
                (K::OpenBrace, 1)
            }
            (b'}', _) => {
                self.close_brace(1);
                return;
            }
            (b'~', b'}') if self.ends_template() => {
                self.close_brace(2);
                return;
            }
            (b'=', b'=') => (K::Equal, 2),
            (b'=', b'>') => (K::Arrow, 2),
            (b'!', b'=') => (K::NotEqual, 2),
            (b'<', b'=') => (K::LessOrEqual, 2),
            (b'>', b'=') => (K::GreaterOrEqual, 2),
            (b'&', b'&') => (K::And, 2),
            (b'|', b'|') => (K::Or, 2),
            (b':', b':') => (K::DoubleColon, 2),
            (b'.', b'.') if self.byte(2) == b'.' => (K::Ellipsis, 3),
            (b'[', _) => (K::OpenBracket, 1),
            (b']', _) => (K::CloseBracket, 1),
            (b'(', _) => (K::OpenParen, 1),
            (b')', _) => (K::CloseParen, 1),
            (b'*', _) => (K::Star, 1),
            (b'/', _) => (K::Slash, 1),
            (b'+', _) => (K::Plus, 1),
            (b'-', _) => (K::Minus, 1),
            (b'%', _) => (K::Percent, 1),
            (b'=', _) => (K::Assign, 1),
            (b'<', _) => (K::Less, 1),
            (b'>', _) => (K::Greater, 1),
            (b'!', _) => (K::Not, 1),
            (b'.', _) => (K::Dot, 1),
            (b',', _) => (K::Comma, 1),
            (b'?', _) => (K::Question, 1),
            (b':', _) => (K::Colon, 1),
            (b'&' | b'|' | b'^' | b'~', _) => (K::Bitwise, 1),
            (b'\'', _) => (K::Apostrophe, 1),
            (b'`', _) => (K::Backtick, 1),
            (b';', _) => (K::Semicolon, 1),
            _ => match ident_length(&self.text[self.at..]) {
                0 => (K::Invalid, self.character_length()),
                length => (K::Ident, length),
            },
        };
        self.token(kind, length);
    }

    fn ends_template(&self) -> bool {
        matches!(self.modes.last(), Some(Mode::Code { braces: 0, inside: true }))
    }

    fn close_brace(&mut self, length: usize) {
        if self.ends_template() {
            self.modes.pop();
            self.token(TokenKind::TemplateEnd, length);
            return;
        }
        if let Some(Mode::Code { braces, .. }) = self.modes.last_mut() {
            *braces = braces.saturating_sub(1);
        }
        self.token(TokenKind::CloseBrace, length);
    }

    /// Bytes up to and with the end of the line.
    fn line_length(&self) -> usize {
        let rest = &self.bytes[self.at..];
        rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1)
    }

    /// A number may have several dots, which makes it a wrong one; it does not end with a dot.
    fn number_length(&self) -> usize {
        let (mut at, mut length) = (0, 0);
        loop {
            at += match self.byte(at) {
                b'0'..=b'9' => 1,
                b'.' => {
                    at += 1;
                    continue;
                }
                b'e' | b'E' => {
                    let sign = usize::from(matches!(self.byte(at + 1), b'+' | b'-'));
                    if !self.byte(at + 1 + sign).is_ascii_digit() {
                        return length;
                    }
                    2 + sign
                }
                _ => return length,
            };
            length = at;
        }
    }

    fn character_length(&self) -> usize {
        self.text[self.at..].chars().next().map_or(1, char::len_utf8)
    }

    /// The word of `<<WORD` or `<<-WORD`, and how long all that is, the end of the line included.
    fn heredoc_start(&self) -> Option<(&'t str, usize)> {
        let rest = &self.text[self.at + 2..];
        let (rest, dash) = match rest.strip_prefix('-') {
            Some(rest) => (rest, 1),
            None => (rest, 0),
        };
        let word = &rest[..ident_length(rest)];
        let after = &rest[word.len()..];
        let newline = if after.starts_with('\n') {
            1
        } else if after.starts_with("\r\n") {
            2
        } else {
            return None;
        };
        (!word.is_empty()).then_some((word, 2 + dash + word.len() + newline))
    }

    fn quoted(&mut self) {
        match self.byte(0) {
            b'"' => {
                self.modes.pop();
                self.token(TokenKind::CloseQuote, 1);
            }
            b'\n' => self.token(TokenKind::QuotedNewline, 1),
            b'\r' if self.byte(1) == b'\n' => self.token(TokenKind::QuotedNewline, 2),
            b'$' | b'%' if self.byte(1) == b'{' => self.sequence(),
            b'\\' if self.backslash_ends_line(0) => self.token(TokenKind::Invalid, 1),
            _ => {
                let mut length = 0;
                loop {
                    match self.byte(length) {
                        _ if self.at + length >= self.bytes.len() => break,
                        b'"' | b'\n' => break,
                        b'\r' if self.byte(length + 1) == b'\n' => break,
                        b'\\' if self.backslash_ends_line(length) => break,
                        // A backslash takes the next character along.
                        b'\\' => {
                            let next = self.text.get(self.at + length + 1..).unwrap_or_default();
                            length += 1 + next.chars().next().map_or(0, char::len_utf8);
                        }
                        byte @ (b'$' | b'%') => match self.escaped_or_sequence(byte, length) {
                            Some(escape) => length += escape,
                            None => break,
                        },
                        _ => length += 1,
                    }
                }
                self.token(TokenKind::QuotedText, length);
            }
        }
    }

    fn backslash_ends_line(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead + 1), b'\n' | b'\r') || self.at + ahead + 1 >= self.bytes.len()
    }

    /// How many bytes of text a `$` or `%` begins; nothing, if it begins an interpolation or a directive.
    fn escaped_or_sequence(&self, byte: u8, ahead: usize) -> Option<usize> {
        match (self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'{', _) => None,
            (second, b'{') if second == byte => Some(3),
            _ => Some(1),
        }
    }

    /// `${`, `${~`, `%{` or `%{~`.
    fn sequence(&mut self) {
        let kind = match self.byte(0) {
            b'$' => TokenKind::Interpolation,
            _ => TokenKind::Directive,
        };
        self.token(kind, if self.byte(2) == b'~' { 3 } else { 2 });
        self.modes.push(Mode::Code { braces: 0, inside: true });
    }

    /// Text of a heredoc or a bare template, up to the end of a line.
    fn lines(&mut self) {
        if matches!(self.byte(0), b'$' | b'%') && self.byte(1) == b'{' {
            if let Some(Mode::Heredoc { at_line_start, .. }) = self.modes.last_mut() {
                *at_line_start = false;
            }
            self.sequence();
            return;
        }
        let mut length = 0;
        while self.at + length < self.bytes.len() {
            match self.byte(length) {
                b'\n' => {
                    length += 1;
                    break;
                }
                byte @ (b'$' | b'%') => match self.escaped_or_sequence(byte, length) {
                    Some(escape) => length += escape,
                    None => break,
                },
                _ => length += 1,
            }
        }
        let line = &self.text[self.at..self.at + length];
        let Some(Mode::Heredoc { word, at_line_start }) = self.modes.last_mut() else {
            self.token(TokenKind::Text, length);
            return;
        };
        let whole = line.ends_with('\n');
        if whole && *at_line_start && line.trim() == *word {
            let newline = if line.ends_with("\r\n") { 2 } else { 1 };
            self.modes.pop();
            self.token(TokenKind::CloseHeredoc, length - newline);
            self.token(TokenKind::Newline, newline);
            return;
        }
        *at_line_start = whole;
        self.token(TokenKind::Text, length);
    }
}

/// How many bytes of the text are a name.
pub(super) fn ident_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if first == '_' || unicode_ident::is_xid_start(first) => {}
        _ => return 0,
    }
    characters
        .find(|(_, next)| !(*next == '-' || unicode_ident::is_xid_continue(*next)))
        .map_or(text.len(), |(end, _)| end)
}

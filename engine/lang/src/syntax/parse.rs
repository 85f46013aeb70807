//! From text to trees: what is read, and how the parser moves over the tokens.
//!
//! The grammar is read by recursive descent straight into the trees: bodies in `structure`, expressions in `expression`
//! and `collection`, templates in `parts`. After a mistake the parser is *recovering*: it goes on, but keeps quiet about
//! what may follow from the mistake, until a block begins at the start of a line.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use infra_diag::{Diagnostic, Diagnostics, SourceId, Span};
use infra_value::Str;

use super::scan::{Start, scan};
use super::token::{Token, TokenKind};
use super::{Body, Expr, Part, diagnostics};

/// Reads a configuration file. What could be read is given also after mistakes.
pub fn parse(source: SourceId, text: &str, diags: &mut Diagnostics) -> Body {
    let mut parser = Parser::new(source, text, Start::Configuration);
    parser.mind_newlines(true);
    let body = parser.file();
    diags.extend(parser.found);
    body
}

/// Reads one expression, which may go over several lines.
pub fn parse_expr(source: SourceId, text: &str, diags: &mut Diagnostics) -> Option<Expr> {
    whole_expression(Parser::new(source, text, Start::Configuration), diags)
}

fn whole_expression(mut parser: Parser<'_>, diags: &mut Diagnostics) -> Option<Expr> {
    let expr = parser.expression();
    let next = parser.peek();
    if next.kind != TokenKind::EndOfFile && !parser.recovering {
        let span = parser.span_of(next);
        parser.report(diagnostics::extra_characters(span));
    }
    let failed = parser.found.has_errors();
    diags.extend(parser.found);
    (!failed).then_some(expr)
}

/// Whether brackets in the text of an expression are still open, so that more lines belong to it.
pub fn is_incomplete(text: &str) -> bool {
    let mut open = 0_i64;
    for token in scan(text, Start::Configuration) {
        if closer(token.kind).is_some() {
            open += 1;
        } else if is_closer(token.kind) {
            open -= 1;
        }
    }
    open > 0
}

/// The text of a template, and the variables that it refers to.
pub struct Template {
    /// Its parts.
    pub parts: Vec<Part>,
    /// Names of variables, with each place.
    pub variables: Vec<(Str, Span)>,
}

/// Reads a template file: text with `${...}` and `%{...}`, in which every name is a variable.
pub fn parse_template(source: SourceId, text: &str, diags: &mut Diagnostics) -> Option<Template> {
    let mut parser = Parser::new(source, text, Start::Template);
    parser.variables = Some(Vec::new());
    let parts = parser.template(TokenKind::EndOfFile, false);
    let failed = parser.found.has_errors();
    diags.extend(parser.found);
    (!failed).then(|| Template { parts, variables: parser.variables.unwrap_or_default() })
}

/// Reads the text of a JSON string at a place in a file as a template; `names` are those of loops around it.
pub(crate) fn parse_json_template(
    text: &str,
    (span, file): (Span, &str),
    names: &[Str],
    diags: &mut Diagnostics,
) -> Expr {
    let mut parser =
        Parser::at(span.source, text, Start::Template, Origin::of_string(text, span, file));
    parser.names = names.to_vec();
    let parts = parser.template(TokenKind::EndOfFile, false);
    diags.extend(parser.found);
    Expr::new(super::parts::string(parts), span)
}

/// Reads the text of a JSON string at a place in a file as an expression.
pub(crate) fn parse_json_expr(
    text: &str,
    (span, file): (Span, &str),
    diags: &mut Diagnostics,
) -> Option<Expr> {
    let origin = Origin::of_string(text, span, file);
    whole_expression(Parser::at(span.source, text, Start::Configuration, origin), diags)
}

/// Where the text stands in its source.
enum Origin {
    /// It begins there, and is the same there.
    At(u32),
    /// It stands there with escapes: where each of its bytes, and its end, is.
    Escaped(Vec<u32>),
}

impl Origin {
    /// Of the text of a JSON string at a place in its file.
    fn of_string(text: &str, span: Span, file: &str) -> Self {
        let start = span.start + 1;
        let written = file.get(start as usize..(span.end as usize).saturating_sub(1));
        match written {
            Some(written) if written != text => Self::Escaped(places(text, written, start)),
            _ => Self::At(start),
        }
    }

    fn place(&self, at: u32) -> u32 {
        match self {
            Self::At(start) => start + at,
            Self::Escaped(places) => places[(at as usize).min(places.len() - 1)],
        }
    }
}

/// Where each byte of a text, and its end, is in what is written with the escapes of JSON and begins at `start`.
fn places(text: &str, written: &str, start: u32) -> Vec<u32> {
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    for found in text.chars() {
        places.extend(std::iter::repeat_n(start + at as u32, found.len_utf8()));
        at += match written.as_bytes().get(at..).unwrap_or_default() {
            [b'\\', b'u', ..] => 6 * found.len_utf16(),
            [b'\\', ..] => 2,
            _ => found.len_utf8(),
        };
    }
    places.push(start + written.len() as u32);
    places
}

/// Stands before the first token.
const NONE: Token = Token { kind: TokenKind::Newline, start: 0, end: 0 };

pub(super) struct Parser<'t> {
    source: SourceId,
    pub(super) text: &'t str,
    origin: Origin,
    tokens: Vec<Token>,
    at: usize,
    /// The token that will be read next, and where the one after it is.
    next: (Token, usize),
    /// The token that was read last.
    previous: Token,
    /// Whether newlines are tokens here: the innermost brackets say, and they are last.
    newlines: Vec<bool>,
    pub(super) recovering: bool,
    pub(super) depth: usize,
    /// How deep expressions and blocks may be inside each other.
    pub(super) deepest: usize,
    /// Names of loops around what is being read, the innermost last.
    pub(super) names: Vec<Str>,
    /// Words that were read, so that each is kept once.
    words: HashSet<Str, RandomState>,
    /// In the text of a template every other name is a variable too: those that were found. Nothing elsewhere.
    pub(super) variables: Option<Vec<(Str, Span)>>,
    errors: usize,
    found: Diagnostics,
}

impl<'t> Parser<'t> {
    fn new(source: SourceId, text: &'t str, start: Start) -> Self {
        Self::at(source, text, start, Origin::At(0))
    }

    fn at(source: SourceId, text: &'t str, start: Start, origin: Origin) -> Self {
        let tokens = scan(text, start);
        let mut parser = Self {
            source,
            text,
            origin,
            tokens,
            at: 0,
            next: (NONE, 0),
            previous: NONE,
            newlines: vec![false],
            recovering: false,
            depth: 0,
            deepest: infra_value::deepest(),
            names: Vec::new(),
            words: HashSet::default(),
            variables: None,
            errors: 0,
            found: Diagnostics::new(),
        };
        parser.check_tokens();
        parser.look();
        parser
    }

    /// Reports what is wrong with single tokens, as often as Terraform does where a mistake tends to be repeated: of quotes the
    /// first and the third, which tends to open the second text.
    fn check_tokens(&mut self) {
        let (mut bitwise, mut backtick, mut apostrophe, mut semicolon) = (0, 0, 0, 0);
        for at in 0..self.tokens.len() {
            let token = self.tokens[at];
            let (seen, told): (&mut u32, &[u32]) = match token.kind {
                TokenKind::Bitwise => (&mut bitwise, &[0, 1, 2, 3]),
                TokenKind::Backtick => (&mut backtick, &[0, 2]),
                TokenKind::Apostrophe => (&mut apostrophe, &[0, 2]),
                TokenKind::Semicolon => (&mut semicolon, &[0]),
                TokenKind::QuotedNewline | TokenKind::Invalid => (&mut 0, &[0]),
                _ => continue,
            };
            let tells = told.contains(seen);
            *seen += 1;
            if !tells {
                continue;
            }
            let diagnostic =
                diagnostics::token(token.kind, token.text(self.text), self.span_of(token));
            self.report(diagnostic);
        }
    }

    /// Finds the next token. Comments are skipped, and newlines where they mean nothing.
    fn look(&mut self) {
        let newlines = self.newlines.last().copied().unwrap_or(false);
        let mut at = self.at;
        self.next = loop {
            let mut token = self.tokens[at.min(self.tokens.len() - 1)];
            at += 1;
            match token.kind {
                TokenKind::Newline if !newlines => {}
                TokenKind::Comment => {
                    if newlines && token.text(self.text).ends_with('\n') {
                        token.kind = TokenKind::Newline;
                        break (token, at);
                    }
                }
                _ => break (token, at),
            }
        };
    }

    pub(super) fn peek(&self) -> Token {
        self.next.0
    }

    /// Reads the next token. After the last there is only the end of the file.
    pub(super) fn read(&mut self) -> Token {
        let (token, next) = self.next;
        self.at = next.min(self.tokens.len() - 1);
        self.previous = token;
        self.look();
        token
    }

    /// A word, which is kept once however often it is read.
    pub(super) fn word(&mut self, text: &str) -> Str {
        if let Some(word) = self.words.get(text) {
            return word.clone();
        }
        let word = Str::from(text);
        self.words.insert(word.clone());
        word
    }

    /// Reads the next token and says where it stands.
    pub(super) fn read_span(&mut self) -> Span {
        let token = self.read();
        self.span_of(token)
    }

    /// Reads the next token if it is of a kind.
    pub(super) fn take(&mut self, kind: TokenKind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.read())
    }

    /// Whether the next token is a certain word.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let next = self.peek();
        next.kind == TokenKind::Ident && next.text(self.text) == word
    }

    /// The tokens from the next one on, as they stand in the text.
    pub(super) fn ahead(&self) -> &[Token] {
        &self.tokens[self.at.min(self.tokens.len() - 1)..]
    }

    pub(super) fn previous(&self) -> Token {
        self.previous
    }

    /// Runs with newlines being tokens or not.
    pub(super) fn with_newlines<T>(
        &mut self,
        newlines: bool,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.mind_newlines(newlines);
        let result = run(self);
        self.newlines.pop();
        self.look();
        result
    }

    fn mind_newlines(&mut self, newlines: bool) {
        self.newlines.push(newlines);
        self.look();
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        let (start, end) = (self.origin.place(token.start), self.origin.place(token.end));
        Span { source: self.source, start, end }
    }

    /// From a span to the token that was read last.
    pub(super) fn since(&self, start: Span) -> Span {
        start.to(self.span_of(self.previous))
    }

    /// Reports a mistake.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.found.push(diagnostic);
    }

    /// Reports a mistake, unless it may follow from an earlier one.
    pub(super) fn complain(&mut self, diagnostic: Diagnostic) {
        if !self.recovering {
            self.report(diagnostic);
        }
    }

    /// Whether the last mistake was a text that does not end.
    pub(super) fn ends_in_template(&self) -> bool {
        let last = self.found.iter().last();
        last.is_some_and(|last| &*last.summary == "Unterminated template string")
    }

    /// Reports that things are too deep inside each other, and goes to the end of the text.
    pub(super) fn give_up(&mut self, span: Span) {
        self.report(diagnostics::too_deep(span));
        self.recovering = true;
        self.at = self.tokens.len() - 1;
        self.look();
    }

    /// What `read` gives, and whether it went wrong so that nobody knows where the text goes on.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.errors;
        let result = read(self);
        (result, self.errors > before)
    }

    /// One expression, and whether the parser is lost after it.
    pub(super) fn operand(&mut self) -> (Expr, bool) {
        let (expr, failed) = self.attempt(Self::expression);
        (expr, failed && self.recovering)
    }

    /// Stands for what could not be read.
    pub(super) fn placeholder(&self, span: Span) -> Expr {
        Expr::literal(infra_value::Value::unknown(infra_value::Type::Any), span)
    }

    /// Skips to the end of the brackets that the parser is inside of.
    pub(super) fn recover(&mut self, close: TokenKind) {
        self.recovering = true;
        let mut nested = 0_u32;
        loop {
            let token = self.read();
            if token.kind == TokenKind::EndOfFile {
                return;
            }
            if token.kind == close {
                if nested == 0 {
                    return;
                }
                nested -= 1;
            } else if closer(token.kind) == Some(close) {
                nested += 1;
            }
        }
    }

    /// Skips to the start of the next line outside any brackets.
    pub(super) fn recover_after_item(&mut self) {
        self.recovering = true;
        let mut open: Vec<TokenKind> = Vec::new();
        loop {
            let token = self.read();
            match token.kind {
                TokenKind::EndOfFile => return,
                TokenKind::Newline if open.is_empty() => return,
                kind => match closer(kind) {
                    Some(closer) => open.push(closer),
                    None if is_closer(kind) => {
                        while open.pop().is_some_and(|expected| expected != kind) {}
                    }
                    None => {}
                },
            }
        }
    }
}

/// What closes what a token opens.
fn closer(kind: TokenKind) -> Option<TokenKind> {
    Some(match kind {
        TokenKind::OpenBrace => TokenKind::CloseBrace,
        TokenKind::OpenBracket => TokenKind::CloseBracket,
        TokenKind::OpenParen => TokenKind::CloseParen,
        TokenKind::OpenQuote => TokenKind::CloseQuote,
        TokenKind::OpenHeredoc => TokenKind::CloseHeredoc,
        TokenKind::Interpolation | TokenKind::Directive => TokenKind::TemplateEnd,
        _ => return None,
    })
}

fn is_closer(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::CloseBrace
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::CloseQuote
            | TokenKind::CloseHeredoc
            | TokenKind::TemplateEnd
    )
}

//! Tokens: what the text is cut into.

/// A piece of the text. White space between tokens belongs to none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl Token {
    /// Its text.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TokenKind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    /// The quote that begins a string.
    OpenQuote,
    /// The quote that ends it.
    CloseQuote,
    /// `<<WORD` and the end of its line.
    OpenHeredoc,
    /// The word that ends a heredoc, with the white space before it.
    CloseHeredoc,
    /// `${` or `${~`.
    Interpolation,
    /// `%{` or `%{~`.
    Directive,
    /// `}` or `~}`, where it ends an interpolation or a directive.
    TemplateEnd,
    /// Text in quotes, with escapes.
    QuotedText,
    /// Text of a heredoc or of a template file: up to the end of a line.
    Text,
    /// The end of a line inside quotes.
    QuotedNewline,
    Number,
    Ident,
    /// A comment; one with `#` or `//` reaches past the end of its line.
    Comment,
    Newline,
    EndOfFile,
    Star,
    Slash,
    Plus,
    Minus,
    Percent,
    Assign,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Not,
    Dot,
    Comma,
    Ellipsis,
    Arrow,
    Question,
    Colon,
    DoubleColon,
    /// `&`, `|`, `^` or `~`.
    Bitwise,
    Apostrophe,
    Backtick,
    Semicolon,
    /// A character that the language has no use for.
    Invalid,
}

//! Where a space stands between two tokens.

use super::Piece;
use crate::syntax::TokenKind as K;

/// Whether a space stands between `left` and `right`; `before` is the token before `left` in its cell. The first rule
/// that fits decides.
pub(super) fn space_between(before: Option<K>, left: &Piece<'_>, right: &Piece<'_>) -> bool {
    let pair = (left.kind, right.kind);
    match pair {
        (_, K::Newline) => false,
        // Names of functions, and steps to an attribute.
        (K::Ident, K::OpenParen | K::DoubleColon) | (K::DoubleColon, K::Ident) => false,
        (K::Dot, _) | (_, K::Dot) => false,
        (_, K::Comma | K::Ellipsis) => false,
        (K::Comma, _) => true,
        // The text of templates is as it is.
        (K::QuotedText | K::Text | K::OpenQuote | K::OpenHeredoc, _)
        | (_, K::QuotedText | K::Text | K::CloseQuote | K::CloseHeredoc) => false,
        // `for x in [...]`: not an index.
        (K::Ident, _) if left.text == "in" && before == Some(K::Ident) => true,
        (K::Ident | K::Number, K::OpenBracket) => false,
        (_, K::OpenBracket) if left.brackets() < 0 => false,
        (K::Not, _) => false,
        (K::Minus, _) => before.is_some_and(ends_operand),
        (K::OpenBrace, K::CloseBrace) => false,
        (K::OpenBrace, _) | (_, K::CloseBrace) => true,
        // An object that is all of an interpolation keeps away from its braces.
        (K::Interpolation | K::Directive, K::OpenBrace) | (K::CloseBrace, K::TemplateEnd) => true,
        (K::TemplateEnd, K::Interpolation | K::Directive) => false,
        _ => left.brackets() <= 0 && right.brackets() >= 0,
    }
}

/// Whether what ends with such a token can be the left side of a minus. Otherwise it is the sign of a number.
fn ends_operand(kind: K) -> bool {
    !matches!(
        kind,
        K::OpenParen
            | K::OpenBrace
            | K::OpenBracket
            | K::Assign
            | K::Colon
            | K::Comma
            | K::Question
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Percent
            | K::Equal
            | K::NotEqual
            | K::Greater
            | K::GreaterOrEqual
            | K::Less
            | K::LessOrEqual
            | K::And
            | K::Or
            | K::Not
    )
}

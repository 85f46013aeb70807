//! The diagnostics of this folder, all texts on one page.

use infra_addrs::Mode;
use infra_diag::{Diagnostic, Span};

use super::token::TokenKind;

const INVALID: &str = "Invalid reference";

pub(super) fn bare_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(INVALID)
        .detail(format!(
            "A reference names a resource by its type and its name, such as {word}.main. If \"{word}\" is meant as text, \
             put it in quotes."
        ))
        .at(span)
}

pub(super) fn reserved_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Reserved symbol name")
        .detail(format!(
            "The name \"{word}\" is kept for later versions. For a resource type of that name write resource.{word}."
        ))
        .at(span)
}

pub(super) fn incomplete_reference(root: &str, span: Span) -> Diagnostic {
    Diagnostic::error(INVALID)
        .detail(format!("After \"{root}\" comes a dot and the name of what is meant: {root}.name."))
        .at(span)
}

pub(super) fn incomplete_resource(mode: Mode, span: Span) -> Diagnostic {
    let form = match mode {
        Mode::Data => "data.<type>.<name>",
        Mode::Ephemeral => "ephemeral.<type>.<name>",
        Mode::List => "list.<type>.<name>",
        Mode::Action => "action.<type>.<name>",
        Mode::Managed => "<type>.<name>",
    };
    Diagnostic::error(INVALID)
        .detail(format!("This refers to a resource in full as {form}."))
        .at(span)
}

/// A mistake of syntax.
fn wrong(summary: &'static str, detail: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(summary).detail(detail).at(span)
}

/// A token that is wrong wherever it stands.
pub(super) fn token(kind: TokenKind, text: &str, span: Span) -> Diagnostic {
    let (summary, detail) = match kind {
        TokenKind::Bitwise => {
            let meant = match text {
                "&" => " Is the logical \"&&\" meant?",
                "|" => " Is the logical \"||\" meant?",
                "~" => " Is the logical \"!\" meant?",
                _ => "",
            };
            ("Unsupported operator", format!("There are no operators on bits.{meant}"))
        }
        TokenKind::QuotedNewline => (
            "Invalid multi-line string",
            "A string in quotes ends on its line. Write \\n for a line break, or use a heredoc for several lines.".to_owned(),
        ),
        TokenKind::Backtick => (
            "Invalid character",
            "The character \"`\" has no meaning here. For a string of several lines use a heredoc, <<EOT.".to_owned(),
        ),
        TokenKind::Apostrophe => {
            ("Invalid character", "Strings stand in double quotes, not in single ones.".to_owned())
        }
        TokenKind::Semicolon => (
            "Invalid character",
            "The character \";\" has no meaning here. Newlines separate arguments and blocks, commas separate elements.".to_owned(),
        ),
        _ if text == "\\" => (
            "Invalid character",
            "A backslash cannot end a line: strings in quotes have one line.".to_owned(),
        ),
        _ if matches!(text, "\u{201c}" | "\u{201d}") => (
            "Invalid character",
            "Curly quotes do not begin a string: a text processor may have put them here. Use straight double quotes.".to_owned(),
        ),
        _ => ("Invalid character", "The language does not use this character.".to_owned()),
    };
    wrong(summary, detail, span)
}

pub(crate) fn encoding(span: Span) -> Diagnostic {
    wrong(
        "Invalid character encoding",
        "Configuration is text in UTF-8, and these bytes are not. Save the file with that encoding.",
        span,
    )
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    wrong(
        "Expression too complex",
        "Too many expressions are inside each other here. Move some of them into local values.",
        span,
    )
}

pub(super) fn redefined(name: &str, span: Span) -> Diagnostic {
    let detail =
        format!("The argument \"{name}\" was set before in this block. It can be set only once.");
    wrong("Attribute redefined", detail, span)
}

const NO_ITEM: &str = "Argument or block definition required";

pub(super) fn no_item(span: Span) -> Diagnostic {
    wrong(
        NO_ITEM,
        "Here should be an argument, such as name = \"value\", or a block, such as name { ... }.",
        span,
    )
}

pub(super) fn quoted_name(span: Span) -> Diagnostic {
    wrong("Invalid argument name", "The name of an argument does not stand in quotes.", span)
}

pub(super) fn unclosed_block(open: Span) -> Diagnostic {
    wrong(
        "Unclosed configuration block",
        "The file ends before a brace closes this block. Braces may be wrong in what is inside it.",
        open,
    )
}

pub(super) fn no_newline_after_argument(comma: bool, span: Span) -> Diagnostic {
    if comma {
        let detail = "Newlines separate arguments, not commas: put the next one on its own line.";
        return wrong("Unexpected comma after argument", detail, span);
    }
    let detail = "The argument ends here: what comes next belongs on a line of its own.";
    wrong("Missing newline after argument", detail, span)
}

const BLOCK: &str = "Invalid block definition";

pub(super) fn equals_in_block(span: Span) -> Diagnostic {
    let detail =
        "An equals sign sets an argument, which has one name and no labels; a block has none.";
    wrong(BLOCK, detail, span)
}

pub(super) fn block_without_body(span: Span) -> Diagnostic {
    wrong(BLOCK, "The brace that opens a block stands on the line of its type and labels.", span)
}

pub(super) fn no_label(span: Span) -> Diagnostic {
    wrong(BLOCK, "Here should be a label in quotes, or the brace that opens the block.", span)
}

pub(super) fn no_newline_after_block(span: Span) -> Diagnostic {
    let detail = "The block ends here: what comes next belongs on a line of its own.";
    wrong("Missing newline after block definition", detail, span)
}

pub(super) fn block_in_line(name: &str, span: Span) -> Diagnostic {
    let detail = format!(
        "A block on one line holds one argument. To set \"{name}\" write an equals sign after it; a nested block \
         needs a line of its own."
    );
    wrong("Argument definition required", detail, span)
}

pub(super) fn single_line_block(next: TokenKind, span: Span) -> Diagnostic {
    let detail = match next {
        TokenKind::Comma => {
            "A block on one line holds one argument. Write several on lines of their own, without commas."
        }
        TokenKind::Newline => {
            "A block whose argument stands on its first line is closed on that line too."
        }
        _ => "After the argument of a block on one line comes its closing brace.",
    };
    wrong("Invalid single-argument block definition", detail, span)
}

const STRING: &str = "Invalid string literal";

pub(super) fn template_in_label(span: Span) -> Diagnostic {
    wrong(
        STRING,
        "A label is text without templates. For the characters themselves write $${ or %%{.",
        span,
    )
}

pub(super) fn invalid_label(span: Span) -> Diagnostic {
    wrong(STRING, "This cannot stand in a label.", span)
}

pub(super) fn unterminated_label(span: Span) -> Diagnostic {
    wrong("Unterminated string literal", "The file ends before a quote closes this string.", span)
}

pub(super) fn invalid_escape(text: &str, span: Span) -> Diagnostic {
    let complete = matches!((text.chars().nth(1), text.len()), (Some('u'), 6) | (Some('U'), 10));
    let detail = match text.chars().nth(1) {
        _ if complete => {
            format!("{text} stands for no character: it is beyond all of them, or half of a pair.")
        }
        Some('u') => "After \\u come four hexadecimal digits.".to_owned(),
        Some('U') => "After \\U come eight hexadecimal digits.".to_owned(),
        _ => format!("{text} is no escape. For a backslash itself write two of them."),
    };
    wrong("Invalid escape sequence", detail, span)
}

pub(super) fn no_expression(span: Span) -> Diagnostic {
    wrong(
        "Invalid expression",
        "Here should be an expression: a value, a reference, a function call, or a template.",
        span,
    )
}

pub(super) fn missing_expression(span: Span) -> Diagnostic {
    wrong("Missing expression", "The text ends where an expression should be.", span)
}

pub(super) fn extra_characters(span: Span) -> Diagnostic {
    let detail =
        "The expression ends before this: one expression is expected, and nothing after it.";
    wrong("Extra characters after expression", detail, span)
}

pub(super) fn no_false_expression(span: Span) -> Diagnostic {
    wrong(
        "Missing false expression in conditional",
        "A conditional is condition ? one : other. The colon and what follows it are missing.",
        span,
    )
}

pub(super) fn unbalanced_parentheses(span: Span) -> Diagnostic {
    wrong(
        "Unbalanced parentheses",
        "Here should be the parenthesis that closes the expression.",
        span,
    )
}

pub(super) fn no_number(text: &str, span: Span) -> Diagnostic {
    wrong("Invalid number literal", format!("\"{text}\" is not a number."), span)
}

pub(super) fn no_attribute_name(span: Span) -> Diagnostic {
    wrong("Invalid attribute name", "After the dot comes the name of an attribute.", span)
}

pub(super) fn nested_splat(span: Span) -> Diagnostic {
    let detail = "After .* no other splat can follow. Use [*] instead.";
    wrong("Nested splat expression not allowed", detail, span)
}

pub(super) fn chained_legacy_index(text: &str, span: Span) -> Diagnostic {
    let (first, second) = text.split_once('.').unwrap_or((text, "0"));
    let detail =
        format!("Two indexes cannot follow each other like this. Write [{first}][{second}].");
    wrong("Invalid legacy index syntax", detail, span)
}

pub(super) fn unclosed_splat(span: Span) -> Diagnostic {
    let detail = "After the star of a splat comes a closing bracket: [*].";
    wrong("Missing close bracket on splat index", detail, span)
}

pub(super) fn unclosed_index(span: Span) -> Diagnostic {
    wrong(
        "Missing close bracket on index",
        "Here should be the bracket that closes the index.",
        span,
    )
}

pub(super) fn tuple_item(next: TokenKind, span: Span) -> Diagnostic {
    if next == TokenKind::EndOfFile {
        let detail = "The text ends before a bracket closes this. Brackets may be wrong in what is inside it.";
        return wrong("Unterminated tuple constructor expression", detail, span);
    }
    wrong("Missing item separator", "A comma separates each element from the next.", span)
}

const UNTERMINATED_OBJECT: &str = "Unterminated object constructor expression";

pub(super) fn object_value(next: TokenKind, span: Span) -> Diagnostic {
    let detail = match next {
        TokenKind::EndOfFile => {
            let detail = "The text ends before a brace closes this. Braces may be wrong in what is inside it.";
            return wrong(UNTERMINATED_OBJECT, detail, span);
        }
        TokenKind::Newline | TokenKind::Comma => {
            let detail = "After the name of an attribute come an equals sign and its value.";
            return wrong("Missing attribute value", detail, span);
        }
        TokenKind::Ident => {
            "Here should be the equals sign before the value. A name with dots or spaces stands in quotes."
        }
        _ => "Here should be the equals sign before the value.",
    };
    wrong("Missing key/value separator", detail, span)
}

pub(super) fn object_item(next: TokenKind, span: Span) -> Diagnostic {
    if next == TokenKind::EndOfFile {
        let detail =
            "The text ends before a brace closes this. Braces may be wrong in what is inside it.";
        return wrong(UNTERMINATED_OBJECT, detail, span);
    }
    let detail = "A newline or a comma separates each attribute from the next.";
    wrong("Missing attribute separator", detail, span)
}

const FOR: &str = "Invalid 'for' expression";

pub(super) fn for_names(missing: &str, span: Span) -> Diagnostic {
    wrong(FOR, format!("A for expression needs {missing}."), span)
}

pub(super) fn for_colon(span: Span) -> Diagnostic {
    wrong(FOR, "After the collection of a for expression comes a colon.", span)
}

pub(super) fn for_end(span: Span) -> Diagnostic {
    wrong(FOR, "The for expression should end here.", span)
}

pub(super) fn for_without_key(span: Span) -> Diagnostic {
    let detail = "An object is made of keys and values: {for ... : key => value}.";
    wrong(FOR, detail, span)
}

pub(super) fn for_with_key(span: Span) -> Diagnostic {
    wrong(FOR, "A tuple has no keys: leave out what stands before the arrow, or use braces.", span)
}

pub(super) fn for_grouping(span: Span) -> Diagnostic {
    wrong(FOR, "Only objects can be grouped with \"...\": a tuple has no keys.", span)
}

pub(super) fn no_function_name(span: Span) -> Diagnostic {
    wrong("Missing function name", "After :: comes the name of a function.", span)
}

pub(super) fn no_open_parenthesis(span: Span) -> Diagnostic {
    let detail = "After the name of a function come its arguments in parentheses.";
    wrong("Missing open parenthesis", detail, span)
}

pub(super) fn after_expansion(span: Span) -> Diagnostic {
    let detail =
        "After an argument with \"...\" comes the closing parenthesis: it is the last one.";
    wrong("Missing closing parenthesis", detail, span)
}

pub(super) fn call_argument(next: TokenKind, span: Span) -> Diagnostic {
    if next == TokenKind::EndOfFile {
        let detail = "The text ends before a parenthesis closes this call.";
        return wrong("Unterminated function call", detail, span);
    }
    wrong("Missing argument separator", "A comma separates each argument from the next.", span)
}

pub(super) fn unterminated_template(span: Span) -> Diagnostic {
    wrong("Unterminated template string", "The string is not closed.", span)
}

pub(super) fn unclosed_interpolation(opening: Span) -> Diagnostic {
    let detail =
        "No brace closes the interpolation. Brackets may be wrong in the expression inside it.";
    wrong("Unclosed template interpolation sequence", detail, opening)
}

pub(super) fn after_interpolation(span: Span) -> Diagnostic {
    let detail = "The expression ends before this, and a brace should close the interpolation. If ${ is not meant as an \
                  interpolation but as text, write $${.";
    wrong("Extra characters after interpolation expression", detail, span)
}

pub(super) fn no_directive(span: Span) -> Diagnostic {
    let detail = "After %{ comes one of the words if, else, endif, for and endfor. For the characters themselves write %%{.";
    wrong("Invalid template directive", detail, span)
}

pub(super) fn unknown_directive(word: &str, span: Span) -> Diagnostic {
    let detail = format!("\"{word}\" is none of the words if, else, endif, for and endfor.");
    wrong("Invalid template control keyword", detail, span)
}

pub(super) fn for_directive(missing: &str, span: Span) -> Diagnostic {
    wrong("Invalid 'for' directive", format!("A for directive needs {missing}."), span)
}

pub(super) fn after_directive(word: &str, span: Span) -> Diagnostic {
    let summary = match word {
        "if" => "Extra characters in if marker",
        "else" => "Extra characters in else marker",
        "endif" => "Extra characters in endif marker",
        "for" => "Extra characters in for marker",
        _ => "Extra characters in endfor marker",
    };
    wrong(summary, "The directive ends before this, and a brace should close it.", span)
}

pub(super) fn unexpected_directive(word: &str, span: Span) -> Diagnostic {
    let summary = match word {
        "else" => "Unexpected else directive",
        "endif" => "Unexpected endif directive",
        _ => "Unexpected endfor directive",
    };
    wrong(summary, "It does not belong to the directive that is open here.", span)
}

pub(super) fn unfinished_directive(word: &str, end: Span) -> Diagnostic {
    let detail = format!("The template ends before end{word} closes its \"{word}\" directive.");
    wrong("Unexpected end of template", detail, end)
}

pub(super) fn json(summary: &'static str, detail: &str, span: Span) -> Diagnostic {
    wrong(summary, detail, span)
}

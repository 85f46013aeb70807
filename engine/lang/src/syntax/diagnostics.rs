//! The diagnostics of this folder, all texts on one page.

use infra_addrs::Mode;
use infra_diag::{Diagnostic, Span};

const INVALID: &str = "Invalid reference";

pub(super) fn bare_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(INVALID)
        .detail(format!(
            "A reference names a resource by its type and its name, such as {word}.main. If \"{word}\" is meant as text, \
             put it in quotes."
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
        Mode::Managed => "<type>.<name>",
    };
    Diagnostic::error(INVALID)
        .detail(format!("This refers to a resource in full as {form}."))
        .at(span)
}

pub(super) fn syntax(message: &str, span: Span) -> Diagnostic {
    // What the parser expects is a list of characters that says nothing to people.
    let detail = if message.contains("expected `\"`") {
        "Here should be an expression: a value, a reference, a function call, or a template."
            .to_owned()
    } else {
        sentence(message)
    };
    Diagnostic::error("Invalid expression").detail(detail).at(span)
}

pub(super) fn structure(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Argument or block definition required").detail(sentence(message)).at(span)
}

pub(super) fn redefined(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Attribute redefined")
        .detail(format!(
            "The argument \"{name}\" was set before in this block. It can be set only once."
        ))
        .at(span)
}

pub(super) fn no_number(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid number literal")
        .detail(format!("\"{text}\" is not a number."))
        .at(span)
}

fn sentence(message: &str) -> String {
    let mut text: String = message.trim().replace("; ", ": ");
    if let Some(first) = text.get(..1) {
        text = format!("{}{}", first.to_uppercase(), &text[1..]);
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

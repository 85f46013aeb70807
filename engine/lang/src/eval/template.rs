//! Templates.

use infra_addrs::InstanceKey;
use infra_diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_value::function::FunctionError;
use infra_value::{Data, Marks, Refinement, Type, Value, convert, print};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{Context, Scope, diagnostics};
use crate::functions::Environment;
use crate::syntax::{self, Expr, Part, Reference};

/// Few templates give longer texts: most grow without asking for memory again.
const USUAL_LENGTH: usize = 64;

/// A template's text as it grows; once a part is not known or wrong, only what came before it is.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    wrong: bool,
    marks: Marks,
}

impl Text {
    fn push(&mut self, text: &str) {
        if !self.unknown && !self.wrong {
            self.text.push_str(text);
        }
    }

    /// Adds a part that is known as a whole or not at all.
    fn append(&mut self, part: Self) {
        self.marks |= part.marks;
        if part.unknown {
            self.unknown = true;
        } else {
            self.push(&part.text);
        }
    }
}

/// What is known of a text that begins in this way and goes on with what is not known. The last character may become
/// another one together with what follows it; with these none does.
pub(crate) fn beginning(text: &str) -> Refinement {
    const ALONE: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
    let known = match text.grapheme_indices(true).next_back() {
        Some((_, last)) if ALONE.contains(last) => text,
        Some((at, _)) => &text[..at],
        None => "",
    };
    let prefix = (!known.is_empty()).then(|| known.into());
    Refinement { prefix, ..Refinement::not_null() }
}

impl Context<'_> {
    pub(super) fn template(&mut self, parts: &[Part]) -> Value {
        let mut text = Text { text: String::with_capacity(USUAL_LENGTH), ..Text::default() };
        let before = self.diags.len();
        for part in parts {
            let length = text.text.len();
            self.parts(std::slice::from_ref(part), &mut text);
            if !text.wrong && self.diags.failed_since(before) {
                text.wrong = true;
                text.text.truncate(length);
            }
        }
        let value = if text.unknown {
            let known = if text.wrong { Refinement::not_null() } else { beginning(&text.text) };
            Value::refined(Type::String, known)
        } else {
            Value::from(text.text)
        };
        value.marked(text.marks)
    }

    fn parts(&mut self, parts: &[Part], text: &mut Text) {
        for part in parts {
            match part {
                Part::Literal(literal) => text.push(literal),
                Part::Interpolation(expr) => {
                    let value = expr.evaluate(self);
                    self.interpolate(&value, text, expr.span());
                }
                Part::If { condition, then, otherwise } => {
                    self.branches(condition, [then, otherwise], text);
                }
                Part::For { key_name, value_name, collection, body, .. } => {
                    let (items, marks) = collection.evaluate(self).unmarked();
                    let Some(items) = self.entries(&items, collection.span()) else {
                        text.unknown = true;
                        continue;
                    };
                    let mut joined = Text { marks, ..Text::default() };
                    let depth = self.locals.len();
                    for (key, item) in items {
                        if let Some(name) = key_name {
                            self.locals.push((name.clone(), key));
                        }
                        self.locals.push((value_name.clone(), item));
                        let mut each = Text::default();
                        self.parts(body, &mut each);
                        joined.append(each);
                        self.locals.truncate(depth);
                    }
                    // As in Terraform: what is not known yet has the marks of the collection alone.
                    if joined.unknown {
                        joined.marks = marks;
                    }
                    text.append(joined);
                }
            }
        }
    }

    /// An `if` of a template. As with other conditionals both sides are evaluated and have a say in the marks; only
    /// mistakes in the chosen one count.
    fn branches(&mut self, condition: &Expr, sides: [&[Part]; 2], text: &mut Text) {
        let [(then, wrong_then), (otherwise, wrong_otherwise)] = sides.map(|parts| {
            let before = self.diags.len();
            let mut side = Text::default();
            self.parts(parts, &mut side);
            (side, self.diags.split_off(before))
        });
        let (test, marks) = condition.evaluate(self).unmarked();
        if test.is_null() {
            self.fail(diagnostics::null_condition().at(condition.span()));
            text.unknown = true;
            return;
        }
        text.marks |= marks | then.marks | otherwise.marks;
        if !test.is_known() {
            text.unknown = true;
            return;
        }
        let chosen = match convert::convert(&test, &Type::Bool) {
            Ok(test) => test.as_bool(),
            Err(error) => {
                self.fail(diagnostics::wrong_condition(&error.message).at(condition.span()));
                None
            }
        };
        match chosen {
            Some(true) => {
                self.diags.extend(wrong_then);
                text.append(then);
            }
            Some(false) => {
                self.diags.extend(wrong_otherwise);
                text.append(otherwise);
            }
            None => text.unknown = true,
        }
    }

    fn interpolate(&mut self, value: &Value, text: &mut Text, span: Span) {
        text.marks |= value.marks();
        match value.data() {
            Data::String(found) => text.push(found),
            Data::Unknown(..) => text.unknown = true,
            Data::Null(_) => {
                self.fail(diagnostics::null_in_template().at(span));
            }
            _ => match convert::convert(value, &Type::String) {
                Ok(found) => text.push(found.as_str().unwrap_or_default()),
                Err(error) => {
                    self.fail(diagnostics::wrong_in_template(&error.message).at(span));
                }
            },
        }
    }
}

/// Renders the text of a template with variables: what `templatefile` does.
///
/// # Errors
/// The first thing that is wrong, with file and line.
pub fn render(
    name: &str,
    text: &str,
    variables: &Value,
    environment: &Environment,
) -> Result<Value, FunctionError> {
    let mut sources = Sources::new();
    let source = sources.add(name, text);
    let mut found = Diagnostics::new();
    let Some(template) = syntax::parse_template(source, text, &mut found) else {
        // A template that is no file is an argument.
        let argument = name.starts_with('<').then_some(0);
        return Err(FunctionError { argument, ..worded(&found, &sources) });
    };
    for name in variables.as_map().into_iter().flatten().map(|(name, _)| name) {
        let mut characters = name.chars();
        let valid = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-');
        if !valid {
            return Err(FunctionError::at(
                1,
                format!(
                    "invalid template variable name {}: must start with a letter, followed by zero or more letters, \
                     digits, and underscores",
                    print::quoted(name)
                ),
            ));
        }
    }
    if variables.is_known() {
        for (variable, span) in &template.variables {
            if variables.get(variable).is_none() {
                let place = place(*span, &sources);
                return Err(FunctionError::at(
                    1,
                    format!("vars map does not contain key {variable:?}, referenced at {place}"),
                ));
            }
        }
    }
    let environment = Environment { in_template: true, ..environment.clone() };
    let scope = Alone(&environment);
    let mut cx = Context::new(&scope, &mut found);
    if let Data::Object(items) | Data::Map(_, items) = variables.data() {
        cx.locals.extend(items.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    // A template that is one interpolation is its value, whatever type that has.
    let value = match template.parts.as_slice() {
        _ if !variables.is_known() => Value::unknown(Type::Any),
        [Part::Interpolation(expr)] => expr.evaluate(&mut cx),
        parts => cx.template(parts),
    };
    if found.has_errors() { Err(worded(&found, &sources)) } else { Ok(value) }
}

fn place(span: Span, sources: &Sources) -> String {
    let Some(file) = sources.get(span.source) else { return String::new() };
    let (start, end) = (file.position(span.start), file.position(span.end));
    format!("{}:{},{}-{}", file.path, start.line, start.column, end.column)
}

fn worded(found: &Diagnostics, sources: &Sources) -> FunctionError {
    let Some(diagnostic) = found.iter().find(|diagnostic| diagnostic.is_error()) else {
        return FunctionError::new("the template cannot be read");
    };
    let place = diagnostic.span.map(|span| format!("{}: ", place(span, sources)));
    let detail = diagnostic.detail.trim_end_matches('.');
    FunctionError::new(format!("{}{}; {detail}", place.unwrap_or_default(), diagnostic.summary))
}

/// The scope of a template: nothing but its variables, which are names like those of loops.
struct Alone<'a>(&'a Environment);

impl Scope for Alone<'_> {
    fn value(
        &self,
        reference: &Reference,
        _key: Option<&InstanceKey>,
        _attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        Err(diagnostics::no_local(&reference.to_string()))
    }

    fn functions(&self) -> &Environment {
        self.0
    }
}

//! Templates.

use infra_addrs::InstanceKey;
use infra_diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_value::{Data, Marks, Refinement, Type, Value, convert};

use super::{Context, Scope, diagnostics};
use crate::functions::Environment;
use crate::syntax::{self, Part, Reference};

/// A template's text as it grows; once a part is not known, only what came before it is.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marks: Marks,
}

impl Text {
    fn push(&mut self, text: &str) {
        if !self.unknown {
            self.text.push_str(text);
        }
    }
}

impl Context<'_> {
    pub(super) fn template(&mut self, parts: &[Part]) -> Value {
        let mut text = Text::default();
        self.parts(parts, &mut text);
        let value = if text.unknown {
            let prefix = (!text.text.is_empty()).then(|| text.text.as_str().into());
            Value::refined(Type::String, Refinement { prefix, ..Refinement::not_null() })
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
                    let (test, marks) = condition.evaluate(self).unmarked();
                    text.marks |= marks;
                    if test.is_null() {
                        self.fail(diagnostics::null_condition().at(condition.span()));
                        text.unknown = true;
                        continue;
                    }
                    match convert::convert(&test, &Type::Bool) {
                        Ok(test) => match test.as_bool() {
                            Some(true) => self.parts(then, text),
                            Some(false) => self.parts(otherwise, text),
                            None => text.unknown = true,
                        },
                        Err(error) => {
                            self.fail(
                                diagnostics::wrong_condition(&error.message).at(condition.span()),
                            );
                            text.unknown = true;
                        }
                    }
                }
                Part::For { key_name, value_name, collection, body, .. } => {
                    let (items, marks) = collection.evaluate(self).unmarked();
                    text.marks |= marks;
                    let Some(items) = self.entries(&items, collection.span()) else {
                        text.unknown = true;
                        continue;
                    };
                    let depth = self.locals.len();
                    for (key, item) in items {
                        if let Some(name) = key_name {
                            self.locals.push((name.clone(), key));
                        }
                        self.locals.push((value_name.clone(), item));
                        self.parts(body, text);
                        self.locals.truncate(depth);
                    }
                }
            }
        }
    }

    fn interpolate(&mut self, value: &Value, text: &mut Text, span: Span) {
        text.marks |= value.marks();
        match value.data() {
            Data::String(found) => text.push(found),
            Data::Unknown(..) => text.unknown = true,
            Data::Null(_) => {
                self.fail(diagnostics::null_in_template().at(span));
                text.unknown = true;
            }
            _ => match convert::convert(value, &Type::String) {
                Ok(found) => text.push(found.as_str().unwrap_or_default()),
                Err(error) => {
                    self.fail(diagnostics::wrong_in_template(&error.message).at(span));
                    text.unknown = true;
                }
            },
        }
    }
}

/// Renders a template file with variables: what `templatefile` does.
///
/// # Errors
/// The first thing that is wrong, with file and line.
pub fn render(
    name: &str,
    text: &str,
    variables: &Value,
    environment: &Environment,
) -> Result<Value, String> {
    let mut sources = Sources::new();
    let source = sources.add(name, text);
    let mut found = Diagnostics::new();
    let scope = Variables { variables, environment };
    let value = syntax::parse_template(source, text, &mut found).map(|parts| {
        let mut cx = Context::new(&scope, &mut found);
        if let Data::Object(items) | Data::Map(_, items) = variables.data() {
            cx.locals.extend(items.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        // A template that is one interpolation is its value, whatever type that has.
        if let [Part::Interpolation(expr)] = parts.as_slice() {
            return expr.evaluate(&mut cx);
        }
        cx.template(&parts)
    });
    match found.iter().find(|diagnostic| diagnostic.is_error()) {
        Some(diagnostic) => Err(worded(diagnostic, &sources)),
        None => Ok(value.unwrap_or_else(|| Value::unknown(Type::String))),
    }
}

fn worded(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.span.and_then(|span| {
        let file = sources.get(span.source)?;
        let position = file.position(span.start);
        Some(format!("{}:{},{}: ", file.path, position.line, position.column))
    });
    format!("{}{}; {}", place.unwrap_or_default(), diagnostic.summary, diagnostic.detail)
}

/// The scope of a template file: its variables, as first words.
struct Variables<'a> {
    variables: &'a Value,
    environment: &'a Environment,
}

impl Scope for Variables<'_> {
    fn value(
        &self,
        reference: &Reference,
        _key: Option<&InstanceKey>,
        _attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        // A variable with an attribute after it looks like a resource: the parser cannot know.
        let Reference::Resource(resource) = reference else {
            return Err(diagnostics::not_in_template(&reference.to_string()));
        };
        match self.variables.get(&resource.type_name) {
            Some(value) => value
                .get(&resource.name)
                .cloned()
                .ok_or_else(|| diagnostics::no_attribute(&resource.name, std::iter::empty())),
            None => Err(diagnostics::no_template_variable(&resource.type_name)),
        }
    }

    fn functions(&self) -> &Environment {
        self.environment
    }
}

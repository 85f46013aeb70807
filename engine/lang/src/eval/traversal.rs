//! References, and steps into values.

use infra_addrs::InstanceKey;
use infra_diag::Span;
use infra_value::{Data, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::{Reference, Step};

impl Context<'_> {
    /// The value of an object of the configuration, and steps into it.
    pub(super) fn reference(&mut self, reference: &Reference, steps: &[Step], span: Span) -> Value {
        let mut rest = steps;
        let mut key = None;
        let repeated = matches!(reference, Reference::Resource(_) | Reference::Module(_));
        if repeated && let [Step::Index(expr, _), after @ ..] = rest {
            let (index, marks) = expr.evaluate(self).unmarked();
            // Only that instance is asked for; what cannot be a key is an index into the value of all.
            match instance_key(&index) {
                Some(found) if marks.is_empty() => {
                    key = Some(found);
                    rest = after;
                }
                _ => {}
            }
        }
        let mut attr = None;
        if matches!(reference, Reference::Module(_))
            && (key.is_some() || rest.len() == steps.len())
            && let [Step::Attr(name, _), ..] = rest
        {
            attr = Some(name.clone());
        }
        match self.scope.value(reference, key.as_ref(), attr.as_deref()) {
            Ok(value) => self.steps(value, if attr.is_some() { &rest[1..] } else { rest }),
            Err(diagnostic) => {
                let span = steps
                    .first()
                    .filter(|_| key.is_some())
                    .map_or(span, |step| span.to(step.span()));
                self.fail(diagnostic.at(span))
            }
        }
    }

    /// Steps into a value.
    pub(super) fn steps(&mut self, value: Value, steps: &[Step]) -> Value {
        let mut value = value;
        for step in steps {
            value = match step {
                Step::Attr(name, span) => self.attribute(&value, name, *span),
                Step::Index(key, span) => {
                    let key = key.evaluate(self);
                    self.index(&value, &key, *span)
                }
                Step::Splat(inner, span) => self.splat(&value, inner, *span),
            };
        }
        value
    }

    fn attribute(&mut self, value: &Value, name: &str, span: Span) -> Value {
        let marks = value.marks();
        let found = match value.data() {
            Data::Object(items) | Data::Map(_, items) if items.contains_key(name) => {
                items[name].clone()
            }
            Data::Object(items) => {
                return self.fail(
                    diagnostics::no_attribute(name, items.keys().map(|key| &**key)).at(span),
                );
            }
            Data::Map(..) => return self.fail(diagnostics::no_element(name).at(span)),
            Data::Null(_) => return self.fail(diagnostics::attribute_of_null().at(span)),
            Data::Unknown(Type::Any, _) => Value::unknown(Type::Any),
            Data::Unknown(Type::Object(object), _) => match object.attributes.get(name) {
                Some(ty) => Value::unknown(ty.clone()),
                None => {
                    return self.fail(
                        diagnostics::no_attribute(name, object.attributes.keys().map(|key| &**key))
                            .at(span),
                    );
                }
            },
            Data::Unknown(Type::Map(element), _) => Value::unknown((**element).clone()),
            _ => return self.fail(diagnostics::no_attributes_at_all(&value.ty(), name).at(span)),
        };
        found.marked(marks)
    }

    pub(super) fn index(&mut self, value: &Value, key: &Value, span: Span) -> Value {
        let marks = value.marks() | key.marks();
        if value.is_null() {
            return self.fail(diagnostics::index_of_null().at(span));
        }
        if key.is_null() {
            return self.fail(diagnostics::null_index().at(span));
        }
        let found = match value.data() {
            Data::List(_, items) | Data::Tuple(items) => {
                let Ok(key) = convert::convert(key, &Type::Number) else {
                    return self.fail(diagnostics::index_needs_number().at(span));
                };
                match key.as_number() {
                    None => match value.data() {
                        Data::List(element, _) => Value::unknown(element.clone()),
                        _ => Value::unknown(Type::Any),
                    },
                    Some(number) => match number.to_i64().and_then(|at| usize::try_from(at).ok()) {
                        Some(at) if at < items.len() => items[at].clone(),
                        Some(_) => {
                            return self
                                .fail(diagnostics::out_of_range(items.len(), false).at(span));
                        }
                        None if number.is_integer() => {
                            return self.fail(
                                diagnostics::out_of_range(items.len(), number.is_negative())
                                    .at(span),
                            );
                        }
                        None => return self.fail(diagnostics::fractional_index().at(span)),
                    },
                }
            }
            Data::Map(_, items) | Data::Object(items) => {
                let Ok(key) = convert::convert(key, &Type::String) else {
                    return self.fail(diagnostics::index_needs_string().at(span));
                };
                match key.as_str() {
                    None => match value.data() {
                        Data::Map(element, _) => Value::unknown(element.clone()),
                        _ => Value::unknown(Type::Any),
                    },
                    Some(name) => match items.get(name) {
                        Some(item) => item.clone(),
                        None => return self.fail(diagnostics::no_such_key().at(span)),
                    },
                }
            }
            Data::Unknown(ty, _) => match ty {
                Type::List(element) | Type::Map(element) => Value::unknown((**element).clone()),
                Type::Any => Value::unknown(Type::Any),
                Type::Tuple(elements) => {
                    let at = key.as_i64().and_then(|at| usize::try_from(at).ok());
                    Value::unknown(at.and_then(|at| elements.get(at)).cloned().unwrap_or(Type::Any))
                }
                Type::Object(object) => {
                    let ty = key.as_str().and_then(|name| object.attributes.get(name));
                    Value::unknown(ty.cloned().unwrap_or(Type::Any))
                }
                Type::Set(_) => return self.fail(diagnostics::index_of_set().at(span)),
                ty => return self.fail(diagnostics::not_indexable(ty).at(span)),
            },
            Data::Set(..) => return self.fail(diagnostics::index_of_set().at(span)),
            _ => return self.fail(diagnostics::not_indexable(&value.ty()).at(span)),
        };
        found.marked(marks)
    }

    fn splat(&mut self, value: &Value, inner: &[Step], span: Span) -> Value {
        let (value, marks) = value.clone().unmarked();
        let results = match value.data() {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                let items = items.clone();
                let list = !matches!(value.data(), Data::Tuple(_));
                let results: Vec<Value> =
                    items.iter().map(|item| self.steps(item.clone(), inner)).collect();
                return collected(results, list).marked(marks);
            }
            // Nothing to go through is an empty tuple; a single value counts as one element.
            Data::Null(ty) => match ty {
                Type::List(_) | Type::Set(_) => {
                    return self.fail(diagnostics::splat_of_null().at(span));
                }
                _ => return Value::tuple([]).marked(marks),
            },
            Data::Unknown(Type::List(_) | Type::Set(_) | Type::Any | Type::Tuple(_), _) => {
                return Value::unknown(Type::Any).marked(marks);
            }
            _ => vec![self.steps(value.clone(), inner)],
        };
        Value::tuple(results).marked(marks)
    }
}

/// The results of a splat: a list where the source is one and all results have one type, else a tuple.
fn collected(results: Vec<Value>, list: bool) -> Value {
    let Some(first) = results.first() else { return Value::tuple([]) };
    let ty = first.ty();
    if list && ty != Type::Any && results.iter().all(|result| result.ty() == ty) {
        return Value::list(ty, results);
    }
    Value::tuple(results)
}

fn instance_key(value: &Value) -> Option<InstanceKey> {
    crate::syntax::instance_key(value)
}

impl Step {
    /// Where the step stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Attr(_, span) | Self::Index(_, span) | Self::Splat(_, span) => *span,
        }
    }
}

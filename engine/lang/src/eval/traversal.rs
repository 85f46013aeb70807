//! References, and steps into values.

use infra_addrs::InstanceKey;
use infra_diag::Span;
use infra_value::{Data, Refinement, Type, Value, convert};

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
        let of_any = |value: &Value| matches!(value.data(), Data::Unknown(Type::Any, _));
        if of_any(value) || of_any(key) {
            return Value::unknown(Type::Any).marked(marks);
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
                Type::List(element) => {
                    if convert::convert(key, &Type::Number).is_err() {
                        return self.fail(diagnostics::index_needs_number().at(span));
                    }
                    Value::unknown((**element).clone())
                }
                Type::Map(element) => {
                    if convert::convert(key, &Type::String).is_err() {
                        return self.fail(diagnostics::index_needs_string().at(span));
                    }
                    Value::unknown((**element).clone())
                }
                Type::Any => Value::unknown(Type::Any),
                Type::Tuple(elements) => {
                    let Ok(key) = convert::convert(key, &Type::Number) else {
                        return self.fail(diagnostics::index_needs_number().at(span));
                    };
                    let at = key.as_i64().and_then(|at| usize::try_from(at).ok());
                    match at.and_then(|at| elements.get(at)) {
                        Some(ty) => Value::unknown(ty.clone()),
                        None if key.is_known() => {
                            return self.fail(diagnostics::no_such_key().at(span));
                        }
                        None => Value::unknown(Type::Any),
                    }
                }
                Type::Object(_) => {
                    if convert::convert(key, &Type::String).is_err() {
                        return self.fail(diagnostics::index_needs_string().at(span));
                    }
                    Value::unknown(Type::Any)
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
        let before = self.diags.len();
        let result = match value.data() {
            Data::List(element, items) | Data::Set(element, items) => {
                let results: Vec<Value> =
                    items.iter().map(|item| self.steps(item.clone(), inner)).collect();
                let ty = match results.first() {
                    Some(first) => first.ty(),
                    None => self.steps(Value::unknown(element.clone()), inner).ty(),
                };
                if results.iter().all(|result| result.ty() == ty) {
                    Value::list(ty, results)
                } else {
                    let any = Type::list(Type::Any);
                    let tuple = Value::tuple(results);
                    convert::convert(&tuple, &any).unwrap_or(tuple)
                }
            }
            Data::Tuple(items) => Value::tuple(
                items.iter().map(|item| self.steps(item.clone(), inner)).collect::<Vec<_>>(),
            ),
            Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                return self.fail(diagnostics::splat_of_null().at(span));
            }
            // Nothing to go through is an empty tuple; a single value counts as one element.
            Data::Null(_) => Value::tuple([]),
            Data::Unknown(Type::List(element) | Type::Set(element), known) => {
                let ty = self.steps(Value::unknown((**element).clone()), inner).ty();
                let (min_length, max_length) = match known {
                    Some(known) if matches!(value.ty(), Type::List(_)) => {
                        (known.min_length, known.max_length)
                    }
                    _ => (None, None),
                };
                let known = Refinement { min_length, max_length, ..Refinement::not_null() };
                Value::refined(Type::list(ty), known)
            }
            Data::Unknown(Type::Tuple(elements), _) => {
                let types = elements
                    .iter()
                    .map(|ty| self.steps(Value::unknown(ty.clone()), inner).ty())
                    .collect::<Vec<_>>();
                Value::refined(Type::tuple(types), Refinement::not_null())
            }
            Data::Unknown(Type::Any, _) => Value::unknown(Type::Any),
            Data::Unknown(_, Some(known)) if known.not_null => {
                Value::tuple([self.steps(value.clone(), inner)])
            }
            // It may turn out to be null, so that there is no element.
            Data::Unknown(..) => {
                self.steps(value.clone(), inner);
                Value::unknown(Type::Any)
            }
            _ => Value::tuple([self.steps(value.clone(), inner)]),
        };
        if self.diags.len() > before {
            return Value::unknown(Type::Any).marked(marks);
        }
        result.marked(marks)
    }
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

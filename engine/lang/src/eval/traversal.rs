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
            attr = Some(&**name);
            rest = &rest[1..];
        }
        match self.scope.value(reference, key.as_ref(), attr) {
            Ok(value) if rest.is_empty() => value,
            Ok(value) => self.steps((value, span), rest, false),
            Err(diagnostic) => {
                let span = steps
                    .first()
                    .filter(|_| key.is_some())
                    .map_or(span, |step| span.to(step.span()));
                self.fail(diagnostic.at(span))
            }
        }
    }

    /// Steps into a value, beside which is where it stands; it may be what took the place of one that `failed`.
    pub(super) fn steps(&mut self, value: (Value, Span), steps: &[Step], failed: bool) -> Value {
        let (mut value, place) = value;
        let before = self.diags.len();
        for step in steps {
            value = match step {
                Step::Attr(name, span) => self.attribute(&value, name, *span),
                Step::Index(key, span) => {
                    let key = key.evaluate(self);
                    self.index(&value, &key, *span)
                }
                Step::Splat(..) if failed || self.diags.failed_since(before) => {
                    Value::unknown(Type::Any)
                }
                Step::Splat(inner, span) => {
                    let place = Span { end: span.start, ..place };
                    self.splat(&value, inner, place)
                }
            };
        }
        value
    }

    fn attribute(&mut self, value: &Value, name: &str, span: Span) -> Value {
        let marks = value.marks();
        let found = match value.data() {
            Data::Object(items) => match items.get(name) {
                Some(found) => found.clone(),
                None => {
                    let known = items.keys().map(|key| &**key);
                    return self.fail(diagnostics::no_attribute(name, known).at(span));
                }
            },
            Data::Map(_, items) => match items.get(name) {
                Some(found) => found.clone(),
                None => return self.fail(diagnostics::no_element(name).at(span)),
            },
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
            // As in Terraform: the marks of the key are lost.
            return Value::unknown(Type::Any).marked(value.marks());
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

    /// Steps into each element of a value, which stands at `place`.
    fn splat(&mut self, value: &Value, inner: &[Step], place: Span) -> Value {
        let (value, marks) = value.clone().unmarked();
        let before = self.diags.len();
        let each = |cx: &mut Self, items: &[Value]| -> Vec<Value> {
            items.iter().map(|item| cx.steps((item.clone(), place), inner, false)).collect()
        };
        let (results, ty) = match value.data() {
            Data::List(element, items) | Data::Set(element, items) => {
                let results = each(self, items);
                if results.is_empty() {
                    // What elements would not have is a mistake also where there are none.
                    let none = self.steps((Value::unknown(element.clone()), place), inner, false);
                    (results, Some(Type::list(none.ty())))
                } else if self.diags.failed_since(before) {
                    (results, Some(Type::list(self.result_type(element, inner))))
                } else {
                    (results, None)
                }
            }
            Data::Tuple(items) => (each(self, items), None),
            Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                return self.fail(diagnostics::splat_of_null().at(place));
            }
            // Nothing to go through is an empty tuple; a single value counts as one element.
            Data::Null(_) => (Vec::new(), None),
            Data::Unknown(Type::List(element) | Type::Set(element), known) => {
                let ty =
                    self.steps((Value::unknown((**element).clone()), place), inner, false).ty();
                let (min_length, max_length) = match known {
                    Some(known) if matches!(value.ty(), Type::List(_)) => {
                        (known.min_length, known.max_length)
                    }
                    _ => (None, None),
                };
                let known = Refinement { min_length, max_length, ..Refinement::not_null() };
                return Value::refined(Type::list(ty), known).marked(marks);
            }
            Data::Unknown(Type::Tuple(elements), _) => {
                let types = elements
                    .iter()
                    .map(|ty| self.steps((Value::unknown(ty.clone()), place), inner, false).ty())
                    .collect::<Vec<_>>();
                return Value::refined(Type::tuple(types), Refinement::not_null()).marked(marks);
            }
            Data::Unknown(Type::Any, _) => return Value::unknown(Type::Any).marked(marks),
            // It may turn out to be null, so that there is no element.
            Data::Unknown(_, known) if !known.as_ref().is_some_and(|known| known.not_null) => {
                self.steps((value.clone(), place), inner, false);
                return Value::unknown(Type::Any).marked(marks);
            }
            _ => (each(self, std::slice::from_ref(&value)), None),
        };
        if self.diags.failed_since(before) {
            let tuple = || {
                let single = [value.clone()];
                let items = match value.data() {
                    Data::Tuple(items) => &**items,
                    _ => &single,
                };
                Type::tuple(
                    items
                        .iter()
                        .map(|item| self.result_type(&item.ty(), inner))
                        .collect::<Vec<_>>(),
                )
            };
            let ty = ty.unwrap_or_else(tuple);
            return Value::unknown(ty);
        }
        let result = match (value.data(), ty) {
            (_, Some(Type::List(element))) => Value::list((*element).clone(), results),
            (Data::List(..) | Data::Set(..), _) => {
                let ty = results.first().map_or(Type::Any, Value::ty);
                if results.iter().all(|result| result.ty() == ty) {
                    Value::list(ty, results)
                } else {
                    let tuple = Value::tuple(results);
                    convert::convert(&tuple, &Type::list(Type::Any)).unwrap_or(tuple)
                }
            }
            _ => Value::tuple(results),
        };
        result.marked(marks)
    }

    /// The type that the steps of a splat lead to from an element.
    fn result_type(&mut self, element: &Type, inner: &[Step]) -> Type {
        let before = self.diags.len();
        let element = (Value::unknown(element.clone()), Span::NOWHERE);
        let ty = self.steps(element, inner, false).ty();
        self.diags.split_off(before);
        ty
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

//! `for` expressions.

use std::collections::BTreeMap;

use infra_diag::Span;
use infra_value::{Data, Marks, Str, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::For;

impl Context<'_> {
    pub(super) fn for_expr(&mut self, parts: &For) -> Value {
        let (collection, mut marks) = parts.collection.evaluate(self).unmarked();
        let Some(entries) = self.entries(&collection, parts.collection.span()) else {
            // As in Terraform: of what has no type yet the marks are lost.
            let marks = if collection.ty() == Type::Any { Marks::NONE } else { marks };
            return Value::unknown(Type::Any).marked(marks);
        };
        if !self.condition_fits(parts) {
            return Value::unknown(Type::Any);
        }
        let mut known = true;
        let mut items: Vec<Value> = Vec::new();
        let mut object: BTreeMap<Str, Vec<Value>> = BTreeMap::new();
        let depth = self.locals.len();
        for (key, item) in entries {
            if let Some(name) = &parts.key_name {
                self.locals.push((name.clone(), key));
            }
            self.locals.push((parts.value_name.clone(), item));
            if self.included(parts, &mut marks, &mut known) {
                match &parts.key {
                    None => items.push(parts.value.evaluate(self)),
                    Some(key) => match self.result_key(parts, &mut marks, known) {
                        Some(name) => {
                            let value = parts.value.evaluate(self);
                            let slot = object.entry(name.clone()).or_default();
                            if !parts.grouping && !slot.is_empty() {
                                self.fail(diagnostics::duplicate_key(&name).at(key.span()));
                            } else {
                                slot.push(value);
                            }
                        }
                        None => known = false,
                    },
                }
            }
            self.locals.truncate(depth);
        }
        let value = match (&parts.key, known) {
            (_, false) => Value::unknown(Type::Any),
            (None, true) => Value::tuple(items),
            (Some(_), true) if parts.grouping => {
                Value::object(object.into_iter().map(|(name, items)| (name, Value::tuple(items))))
            }
            (Some(_), true) => Value::object(
                object.into_iter().filter_map(|(name, mut items)| Some((name, items.pop()?))),
            ),
        };
        value.marked(marks)
    }

    /// Whether the condition is one whatever the elements are; that it is not is reported once.
    fn condition_fits(&mut self, parts: &For) -> bool {
        let Some(condition) = &parts.condition else { return true };
        let depth = self.locals.len();
        let names = parts.key_name.iter().chain([&parts.value_name]);
        self.locals.extend(names.map(|name| (name.clone(), Value::unknown(Type::Any))));
        let before = self.diags.len();
        let (test, _) = condition.evaluate(self).unmarked();
        self.locals.truncate(depth);
        if test.is_null() {
            self.fail(diagnostics::null_for_condition().at(condition.span()));
        } else if let Err(error) = convert::convert(&test, &Type::Bool) {
            self.fail(diagnostics::wrong_for_condition(&error.message).at(condition.span()));
        }
        self.diags.len() == before
    }

    /// Whether the condition lets an element through.
    fn included(&mut self, parts: &For, marks: &mut Marks, known: &mut bool) -> bool {
        let Some(condition) = &parts.condition else { return true };
        let (test, found) = condition.evaluate(self).unmarked();
        *marks |= found;
        if test.is_null() {
            if *known {
                let problem = "it must not be null";
                self.fail(diagnostics::wrong_for_condition(problem).at(condition.span()));
            }
            *known = false;
            return false;
        }
        match convert::converted(test, &Type::Bool) {
            Ok(test) => test.as_bool().unwrap_or_else(|| {
                *known = false;
                false
            }),
            Err(error) => {
                if *known {
                    self.fail(
                        diagnostics::wrong_for_condition(&error.message).at(condition.span()),
                    );
                }
                *known = false;
                false
            }
        }
    }

    /// The key of a result; only the first that is wrong is reported.
    fn result_key(&mut self, parts: &For, marks: &mut Marks, report: bool) -> Option<Str> {
        let expr = parts.key.as_ref()?;
        let (key, found) = expr.evaluate(self).unmarked();
        *marks |= found;
        if key.is_null() {
            if report {
                self.fail(diagnostics::null_result_key().at(expr.span()));
            }
            return None;
        }
        match convert::converted(key, &Type::String) {
            Ok(key) => match key.data() {
                Data::String(key) => Some(key.clone()),
                _ => None,
            },
            Err(error) => {
                if report {
                    self.fail(diagnostics::wrong_result_key(&error.message).at(expr.span()));
                }
                None
            }
        }
    }

    /// Keys and elements of something that can be gone through; nothing if it is not known or not possible.
    pub(super) fn entries(
        &mut self,
        collection: &Value,
        span: Span,
    ) -> Option<Vec<(Value, Value)>> {
        match collection.data() {
            Data::List(_, items) | Data::Tuple(items) => Some(
                items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| ((at as i64).into(), item.clone()))
                    .collect(),
            ),
            Data::Set(_, items) => {
                Some(items.iter().map(|item| (item.clone(), item.clone())).collect())
            }
            Data::Map(_, items) | Data::Object(items) => {
                Some(items.iter().map(|(key, item)| (key.clone().into(), item.clone())).collect())
            }
            Data::Null(_) => {
                self.fail(diagnostics::iteration_over_null().at(span));
                None
            }
            Data::Unknown(ty, _) if !ty.is_primitive() => None,
            _ => {
                self.fail(diagnostics::iteration_over(&collection.ty()).at(span));
                None
            }
        }
    }
}

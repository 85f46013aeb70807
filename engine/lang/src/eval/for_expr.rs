//! `for` expressions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use infra_diag::Span;
use infra_value::{Data, Marks, Str, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::{Expr, For};

/// What the elements give.
enum Results {
    Tuple(Vec<Value>),
    Object(BTreeMap<Str, Value>),
    Groups(BTreeMap<Str, Vec<Value>>),
}

impl Results {
    fn of(parts: &For) -> Self {
        match parts.key {
            None => Self::Tuple(Vec::new()),
            Some(_) if parts.grouping => Self::Groups(BTreeMap::new()),
            Some(_) => Self::Object(BTreeMap::new()),
        }
    }

    /// Adds a result, with its key where there are keys. Gives the key back if it was there already.
    fn add(&mut self, name: Option<Str>, value: Value) -> Result<(), Str> {
        match (self, name) {
            (Self::Groups(groups), Some(name)) => groups.entry(name).or_default().push(value),
            (Self::Object(object), Some(name)) => match object.entry(name) {
                Entry::Occupied(found) => return Err(found.key().clone()),
                Entry::Vacant(place) => {
                    place.insert(value);
                }
            },
            (Self::Tuple(items), _) => items.push(value),
            (_, None) => {}
        }
        Ok(())
    }

    fn value(self) -> Value {
        match self {
            Self::Tuple(items) => Value::tuple(items),
            Self::Object(object) => object.into(),
            Self::Groups(groups) => {
                Value::object(groups.into_iter().map(|(name, items)| (name, Value::tuple(items))))
            }
        }
    }
}

impl Context<'_> {
    pub(super) fn for_expr(&mut self, parts: &For) -> Value {
        let (collection, mut marks) = parts.collection.evaluate(self).unmarked();
        let Some(entries) = self.entries(&collection, parts.collection.span()) else {
            // As in Terraform: of what has no type yet the marks are lost, and nothing is said of its condition.
            let unknown = Value::unknown(Type::Any);
            return match collection.ty() {
                Type::Any => unknown,
                _ if collection.is_known() => unknown.marked(marks),
                _ => match self.condition_marks(parts) {
                    Some(found) => unknown.marked(marks | found),
                    None => unknown,
                },
            };
        };
        if self.condition_marks(parts).is_none() {
            return Value::unknown(Type::Any);
        }
        let mut known = true;
        let mut results = Results::of(parts);
        let depth = self.locals.len();
        for (key, item) in entries {
            if let Some(name) = &parts.key_name {
                self.locals.push((name.clone(), key));
            }
            self.locals.push((parts.value_name.clone(), item));
            if self.included(parts, &mut marks, &mut known) {
                let name = match parts.key {
                    Some(_) => self.result_key(parts, &mut marks, known).map(Some),
                    None => Some(None),
                };
                match name {
                    Some(name) => {
                        let value = parts.value.evaluate(self);
                        if let Err(name) = results.add(name, value) {
                            let span = parts.key.as_ref().map_or(parts.value.span(), Expr::span);
                            self.fail(diagnostics::duplicate_key(&name).at(span));
                        }
                    }
                    None => known = false,
                }
            }
            self.locals.truncate(depth);
        }
        let value = if known { results.value() } else { Value::unknown(Type::Any) };
        value.marked(marks)
    }

    /// The marks of the condition whatever the elements are; that it can be none is reported once.
    fn condition_marks(&mut self, parts: &For) -> Option<Marks> {
        let Some(condition) = &parts.condition else { return Some(Marks::NONE) };
        let depth = self.locals.len();
        let names = parts.key_name.iter().chain([&parts.value_name]);
        self.locals.extend(names.map(|name| (name.clone(), Value::unknown(Type::Any))));
        let before = self.diags.len();
        let (test, marks) = condition.evaluate(self).unmarked();
        self.locals.truncate(depth);
        if test.is_null() {
            self.fail(diagnostics::null_for_condition().at(condition.span()));
        } else if let Err(error) = convert::convert(&test, &Type::Bool) {
            self.fail(diagnostics::wrong_for_condition(&error.message).at(condition.span()));
        }
        (self.diags.len() == before).then_some(marks)
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

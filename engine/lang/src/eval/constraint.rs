//! Type constraints: `list(object({ name = string, size = optional(number, 1) }))`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_diag::Diagnostics;
use infra_value::{Data, ObjectType, Str, Type, Value, convert};

use super::diagnostics;
use crate::syntax::{Expr, Kind};

/// The defaults of optional attributes, by where they are.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Defaults {
    /// What absent attributes of the object are.
    values: BTreeMap<Str, Value>,
    /// Defaults inside attributes.
    attributes: BTreeMap<Str, Self>,
    /// Defaults inside elements of a tuple.
    elements: BTreeMap<usize, Self>,
    /// Defaults inside every element of a collection.
    each: Option<Box<Self>>,
}

impl Defaults {
    fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.attributes.is_empty()
            && self.elements.is_empty()
            && self.each.is_none()
    }

    /// The value with absent or null attributes replaced by their defaults.
    #[must_use]
    pub fn apply(&self, value: Value) -> Value {
        if self.is_empty() || value.is_null() || !value.is_known() {
            return value;
        }
        let (value, marks) = value.unmarked();
        let inside = |at: usize, item: &Value| match (&self.each, self.elements.get(&at)) {
            (Some(each), _) => each.apply(item.clone()),
            (None, Some(element)) => element.apply(item.clone()),
            (None, None) => item.clone(),
        };
        let applied = match value.data() {
            Data::List(_, items) | Data::Tuple(items) => Value::tuple(
                items.iter().enumerate().map(|(at, item)| inside(at, item)).collect::<Vec<_>>(),
            ),
            Data::Set(_, items) => Value::tuple(
                items.iter().enumerate().map(|(at, item)| inside(at, item)).collect::<Vec<_>>(),
            ),
            Data::Map(_, items) | Data::Object(items) if self.each.is_some() => Value::object(
                items.iter().map(|(key, item)| (key.clone(), inside(0, item))).collect::<Vec<_>>(),
            ),
            Data::Map(_, items) | Data::Object(items) => {
                let mut items = (**items).clone();
                for (name, default) in &self.values {
                    if items.get(name).is_none_or(Value::is_null) {
                        items.insert(name.clone(), default.clone());
                    }
                }
                for (name, inner) in &self.attributes {
                    if let Some(item) = items.get(name) {
                        let item = inner.apply(item.clone());
                        items.insert(name.clone(), item);
                    }
                }
                Value::object(items)
            }
            _ => value,
        };
        applied.marked(marks)
    }
}

/// Reads a type constraint. What is wrong is reported, and nothing is given.
pub fn parse(expr: &Expr, diags: &mut Diagnostics) -> Option<(Type, Defaults)> {
    // Before there were element types, `list` meant a list of anything.
    let bare = match expr.as_keyword() {
        Some("list") => Some(Type::list(Type::Any)),
        Some("map") => Some(Type::map(Type::Any)),
        _ => None,
    };
    let before = diags.len();
    match bare {
        Some(ty) => Some((ty, Defaults::default())),
        None => part(expr, diags).filter(|_| diags.len() == before),
    }
}

/// A type constraint, or part of one. A default that does not fit is reported, and the type given all the same.
fn part(expr: &Expr, diags: &mut Diagnostics) -> Option<(Type, Defaults)> {
    if let Some(word) = expr.as_keyword() {
        let ty = match word {
            "string" => Type::String,
            "number" => Type::Number,
            "bool" => Type::Bool,
            "any" => Type::Any,
            "list" | "set" | "map" => {
                diags.push(diagnostics::constraint_needs_element(word).at(expr.span()));
                return None;
            }
            "object" | "tuple" => {
                diags.push(diagnostics::constraint_needs_parts(word).at(expr.span()));
                return None;
            }
            other => {
                diags.push(diagnostics::unknown_constraint(other).at(expr.span()));
                return None;
            }
        };
        return Some((ty, Defaults::default()));
    }
    let Some((name, arguments)) = expr.as_call() else {
        diags.push(diagnostics::no_constraint().at(expr.span()));
        return None;
    };
    match (name, arguments) {
        ("list" | "set" | "map", [element]) => {
            let (element, defaults) = part(element, diags)?;
            let ty = match name {
                "list" => Type::list(element),
                "set" => Type::set(element),
                _ => Type::map(element),
            };
            let each = (!defaults.is_empty()).then(|| Box::new(defaults));
            Some((ty, Defaults { each, ..Defaults::default() }))
        }
        ("tuple", [elements]) => {
            let Some(elements) = elements.as_tuple() else {
                diags.push(diagnostics::constraint_needs_parts("tuple").at(elements.span()));
                return None;
            };
            let parsed: Vec<_> = elements.iter().map(|element| part(element, diags)).collect();
            let parsed: Vec<(Type, Defaults)> = parsed.into_iter().collect::<Option<_>>()?;
            let mut defaults = Defaults::default();
            let mut types = Vec::new();
            for (at, (ty, inner)) in parsed.into_iter().enumerate() {
                types.push(ty);
                if !inner.is_empty() {
                    defaults.elements.insert(at, inner);
                }
            }
            Some((Type::tuple(types), defaults))
        }
        ("object", [attributes]) => object(attributes, diags),
        ("optional", _) => {
            diags.push(diagnostics::misplaced_optional().at(expr.span()));
            None
        }
        ("list" | "set" | "map" | "tuple" | "object", _) => {
            diags.push(diagnostics::constraint_needs_element(name).at(expr.span()));
            None
        }
        (other, _) => {
            diags.push(diagnostics::unknown_constraint(other).at(expr.span()));
            None
        }
    }
}

fn object(expr: &Expr, diags: &mut Diagnostics) -> Option<(Type, Defaults)> {
    let Some(entries) = expr.as_object() else {
        diags.push(diagnostics::constraint_needs_parts("object").at(expr.span()));
        return None;
    };
    let mut attributes = BTreeMap::new();
    let mut optional = BTreeSet::new();
    let mut defaults = Defaults::default();
    let mut complete = true;
    for (key, constraint) in entries {
        // A name in quotes is longer than the name.
        let is_bare = |name: &Value| {
            let length = key.span().end - key.span().start;
            name.as_str().is_some_and(|name| name.len() as u32 == length)
        };
        let (Kind::Literal(name), true) =
            (key.kind(), key.as_literal().is_some_and(|name| is_bare(&name)))
        else {
            diags.push(diagnostics::constraint_key().at(key.span()));
            complete = false;
            continue;
        };
        let name: Str = name.as_str().unwrap_or_default().into();
        if attributes.contains_key(&name) {
            diags.push(diagnostics::constraint_repeats(&name).at(key.span()));
            complete = false;
            continue;
        }
        let (inner, default) = match constraint.as_call() {
            Some(("optional", [inner])) => (inner, Some(None)),
            Some(("optional", [inner, default])) => (inner, Some(Some(default))),
            _ => (constraint, None),
        };
        let Some((ty, inner_defaults)) = part(inner, diags) else {
            complete = false;
            continue;
        };
        if let Some(default) = default {
            optional.insert(name.clone());
            if let Some(value) = default.and_then(|default| constant(default, diags)) {
                match convert::convert(&inner_defaults.apply(value), &ty) {
                    Ok(value) => {
                        defaults.values.insert(name.clone(), value);
                    }
                    Err(error) => {
                        let span = default.map(Expr::span);
                        diags.push(diagnostics::wrong_default(&error.to_string()).at(span));
                    }
                }
            }
        }
        if !inner_defaults.is_empty() {
            defaults.attributes.insert(name.clone(), inner_defaults);
        }
        attributes.insert(name, ty);
    }
    complete.then(|| (Type::Object(Arc::new(ObjectType { attributes, optional })), defaults))
}

/// The value of an expression that refers to nothing.
pub fn constant(expr: &Expr, diags: &mut Diagnostics) -> Option<Value> {
    struct Nothing(crate::functions::Environment);
    impl super::Scope for Nothing {
        fn value(
            &self,
            _: &crate::syntax::Reference,
            _: Option<&infra_addrs::InstanceKey>,
            _: Option<&str>,
        ) -> Result<Value, infra_diag::Diagnostic> {
            Err(diagnostics::not_constant())
        }
        fn functions(&self) -> &crate::functions::Environment {
            &self.0
        }
    }
    let expr = &expr.unevaluated();
    if refers(expr, diags) {
        return None;
    }
    let scope = Nothing(crate::functions::Environment::nowhere());
    let mut found = Diagnostics::new();
    let value = expr.evaluate(&mut super::Context::new(&scope, &mut found));
    let failed = found.has_errors();
    diags.extend(found);
    (!failed).then_some(value)
}

/// Reports references and function calls; gives whether there are any.
fn refers(expr: &Expr, diags: &mut Diagnostics) -> bool {
    let mut found = Diagnostics::new();
    let mut called: Option<infra_diag::Span> = None;
    let mut ambiguous = Vec::new();
    expr.visit(&mut |expr| {
        let span = expr.span();
        if called.is_some_and(|call| call.start <= span.start && span.end <= call.end) {
            return;
        }
        match expr.kind() {
            Kind::Call { .. } => {
                called = Some(span);
                found.push(diagnostics::no_functions_here().at(span));
            }
            Kind::Object(items) => {
                let keys = items.iter().map(|(key, _)| key).filter(|key| key.is_ambiguous_key());
                ambiguous.extend(keys.map(Expr::span));
            }
            Kind::Reference { .. } | Kind::Invalid { .. } if ambiguous.contains(&span) => {
                found.push(diagnostics::ambiguous_key().at(span));
            }
            Kind::Reference { root: (_, root), .. } => {
                found.push(diagnostics::not_constant().at(*root));
            }
            Kind::Invalid { words, .. } => {
                found.push(diagnostics::not_constant().at(words.root_span));
            }
            _ => {}
        }
    });
    let refers = !found.is_empty();
    diags.extend(found);
    refers
}

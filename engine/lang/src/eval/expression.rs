//! One expression.

use infra_value::{Data, Refinement, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::{Expr, Kind};

impl Expr {
    /// The value of the expression. What is wrong is reported, and an unknown value takes its place.
    pub fn evaluate(&self, cx: &mut Context<'_>) -> Value {
        match self.kind() {
            Kind::Literal(value) => value.clone(),
            Kind::Template(parts) => cx.template(parts),
            Kind::Tuple(items) => {
                Value::tuple(items.iter().map(|item| item.evaluate(cx)).collect::<Vec<_>>())
            }
            Kind::Object(items) => object(items, cx),
            Kind::Reference { reference, steps, span, .. } => cx.reference(reference, steps, *span),
            Kind::Local { name, steps } => match cx.local(name).cloned() {
                Some(value) => cx.steps((value, self.span()), steps, false),
                None => cx.fail(diagnostics::no_local(name).at(self.span())),
            },
            Kind::Invalid { diagnostic, .. } => cx.fail((**diagnostic).clone()),
            Kind::Unread(found) => {
                cx.diags.extend(found.iter().cloned());
                Value::unknown(Type::Any)
            }
            Kind::Access(inner, steps) => {
                let (value, failed) = cx.checked(inner);
                cx.steps((value, inner.span()), steps, failed)
            }
            Kind::Conditional(condition, yes, no) => conditional(condition, yes, no, cx),
            Kind::Call { name, name_span, builtin, arguments, expand } => {
                cx.call((name, *name_span, *builtin), arguments, *expand, self.span())
            }
            Kind::Unary(operator, inner) => cx.unary(*operator, inner, self.span()),
            Kind::Binary(first, rest) => cx.binary(first, rest),
            Kind::For(parts) => cx.for_expr(parts),
            Kind::Parenthesis(inner) => inner.evaluate(cx),
        }
    }
}

fn object(items: &[(Expr, Expr)], cx: &mut Context<'_>) -> Value {
    let mut attributes = std::collections::BTreeMap::new();
    let mut known = true;
    let mut marks = infra_value::Marks::NONE;
    for (key, item) in items {
        let (name, failed) = match key.is_ambiguous_key() {
            true => (cx.fail(diagnostics::ambiguous_key().at(key.span())), true),
            false => cx.checked(key),
        };
        let place = if key.is_in_json() { key.span() } else { item.span() };
        let item = item.evaluate(cx);
        if failed {
            known = false;
            continue;
        }
        let (name, found) = name.unmarked();
        marks |= found;
        if name.is_null() {
            cx.fail(diagnostics::null_key(key.is_in_json()).at(place));
            known = false;
            continue;
        }
        match convert::converted(name, &Type::String) {
            Ok(name) => match name.data() {
                Data::String(name) => {
                    let again = attributes.insert(name.clone(), item).is_some();
                    if again && items.iter().any(|(key, _)| key.is_in_json()) {
                        cx.fail(diagnostics::json_attribute_twice(name).at(key.span()));
                    }
                }
                _ => known = false,
            },
            Err(error) => {
                cx.fail(diagnostics::wrong_key(key.is_in_json(), &error.message).at(key.span()));
                known = false;
            }
        }
    }
    // As in Terraform: what is not known of it has no marks.
    if known { Value::from(attributes).marked(marks) } else { Value::unknown(Type::Any) }
}

fn conditional(condition: &Expr, yes: &Expr, no: &Expr, cx: &mut Context<'_>) -> Value {
    // Both sides have a say in the type of the result, so both are evaluated; only mistakes in the chosen one count, and
    // none as long as it is not known which one that is.
    let before = cx.diags.len();
    let when_true = yes.evaluate(cx);
    let wrong_if_true = cx.diags.split_off(before);
    let when_false = no.evaluate(cx);
    let wrong_if_false = cx.diags.split_off(before);
    let plain = has_common_type(&when_true, &when_false);
    let ty = if plain { Some(when_true.ty()) } else { common_type(&when_true, &when_false) };
    let Some(ty) = ty else {
        return cx.fail(
            diagnostics::different_results(&when_true.ty(), &when_false.ty())
                .at(yes.span().to(no.span())),
        );
    };
    let (test, marks) = condition.evaluate(cx).unmarked();
    if test.is_null() {
        cx.fail(diagnostics::null_condition().at(condition.span()));
        return Value::unknown(ty);
    }
    // Which one was taken tells something of the condition, and where a mark is, of the other result too.
    let marks = marks | when_true.marks() | when_false.marks();
    if !test.is_known() {
        return either(&when_true, &when_false, ty).marked(marks);
    }
    let (chosen, taken, wrong) = match convert::converted(test, &Type::Bool) {
        Ok(test) if test.as_bool() == Some(true) => (when_true, yes, wrong_if_true),
        Ok(_) => (when_false, no, wrong_if_false),
        Err(error) => {
            cx.fail(diagnostics::wrong_condition(&error.message).at(condition.span()));
            return Value::unknown(ty);
        }
    };
    cx.diags.extend(wrong);
    if plain || ty == Type::Any || matches!(chosen.data(), Data::Unknown(Type::Any, _)) {
        return chosen.marked(marks);
    }
    match convert::converted(chosen, &ty) {
        Ok(value) => value.marked(marks),
        Err(error) => {
            cx.fail(diagnostics::wrong_result(&error.to_string()).at(taken.span()));
            Value::unknown(ty).marked(marks)
        }
    }
}

/// Whether both results plainly have the same type: the usual case, found without building types.
fn has_common_type(a: &Value, b: &Value) -> bool {
    matches!(
        (a.data(), b.data()),
        (Data::Bool(_), Data::Bool(_))
            | (Data::Number(_), Data::Number(_))
            | (Data::String(_), Data::String(_))
    )
}

/// What is known of the result while the condition is not.
fn either(yes: &Value, no: &Value, ty: Type) -> Value {
    if yes.is_null() && no.is_null() {
        return Value::null(ty);
    }
    let (a, b) = (Refinement::of(yes), Refinement::of(no));
    let both = a.either(&b);
    let same = yes.ty() == no.ty() && (ty == Type::Number || ty.is_collection());
    let known =
        if same { both } else { Refinement { not_null: both.not_null, ..Refinement::default() } };
    Value::refined(ty, known)
}

/// The type that both results of a conditional become; nothing if there is none.
fn common_type(a: &Value, b: &Value) -> Option<Type> {
    let (left, right) = (a.ty(), b.ty());
    if left == right {
        return Some(left);
    }
    // A null without a type fits everything; an unknown of any type leaves the type open.
    match (a.data(), b.data()) {
        (Data::Null(Type::Any), _) if a.marks().is_empty() => return Some(right),
        (_, Data::Null(Type::Any)) if b.marks().is_empty() => return Some(left),
        _ => {}
    }
    if left == Type::Any || right == Type::Any {
        return Some(Type::Any);
    }
    convert::unify(&[left, right])
}

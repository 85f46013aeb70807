//! Operators.

use infra_diag::Span;
use infra_value::{Number, Refinement, Type, Value, convert, order};

use super::{Context, diagnostics};
use crate::syntax::{BinaryOp, Expr, UnaryOp};

impl Context<'_> {
    pub(super) fn unary(&mut self, operator: UnaryOp, inner: &Expr, span: Span) -> Value {
        let before = self.diags.len();
        let (value, marks) = inner.evaluate(self).unmarked();
        let ty = if operator == UnaryOp::Not { Type::Bool } else { Type::Number };
        let value = self.operand(value, &ty, inner.span(), "unary ");
        // What is wrong with an operand would only be said again.
        if self.diags.failed_since(before) || self.is_null(&value, span) {
            return Value::unknown(ty);
        }
        // As in Terraform: what is not known of it has no marks.
        if !value.is_known() {
            return unknown(ty);
        }
        let result = match operator {
            UnaryOp::Not => value.as_bool().map(|value| Value::from(!value)),
            UnaryOp::Negate => value.as_number().map(|value| value.neg().into()),
        };
        result.unwrap_or_else(|| unknown(ty)).marked(marks)
    }

    pub(super) fn binary(&mut self, first: &Expr, rest: &[(BinaryOp, Expr)]) -> Value {
        let before = self.diags.len();
        let mut value = first.evaluate(self);
        let mut span = first.span();
        for (operator, operand) in rest {
            let right = operand.evaluate(self);
            let left = (value, span);
            span = first.span().to(operand.span());
            value = self.operation(*operator, left, (right, operand.span()), span, before);
        }
        value
    }

    /// An operator with operands that have been evaluated, since when `before` diagnostics were there.
    fn operation(
        &mut self,
        operator: BinaryOp,
        (a, left): (Value, Span),
        (b, right): (Value, Span),
        span: Span,
        before: usize,
    ) -> Value {
        match operator {
            BinaryOp::Equal | BinaryOp::NotEqual if self.diags.failed_since(before) => {
                return Value::unknown(Type::Bool);
            }
            BinaryOp::Equal => return order::equals(&a, &b),
            BinaryOp::NotEqual => {
                let (equal, marks) = order::equals(&a, &b).unmarked();
                let result = equal.as_bool().map(|equal| Value::from(!equal));
                return result.unwrap_or(equal).marked(marks);
            }
            _ => {}
        }
        let logical = matches!(operator, BinaryOp::And | BinaryOp::Or);
        let ty = if logical { Type::Bool } else { Type::Number };
        let compares = matches!(
            operator,
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual
        );
        let result_type = if compares { Type::Bool } else { ty.clone() };
        let (a, a_marks) = a.unmarked();
        let (b, b_marks) = b.unmarked();
        let a = self.operand(a, &ty, left, "left ");
        let b = self.operand(b, &ty, right, "right ");
        if self.diags.failed_since(before) || self.is_null(&a, span) || self.is_null(&b, span) {
            return Value::unknown(result_type);
        }
        let marks = a_marks | b_marks;
        let result = match (a.as_number(), b.as_number()) {
            (Some(a), Some(b)) => match self.number(operator, a, b, span) {
                Some(value) => value,
                None => return Value::unknown(result_type),
            },
            _ if logical => match logic(operator, a.as_bool(), b.as_bool()) {
                Some(value) => value.into(),
                None => return unknown(Type::Bool),
            },
            _ if compares => by_range(operator, &a, &b).map_or(unknown(Type::Bool), Value::from),
            _ => unknown(result_type),
        };
        result.marked(marks)
    }

    fn number(&mut self, operator: BinaryOp, a: &Number, b: &Number, span: Span) -> Option<Value> {
        let calculated = match operator {
            BinaryOp::Add => a.checked_add(b).ok_or("can't compute sum of opposing infinities"),
            BinaryOp::Subtract => a.checked_sub(b).ok_or("can't subtract infinity from itself"),
            BinaryOp::Multiply => a.checked_mul(b).ok_or("can't multiply zero by infinity"),
            BinaryOp::Divide => a.div(b).ok_or("can't divide zero by zero or infinity by infinity"),
            BinaryOp::Modulo => a.rem(b).ok_or("can't use modulo with zero and infinity"),
            BinaryOp::Less => return Some(a.compare(b).is_lt().into()),
            BinaryOp::LessOrEqual => return Some((a.compare(b).is_lt() || a == b).into()),
            BinaryOp::Greater => return Some(a.compare(b).is_gt().into()),
            BinaryOp::GreaterOrEqual => return Some((a.compare(b).is_gt() || a == b).into()),
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::And | BinaryOp::Or => return None,
        };
        match calculated {
            Ok(number) => Some(number.into()),
            Err(problem) => {
                self.fail(diagnostics::failed_operation(problem).at(span));
                None
            }
        }
    }

    /// An operand as the type that its operator needs; that it cannot be is reported.
    fn operand(&mut self, value: Value, ty: &Type, span: Span, side: &str) -> Value {
        convert::converted(value, ty).unwrap_or_else(|error| {
            self.fail(diagnostics::wrong_operand(side, &error.message).at(span))
        })
    }

    /// Whether an operand is null, which is reported.
    fn is_null(&mut self, operand: &Value, span: Span) -> bool {
        if operand.is_null() {
            self.fail(diagnostics::failed_operation("argument must not be null").at(span));
        }
        operand.is_null()
    }
}

fn unknown(ty: Type) -> Value {
    Value::refined(ty, Refinement::not_null())
}

/// How numbers compare that are not known, where one range lies wholly below the other.
fn by_range(operator: BinaryOp, a: &Value, b: &Value) -> Option<bool> {
    let (a, b) = (Refinement::of(a), Refinement::of(b));
    let below = |a: &Refinement, b: &Refinement| matches!((&a.max, &b.min), (Some((most, _)), Some((least, _))) if most.compare(least).is_lt());
    let less = matches!(operator, BinaryOp::Less | BinaryOp::LessOrEqual);
    match (below(&a, &b), below(&b, &a)) {
        (true, _) => Some(less),
        (_, true) => Some(!less),
        _ => None,
    }
}

/// Nothing where an operand is not known, also where the other one decides: so it is in Terraform.
fn logic(operator: BinaryOp, a: Option<bool>, b: Option<bool>) -> Option<bool> {
    Some(if operator == BinaryOp::Or { a? | b? } else { a? & b? })
}

//! Operators.

use infra_diag::Span;
use infra_value::{Number, Refinement, Type, Value, convert, order};

use super::{Context, diagnostics};
use crate::syntax::{BinaryOp, Expr, UnaryOp};

impl Context<'_> {
    pub(super) fn unary(&mut self, operator: UnaryOp, inner: &Expr) -> Value {
        let (value, marks) = inner.evaluate(self).unmarked();
        let ty = if operator == UnaryOp::Not { Type::Bool } else { Type::Number };
        let Some(value) = self.operand(&value, &ty, inner.span(), "") else {
            return Value::unknown(ty);
        };
        let result = match operator {
            UnaryOp::Not => value.as_bool().map(|value| Value::from(!value)),
            UnaryOp::Negate => value.as_number().map(|value| value.neg().into()),
        };
        result.unwrap_or_else(|| unknown(ty)).marked(marks)
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Value {
        let a = left.evaluate(self);
        let b = right.evaluate(self);
        match operator {
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
        let a = self.operand(&a, &ty, left.span(), "left ");
        let b = self.operand(&b, &ty, right.span(), "right ");
        let (Some(a), Some(b)) = (a, b) else { return Value::unknown(result_type) };
        let marks = a_marks | b_marks;
        let result = match (a.as_number(), b.as_number()) {
            (Some(a), Some(b)) => match self.number(operator, a, b, span) {
                Some(value) => value,
                None => return Value::unknown(result_type),
            },
            _ if logical => match logic(operator, a.as_bool(), b.as_bool()) {
                Some(value) => value.into(),
                None => unknown(Type::Bool),
            },
            _ => unknown(result_type),
        };
        result.marked(marks)
    }

    fn number(&mut self, operator: BinaryOp, a: &Number, b: &Number, span: Span) -> Option<Value> {
        Some(match operator {
            BinaryOp::Add => a.add(b).into(),
            BinaryOp::Subtract => a.sub(b).into(),
            BinaryOp::Multiply => a.mul(b).into(),
            BinaryOp::Divide | BinaryOp::Modulo => {
                let result = if operator == BinaryOp::Divide { a.div(b) } else { a.rem(b) };
                match result {
                    Some(result) => result.into(),
                    None => {
                        self.fail(diagnostics::division_by_zero().at(span));
                        return None;
                    }
                }
            }
            BinaryOp::Less => (a < b).into(),
            BinaryOp::LessOrEqual => (a <= b).into(),
            BinaryOp::Greater => (a > b).into(),
            BinaryOp::GreaterOrEqual => (a >= b).into(),
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::And | BinaryOp::Or => return None,
        })
    }

    /// An operand as the type that its operator needs; nothing if that is reported to be impossible.
    fn operand(&mut self, value: &Value, ty: &Type, span: Span, side: &str) -> Option<Value> {
        if value.is_null() {
            self.fail(diagnostics::null_operand(side).at(span));
            return None;
        }
        match convert::convert(value, ty) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(diagnostics::wrong_operand(side, &error.message).at(span));
                None
            }
        }
    }
}

fn unknown(ty: Type) -> Value {
    Value::refined(ty, Refinement::not_null())
}

/// Nothing where the answer depends on what is not known.
fn logic(operator: BinaryOp, a: Option<bool>, b: Option<bool>) -> Option<bool> {
    let decisive = operator == BinaryOp::Or;
    if a == Some(decisive) || b == Some(decisive) {
        return Some(decisive);
    }
    Some(if decisive { a? || b? } else { a? && b? })
}

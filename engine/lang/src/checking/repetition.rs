//! `count` and `for_each`.

use infra_diag::Diagnostics;
use infra_value::{Data, Marks, Type, convert};

use super::scope::Place;
use super::{Checker, diagnostics};
use crate::syntax::Expr;
use crate::world;

/// Checks `count` and `for_each`, as far as their values are known.
pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    count: Option<&Expr>,
    for_each: Option<&Expr>,
    diags: &mut Diagnostics,
) {
    if let Some(expr) = count
        && let Some(value) = checker.evaluate(place, expr, diags)
    {
        if value.marks().contains(Marks::EPHEMERAL) {
            diags.push(world::diagnostics::count_ephemeral().at(expr.span()));
            return;
        }
        match convert::convert(&value, &Type::Number) {
            Err(error) => {
                diags.push(diagnostics::wrong_value(&error.to_string()).at(expr.span()));
            }
            Ok(value) if value.is_null() || value.is_known() => {
                if let Err(problem) = world::counted(&value) {
                    diags.push(problem.at(expr.span()));
                }
            }
            Ok(_) => {}
        }
    }
    if let Some(expr) = for_each
        && let Some(value) = checker.evaluate(place, expr, diags)
    {
        let problem = match value.data() {
            _ if !value.marks().is_empty() => world::keyed(&value).err(),
            Data::Unknown(Type::Any | Type::Map(_) | Type::Object(_) | Type::Set(_), _) => None,
            Data::Unknown(ty, _) => Some(world::diagnostics::for_each_type(ty)),
            Data::Set(_, items) if items.iter().any(|item| !item.is_null() && !item.is_known()) => {
                None
            }
            _ => world::keyed(&value).err(),
        };
        diags.extend(problem.map(|problem| problem.at(expr.span())));
    }
}

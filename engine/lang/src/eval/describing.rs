//! What the objects are that an expression names, in a few words: for people who wonder why a condition does not hold.

use std::collections::BTreeMap;

use infra_diag::Diagnostics;
use infra_value::{Data, Marks, Value, print};

use super::{Context, Scope};
use crate::syntax::{Expr, Kind};

/// The references in an expression and what they are, sorted; those that are sensitive or not known are left out.
pub fn described(expr: &Expr, scope: &dyn Scope) -> Vec<(String, String)> {
    let mut found = BTreeMap::new();
    expr.visit(&mut |part| {
        if !matches!(part.kind(), Kind::Reference { .. }) {
            return;
        }
        let Some(words) = part.as_traversal() else { return };
        let mut problems = Diagnostics::new();
        let value = part.evaluate(&mut Context::new(scope, &mut problems));
        if let Some(description) = in_words(&value).filter(|_| !problems.has_errors()) {
            found.insert(words.to_string(), description);
        }
    });
    found.into_iter().collect()
}

/// What a value is, in a few words; nothing if it must not be told or is not known.
fn in_words(value: &Value) -> Option<String> {
    if value.is_sensitive() || !value.is_known() {
        return None;
    }
    if value.marks().contains(Marks::EPHEMERAL) {
        return Some("has an ephemeral value".to_owned());
    }
    let name = || print::type_name(&value.ty());
    let counted = |count: usize| match count {
        0 => format!("empty {}", name()),
        1 => format!("{} with 1 element", name()),
        count => format!("{} with {count} elements", name()),
    };
    let text = match value.data() {
        Data::Null(_) => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.to_string(),
        Data::String(text) => format!("{:?}", &**text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => counted(items.len()),
        Data::Map(_, items) => counted(items.len()),
        Data::Object(items) => match (items.len(), items.keys().next()) {
            (1, Some(only)) => format!("object with 1 attribute \"{only}\""),
            (0, _) => "object with no attributes".to_owned(),
            (count, _) => format!("object with {count} attributes"),
        },
        Data::Unknown(..) => return None,
    };
    Some(format!("is {text}"))
}

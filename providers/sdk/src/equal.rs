//! Values that mean the same: what is not set is null here, and empty, zero or false there.

use infra_value::{Data, Type, Value};

/// Which values are taken for the same while planning.
#[derive(Clone, Copy)]
pub(crate) enum Equality {
    /// Those that are.
    Exact,
    /// Those that mean the same to an API.
    OfMeaning,
}

impl Equality {
    pub(crate) fn same(self, a: &Value, b: &Value) -> bool {
        match self {
            Self::Exact => a == b,
            Self::OfMeaning => same(a, b),
        }
    }

    /// Whether a value is what an attribute has that nobody set.
    pub(crate) fn is_zero(self, value: &Value) -> bool {
        match self {
            Self::Exact => value.is_null(),
            Self::OfMeaning => is_zero(value),
        }
    }
}

/// Whether two values mean the same.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    a == b
        || (a.is_wholly_known() && b.is_wholly_known() && normal(a) == normal(b))
        || same_document(a, b)
}

/// Whether a value is what an attribute has that nobody set.
pub(crate) fn is_zero(value: &Value) -> bool {
    match value.data() {
        Data::Null(_) => true,
        Data::Bool(value) => !value,
        Data::String(text) => text.is_empty(),
        Data::Number(number) => number.to_i64() == Some(0),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.is_empty(),
        Data::Map(_, items) => items.is_empty(),
        Data::Object(items) => items.values().all(is_zero),
        Data::Unknown(..) => false,
    }
}

/// The value with null in place of everything that is empty, zero or false.
fn normal(value: &Value) -> Value {
    let inner = |items: &[Value]| items.iter().map(normal).collect::<Vec<_>>();
    match value.data() {
        _ if is_zero(value) => Value::null(Type::Any),
        Data::List(_, items) | Data::Tuple(items) => Value::tuple(inner(items)),
        Data::Set(_, items) => Value::set(Type::Any, inner(items)),
        Data::Map(_, items) => Value::object(
            items.iter().map(|(key, item)| (key.clone(), item.clone())).collect::<Vec<_>>(),
        ),
        Data::Object(items) => Value::object(
            items.iter().map(|(key, item)| (key.clone(), normal(item))).collect::<Vec<_>>(),
        ),
        _ => value.clone(),
    }
}

/// Whether both are JSON documents that mean the same.
fn same_document(a: &Value, b: &Value) -> bool {
    let parsed = |value: &Value| {
        let text = value.as_str()?;
        let starts = text.trim_start().starts_with(['{', '[']);
        starts.then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten()
    };
    match (parsed(a), parsed(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_set_is_the_same_as_null_also_inside_sets() {
        let rule = |description: Value| {
            Value::set(
                Type::Any,
                [Value::object([("port", 22.into()), ("description", description)])],
            )
        };
        assert!(same(&rule("".into()), &rule(Value::null(Type::String))));
        assert!(!same(&rule("x".into()), &rule(Value::null(Type::String))));
        assert!(same(&"{\"a\": 1}".into(), &"{\"a\":1}".into()));
        assert!(!same(&"".into(), &Value::unknown(Type::String)));
    }
}

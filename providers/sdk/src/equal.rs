//! Values that mean the same: what is not set is null here, and empty, zero or false there.

use infra_value::{Data, Type, Value};
use serde_json::Value as Json;

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
        starts.then(|| serde_json::from_str::<Json>(text).ok()).flatten()
    };
    match (parsed(a), parsed(b)) {
        (Some(a), Some(b)) => a == b || same_policy(&a, &b),
        _ => false,
    }
}

/// Whether both are policies of IAM that mean the same: one of something is as good as a list of it, and no list has an
/// order.
fn same_policy(a: &Json, b: &Json) -> bool {
    let is_policy = |document: &Json| document.get("Statement").is_some();
    is_policy(a) && is_policy(b) && policy(a, "") == policy(b, "")
}

/// The part of a policy that is called `name`, in a form that all equal ones have.
fn policy(part: &Json, name: &str) -> Json {
    const LISTS: &[&str] = &["Statement", "Action", "NotAction", "Resource", "NotResource"];
    let of_list = |items: Vec<&Json>, inside: &str| {
        let mut items: Vec<Json> = items.into_iter().map(|item| policy(item, inside)).collect();
        items.sort_by_cached_key(Json::to_string);
        items.dedup();
        Json::Array(items)
    };
    match (part, name) {
        (Json::Array(items), _) => of_list(items.iter().collect(), "item"),
        (Json::String(text), "Principal" | "NotPrincipal") if text == "*" => {
            serde_json::json!({ "AWS": ["*"] })
        }
        (Json::Object(parts), "Principal" | "NotPrincipal" | "operator") => {
            let parts = parts.iter().map(|(name, part)| (name.clone(), policy(part, "list")));
            Json::Object(parts.collect())
        }
        (Json::Object(parts), "Condition") => {
            let parts = parts.iter().map(|(name, part)| (name.clone(), policy(part, "operator")));
            Json::Object(parts.collect())
        }
        (Json::Object(parts), _) if name != "list" && !LISTS.contains(&name) => {
            let parts = parts.iter().map(|(name, part)| (name.clone(), policy(part, name)));
            Json::Object(parts.collect())
        }
        (part, name) if name == "list" || LISTS.contains(&name) => of_list(vec![part], "item"),
        // Conditions may write true and 1 as texts.
        (Json::Bool(_) | Json::Number(_), "item") => Json::String(part.to_string()),
        _ => part.clone(),
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

    #[test]
    fn policies_are_the_same_whatever_their_order_and_however_they_write_one_of_something() {
        let policy = |statement: &str| Value::from(format!("{{\"Statement\": {statement}}}"));
        let one = policy(r#"{"Action": "s3:Get*", "Resource": ["b", "a"], "Principal": "*"}"#);
        let same_one = policy(
            r#"[{"Resource": ["a", "b"], "Action": ["s3:Get*"], "Principal": {"AWS": "*"}}]"#,
        );
        assert!(same(&one, &same_one));
        assert!(!same(
            &one,
            &policy(r#"{"Action": "s3:Get*", "Resource": "a", "Principal": "*"}"#)
        ));
        let condition = |value: &str| {
            policy(&format!(
                "{{\"Condition\": {{\"Bool\": {{\"aws:SecureTransport\": {value}}}}}}}"
            ))
        };
        assert!(same(&condition("false"), &condition("[\"false\"]")));
        assert!(!same(&condition("false"), &condition("\"true\"")));
    }
}

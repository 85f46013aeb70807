//! The order in which sets iterate, and equality as the language has it.

use std::cmp::Ordering;

use crate::{Data, Marks, Number, Refinement, Type, Value};

/// The order of elements in a set: bools, numbers and strings by what they are; everything else by the bytes of its
/// canonical text, which is Terraform's order too. Marks do not count.
pub fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.data(), b.data()) {
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Number(a), Data::Number(b)) => {
            a.compare(b).then_with(|| b.is_negative_zero().cmp(&a.is_negative_zero()))
        }
        (Data::String(a), Data::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        _ => {
            let (mut left, mut right) = (String::new(), String::new());
            canonical(a, &mut left);
            canonical(b, &mut right);
            rank(a).cmp(&rank(b)).then_with(|| left.cmp(&right))
        }
    }
}

/// Whether two values are one element of a set: equal, and zeros of one sign.
pub fn is_same_element(a: &Value, b: &Value) -> bool {
    a == b && compare(a, b).is_eq()
}

/// Known values come before unknowns, unknowns before nulls.
fn rank(value: &Value) -> u8 {
    match value.data() {
        Data::Null(_) => 2,
        Data::Unknown(..) => 1,
        _ => 0,
    }
}

/// The text by which Terraform orders and hashes values.
pub fn canonical_text(value: &Value) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    text
}

fn canonical(value: &Value, text: &mut String) {
    match value.data() {
        Data::Null(_) => text.push('~'),
        Data::Unknown(..) => text.push('?'),
        Data::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
        Data::Number(value) => text.push_str(&ten_digits(value)),
        Data::String(value) => text.push_str(&format!("{value:?}")),
        Data::List(_, items) => sequence(items, '[', ']', text),
        Data::Set(_, items) => sequence(items, '{', '}', text),
        Data::Tuple(items) => sequence(items, '<', '>', text),
        Data::Map(_, items) => {
            text.push('{');
            for (key, item) in items.iter() {
                text.push_str(&format!("{key:?}:"));
                canonical(item, text);
                text.push(';');
            }
            text.push('}');
        }
        Data::Object(items) => {
            text.push('<');
            for item in items.values() {
                canonical(item, text);
                text.push(';');
            }
            text.push('>');
        }
    }
}

/// A number with ten digits, as Go's `%.10g` writes it.
fn ten_digits(number: &Number) -> String {
    if number.is_negative_zero() {
        return "-0".to_owned();
    }
    if let Some(whole) = number.to_i64().filter(|whole| whole.unsigned_abs() < 10_000_000_000) {
        return whole.to_string();
    }
    let scientific = format!("{:.9e}", number.to_f64());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..10).contains(&exponent) {
        let places = usize::try_from(9 - exponent).unwrap_or(0);
        let plain = format!("{:.places$}", number.to_f64());
        return plain.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

fn sequence(items: &[Value], open: char, close: char, text: &mut String) {
    text.push(open);
    for item in items {
        canonical(item, text);
        text.push(';');
    }
    text.push(close);
}

/// `a == b` in the language: a bool, unknown where that is not known yet, with the marks of both.
pub fn equals(a: &Value, b: &Value) -> Value {
    let (a, a_marks) = a.unmarked_deep();
    let (b, b_marks) = b.unmarked_deep();
    let result = match plain_equals(&a, &b) {
        Some(equal) => Value::from(equal),
        None => Value::refined(Type::Bool, crate::Refinement::not_null()),
    };
    result.marked(a_marks | b_marks)
}

/// Whether two values without marks are equal; nothing where that depends on unknown values.
fn plain_equals(a: &Value, b: &Value) -> Option<bool> {
    match (a.data(), b.data()) {
        (Data::Unknown(..), Data::Unknown(..)) => None,
        (Data::Unknown(ty, refinement), _) => {
            (!possible(ty, refinement.as_deref(), b)).then_some(false)
        }
        (_, Data::Unknown(ty, refinement)) => {
            (!possible(ty, refinement.as_deref(), a)).then_some(false)
        }
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Null(_), _) | (_, Data::Null(_)) => Some(false),
        _ => {
            let (left, right) = (a.ty(), b.ty());
            let known = a.is_wholly_known() && b.is_wholly_known();
            // What is not known may turn out to be of the type of the other one.
            let may_be = || conforms(&left, &right) || conforms(&right, &left);
            if left == right || (!known && may_be()) { nested(a, b) } else { Some(false) }
        }
    }
}

/// Equality of values of one type, element by element: the first that is not known makes all unknown.
fn nested(a: &Value, b: &Value) -> Option<bool> {
    match (a.data(), b.data()) {
        (Data::List(_, a), Data::List(_, b)) | (Data::Tuple(a), Data::Tuple(b)) => {
            all(a.len() == b.len(), a.iter(), b.iter())
        }
        (Data::Set(_, left), Data::Set(_, right)) if left.is_empty() != right.is_empty() => {
            Some(false)
        }
        (Data::Set(_, left), Data::Set(_, right)) => (a.is_wholly_known() && b.is_wholly_known())
            .then(|| {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(a, b)| is_same_element(a, b))
            }),
        (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b)) => {
            all(a.keys().eq(b.keys()), a.values(), b.values())
        }
        _ => Some(a == b),
    }
}

fn all<'v>(
    same_shape: bool,
    a: impl IntoIterator<Item = &'v Value>,
    b: impl IntoIterator<Item = &'v Value>,
) -> Option<bool> {
    if !same_shape {
        return Some(false);
    }
    for (a, b) in a.into_iter().zip(b) {
        if !plain_equals(a, b)? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether an unknown value of a type can turn out to be this one.
fn possible(ty: &Type, refinement: Option<&Refinement>, value: &Value) -> bool {
    let nothing = Refinement::default();
    let known = refinement.unwrap_or(&nothing);
    if value.is_null() {
        return !known.not_null;
    }
    conforms(ty, &value.ty())
        && match (&known.prefix, value.as_str()) {
            (Some(prefix), Some(text)) => text.starts_with(&**prefix),
            _ => true,
        }
        && value.as_number().is_none_or(|number| {
            let above = |(least, own): &(Number, bool)| {
                number.compare(least).is_gt() || (*own && number == least)
            };
            let below = |(most, own): &(Number, bool)| {
                number.compare(most).is_lt() || (*own && number == most)
            };
            known.min.as_ref().is_none_or(above) && known.max.as_ref().is_none_or(below)
        })
        && value.children_len().is_none_or(|length| {
            known.min_length.is_none_or(|least| length >= least)
                && known.max_length.is_none_or(|most| length <= most)
        })
}

/// Whether the second type is the first one, once what is of any type there is known.
fn conforms(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) => true,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => conforms(a, b),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| conforms(a, b))
        }
        (Type::Object(a), Type::Object(b)) => {
            a.attributes.keys().eq(b.attributes.keys())
                && a.attributes.values().zip(b.attributes.values()).all(|(a, b)| conforms(a, b))
        }
        (a, b) => a == b,
    }
}

/// Marks of both values.
pub fn joined(a: &Value, b: &Value) -> Marks {
    a.marks() | b.marks()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_numbers_and_strings_by_bytes() {
        let numbers = Value::set(Type::Number, [10, 9, 1].map(|n: i64| Value::from(n)));
        assert_eq!(numbers.as_sequence().unwrap(), [1, 9, 10].map(|n: i64| Value::from(n)));
        let strings = Value::set(Type::String, ["b", "B", "a", "b"].map(Value::from));
        assert_eq!(strings.as_sequence().unwrap(), ["B", "a", "b"].map(Value::from));
    }

    #[test]
    fn everything_else_sorts_by_its_canonical_text() {
        let list = |count: usize| Value::list(Type::String, vec![Value::from("x"); count]);
        let set = Value::set(Type::Any, (0..3).map(list).collect::<Vec<_>>());
        assert_eq!(set.as_sequence().unwrap(), [list(2), list(1), list(0)]);
        let objects = [10, 9].map(|port: i64| Value::object([("port", port.into())]));
        let set = Value::set(Type::Any, objects.clone());
        assert_eq!(set.as_sequence().unwrap(), objects);
        let text = |text: &str| ten_digits(&Number::parse(text).unwrap());
        assert_eq!(
            [text("80.5"), text("123456789012"), text("0.00001")],
            ["80.5", "1.23456789e+11", "1e-05"]
        );
    }

    #[test]
    fn equality_is_unknown_only_where_it_matters() {
        let unknown = Value::unknown(Type::String);
        assert!(!equals(&unknown, &"a".into()).is_known());
        let pair = |first: &str| Value::tuple([first.into(), unknown.clone()]);
        assert_eq!(equals(&pair("a"), &pair("b")).as_bool(), Some(false));
        assert!(!equals(&pair("a"), &pair("a")).is_known());
        assert!(equals(&Value::from("a").marked(Marks::SENSITIVE), &"a".into()).is_sensitive());
    }
}

//! Functions of any value.

use infra_value::{Data, Refinement, Type, Value, convert};
use unicode_segmentation::UnicodeSegmentation;

use super::{FunctionError, Result, function};

/// The first argument that is neither null nor an empty string.
///
/// ```console
/// > coalesce(null, "", "b")
/// "b"
/// > coalesce(1, "a")
/// "1"
/// ```
#[function(typed = coalesce_type)]
fn coalesce(#[arg(variadic, null, unknown, dynamic)] vals: &[Value], ty: &Type) -> Result<Value> {
    for value in vals {
        // What cannot become the type that all could have become is passed over.
        let Ok(value) = convert::convert(value, ty) else { continue };
        match value.data() {
            Data::Unknown(..) => return Ok(Value::unknown(ty.clone())),
            Data::Null(_) => {}
            Data::String(text) if text.is_empty() && *ty == Type::String => {}
            _ => return Ok(value),
        }
    }
    Err(FunctionError::new("no non-null, non-empty-string arguments"))
}

fn coalesce_type(a: &[Value]) -> Result<Type> {
    let types: Vec<Type> = a.iter().map(Value::ty).collect();
    match convert::unify(&types) {
        Some(ty) if !a.is_empty() => Ok(ty),
        _ => Err(FunctionError::new("all arguments must have the same type")),
    }
}

/// How many elements, attributes or characters there are.
///
/// ```console
/// > length(["a", "b"])
/// 2
/// > length("hello")
/// 5
/// ```
#[function(typed = length_type)]
fn length(#[arg(unknown, dynamic, marked)] value: &Value) -> Value {
    let count = match value.data() {
        Data::String(text) => text.graphemes(true).count(),
        Data::List(_, items) | Data::Tuple(items) => items.len(),
        Data::Map(_, items) | Data::Object(items) => items.len(),
        Data::Set(_, items) if items.len() < 2 || value.is_wholly_known() => items.len(),
        Data::Unknown(Type::Tuple(elements), _) => elements.len(),
        Data::Unknown(Type::Object(object), _) => object.attributes.len(),
        _ => return between(value).marked(value.marks()),
    };
    Value::from(count as i64).marked(value.marks())
}

fn length_type(a: &[Value]) -> Result<Type> {
    match a[0].data() {
        Data::Bool(_) | Data::Number(_) | Data::Unknown(Type::Bool | Type::Number, _) => {
            Err(FunctionError::new(
                "argument must be a string, a collection type, or a structural type",
            ))
        }
        _ => Ok(Type::Number),
    }
}

/// The unknown length of a value, with what is known of it.
fn between(value: &Value) -> Value {
    let (least, most) = match value.data() {
        // Elements that are not known yet may turn out to be equal.
        Data::Set(_, items) => (1, Some(items.len() as u64)),
        Data::Unknown(Type::String, Some(refinement)) => {
            let prefix = refinement.prefix.as_deref().unwrap_or_default();
            (prefix.graphemes(true).count() as u64, None)
        }
        Data::Unknown(ty, Some(refinement)) if ty.is_collection() => {
            (refinement.min_length.unwrap_or(0), refinement.max_length)
        }
        Data::Unknown(Type::Any, _) => return Value::unknown(Type::Number),
        _ => (0, None),
    };
    let bound = |length: u64| ((length as i64).into(), true);
    Value::refined(
        Type::Number,
        Refinement { min: Some(bound(least)), max: most.map(bound), ..Refinement::not_null() },
    )
}

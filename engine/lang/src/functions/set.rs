//! Sets.

use infra_value::{Type, Value, convert};

use super::function::{Function, FunctionError, Param};

type Result = std::result::Result<Value, FunctionError>;

const ANY: fn() -> Type = || Type::Any;
const SET: fn() -> Type = || Type::set(Type::Any);

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "setintersection",
        "What is in all of the sets.",
        &[Param::new("first_set", SET)],
        ANY,
        |a| {
            combined(a, |found, next| {
                found.into_iter().filter(|item| next.contains(item)).collect()
            })
        },
    )
    .and_any(Param::new("other_sets", SET)),
    Function::pure(
        "setproduct",
        "All combinations of the elements of lists.",
        &[],
        ANY,
        setproduct,
    )
    .and_any(Param::any("sets")),
    Function::pure(
        "setsubtract",
        "What is in the first set and not in the second.",
        &[Param::new("a", SET), Param::new("b", SET)],
        ANY,
        |a| {
            combined(a, |found, next| {
                found.into_iter().filter(|item| !next.contains(item)).collect()
            })
        },
    ),
    Function::pure(
        "setunion",
        "What is in any of the sets.",
        &[Param::new("first_set", SET)],
        ANY,
        |a| {
            combined(a, |mut found, next| {
                found.extend(next.iter().cloned());
                found
            })
        },
    )
    .and_any(Param::new("other_sets", SET)),
];

fn combined(sets: &[Value], combine: fn(Vec<Value>, &[Value]) -> Vec<Value>) -> Result {
    let types: Vec<Type> = sets
        .iter()
        .filter(|set| set.as_sequence().is_some_and(|items| !items.is_empty()))
        .filter_map(|set| set.ty().element().cloned())
        .collect();
    let Some(element) = convert::unify(&types) else {
        return Err(FunctionError::new("given sets must all have compatible element types"));
    };
    let ty = Type::set(element.clone());
    let mut found: Option<Vec<Value>> = None;
    for (at, set) in sets.iter().enumerate() {
        let set =
            convert::convert(set, &ty).map_err(|error| FunctionError::at(at, error.to_string()))?;
        let items = set.as_sequence().unwrap_or_default();
        found = Some(match found {
            None => items.to_vec(),
            Some(found) => combine(found, items),
        });
    }
    Ok(Value::set(element, found.unwrap_or_default()))
}

fn setproduct(a: &[Value]) -> Result {
    if a.len() < 2 {
        return Err(FunctionError::new("at least two arguments are required"));
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut sets = true;
    for (at, argument) in a.iter().enumerate() {
        sets &= matches!(argument.ty(), Type::Set(_));
        let Some(items) = argument.as_sequence() else {
            return Err(FunctionError::at(at, "a set or a list is required"));
        };
        rows = rows
            .iter()
            .flat_map(|row| {
                items
                    .iter()
                    .map(|item| row.iter().cloned().chain([item.clone()]).collect::<Vec<_>>())
            })
            .collect();
    }
    let tuples = Value::tuple(rows.into_iter().map(Value::tuple).collect::<Vec<_>>());
    let ty = if sets { Type::set(Type::Any) } else { Type::list(Type::Any) };
    convert::convert(&tuples, &ty).map_err(|error| FunctionError::new(error.to_string()))
}

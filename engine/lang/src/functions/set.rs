//! Sets.

use infra_value::{Data, Marks, Refinement, Type, Value, convert};

use super::{FunctionError, Result, function, items};

/// What is in all of the sets.
///
/// ```console
/// > setintersection(["a", "b"], ["b", "c"])
/// toset([
///   "b",
/// ])
/// ```
#[function(typed = combined_type)]
fn setintersection(
    #[arg(set(any), dynamic)] first_set: &Value,
    #[arg(variadic, set(any), dynamic)] other_sets: &[Value],
    ty: &Type,
) -> Result<Value> {
    combined(first_set, other_sets, ty, true, |found, next| {
        found.retain(|item| contains(next, item));
    })
}

/// What is in the first set and not in the second.
///
/// ```console
/// > setsubtract(["a", "b", "c"], ["a", "c"])
/// toset([
///   "b",
/// ])
/// ```
#[function(typed = combined_type)]
fn setsubtract(
    #[arg(set(any), dynamic)] a: &Value,
    #[arg(set(any), dynamic)] b: &Value,
    ty: &Type,
) -> Result<Value> {
    combined(a, std::slice::from_ref(b), ty, true, |found, next| {
        found.retain(|item| !contains(next, item));
    })
}

/// What is in any of the sets.
///
/// ```console
/// > setunion(["a", "b"], ["b", "c"])
/// toset([
///   "a",
///   "b",
///   "c",
/// ])
/// ```
#[function(typed = combined_type)]
fn setunion(
    #[arg(set(any), dynamic)] first_set: &Value,
    #[arg(variadic, set(any), dynamic)] other_sets: &[Value],
    ty: &Type,
) -> Result<Value> {
    combined(first_set, other_sets, ty, false, |found, next| found.extend(next.iter().cloned()))
}

fn combined_type(sets: &[Value]) -> Result<Type> {
    let mut types = Vec::new();
    for set in sets {
        let element = set.ty().element().cloned().unwrap_or(Type::Any);
        if element == Type::Any && set.as_sequence().is_some_and(<[Value]>::is_empty) {
            continue;
        }
        types.push(element);
    }
    match convert::unify(&types) {
        Some(element) => Ok(Type::set(element)),
        None => Err(FunctionError::new("given sets must all have compatible element types")),
    }
}

/// Sets are sorted, so that looking is quick.
fn contains(set: &[Value], item: &Value) -> bool {
    set.binary_search_by(|found| infra_value::order::compare(found, item))
        .is_ok_and(|at| set[at] == *item)
        || set.iter().any(|found| infra_value::order::is_same_element(found, item))
}

fn combined(
    first: &Value,
    others: &[Value],
    ty: &Type,
    wholly: bool,
    combine: fn(&mut Vec<Value>, &[Value]),
) -> Result<Value> {
    let mut found = Vec::new();
    for (at, set) in std::iter::once(first).chain(others).enumerate() {
        let set =
            convert::convert(set, ty).map_err(|error| FunctionError::at(at, error.to_string()))?;
        if wholly && !set.is_wholly_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        if at == 0 {
            found = items(&set).to_vec();
        } else {
            combine(&mut found, items(&set));
        }
    }
    Ok(Value::set(ty.element().cloned().unwrap_or(Type::Any), found))
}

/// All combinations of the elements of sets or lists.
///
/// ```console
/// > setproduct(["a", "b"], [1])
/// tolist([
///   [
///     "a",
///     1,
///   ],
///   [
///     "b",
///     1,
///   ],
/// ])
/// ```
#[function(typed = setproduct_type)]
fn setproduct(#[arg(variadic, marked, unknown)] sets: &[Value], ty: &Type) -> Result<Value> {
    let marks = sets.iter().fold(Marks::NONE, |marks, set| marks | set.marks());
    if sets.iter().any(|set| !set.is_known()) {
        return Ok(Value::refined(ty.clone(), product_size(sets)).marked(marks));
    }
    let tuple = ty.element().cloned().unwrap_or(Type::Any);
    let Type::Tuple(elements) = &tuple else { return Ok(Value::unknown(ty.clone())) };
    let unsettled = |set: &Value| {
        matches!(set.data(), Data::Set(_, items) if items.len() > 1) && !set.is_wholly_known()
    };
    if sets.iter().any(unsettled) {
        return Ok(Value::unknown(ty.clone()).marked(marks));
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (set, element) in sets.iter().zip(elements.iter()) {
        let column: Vec<Value> = items(set)
            .iter()
            .map(|item| convert::convert(item, element))
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| FunctionError::new(error.to_string()))?;
        let extended = |row: &Vec<Value>, item: &Value| {
            let mut row = row.clone();
            row.push(item.clone());
            row
        };
        rows = rows
            .iter()
            .flat_map(|row| column.iter().map(move |item| extended(row, item)))
            .collect();
    }
    let rows = rows.into_iter().map(Value::tuple);
    Ok(match ty {
        Type::Set(_) => Value::set(tuple.clone(), rows),
        _ => Value::list(tuple.clone(), rows),
    }
    .marked(marks))
}

/// How many combinations there are of collections that are not all known.
fn product_size(sets: &[Value]) -> Refinement {
    let sizes = sets.iter().map(|set| match set.ty() {
        Type::Tuple(items) => (items.len() as u64, Some(items.len() as u64)),
        _ => {
            let known = Refinement::of(set);
            (known.min_length.unwrap_or(0), known.max_length)
        }
    });
    let (least, most) = sizes.fold((1, Some(1_u64)), |(least, most), (low, high)| {
        (low.min(least), most.zip(high).and_then(|(most, high)| most.checked_mul(high)))
    });
    Refinement { min_length: Some(least), max_length: most, ..Refinement::not_null() }
}

fn setproduct_type(a: &[Value]) -> Result<Type> {
    if a.len() < 2 {
        return Err(FunctionError::new("at least two arguments are required"));
    }
    let mut lists = true;
    let mut elements = Vec::with_capacity(a.len());
    for (at, set) in a.iter().enumerate() {
        elements.push(match set.ty() {
            Type::Set(element) => {
                lists = false;
                (*element).clone()
            }
            Type::List(element) => (*element).clone(),
            Type::Tuple(types) => convert::unify(&types)
                .ok_or_else(|| FunctionError::at(at, "all elements must be of the same type"))?,
            _ => return Err(FunctionError::at(at, "a set or a list is required")),
        });
    }
    let tuple = Type::tuple(elements);
    Ok(if lists { Type::list(tuple) } else { Type::set(tuple) })
}

//! Maps and objects.

use std::collections::BTreeMap;

use infra_value::{Data, Marks, ObjectType, Str, Type, Value, convert, print};

use super::{FunctionError, Result, function, items};

/// The keys of a map or object, sorted.
///
/// ```console
/// > keys({ b = 1, a = 2 })
/// [
///   "a",
///   "b",
/// ]
/// ```
#[function(typed = keys_type)]
fn keys(#[arg(name = "inputMap", unknown, marked)] map: &Value, ty: &Type) -> Value {
    let text = |key: &Str| Value::from(key.clone());
    match map.data() {
        Data::Map(_, found) => Value::list(Type::String, found.keys().map(text)),
        Data::Object(found) => Value::tuple(found.keys().map(text)),
        Data::Unknown(Type::Object(object), _) => Value::tuple(object.attributes.keys().map(text)),
        _ => Value::unknown(ty.clone()),
    }
    .marked(map.marks())
}

fn keys_type(a: &[Value]) -> Result<Type> {
    match a[0].ty() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.keys().map(|_| Type::String))),
        _ => Err(FunctionError::at(0, "must have map or object type")),
    }
}

/// The elements of a map or object, in the order of its keys.
///
/// ```console
/// > values({ b = 1, a = "x" })
/// [
///   "x",
///   1,
/// ]
/// ```
#[function(typed = values_type)]
fn values(#[arg(marked)] mapping: &Value, ty: &Type) -> Value {
    let found = mapping.as_map().into_iter().flat_map(BTreeMap::values).cloned();
    match ty {
        Type::List(element) => Value::list((**element).clone(), found),
        _ => Value::tuple(found),
    }
    .marked(mapping.marks())
}

fn values_type(a: &[Value]) -> Result<Type> {
    match a[0].ty() {
        Type::Map(element) => Ok(Type::List(element)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.values().cloned())),
        _ => Err(FunctionError::new("values() requires a map as the first argument")),
    }
}

/// The element of a map with a key, or a default if there is none.
///
/// ```console
/// > lookup({ a = "ay" }, "a", "what?")
/// "ay"
/// > lookup({ a = "ay" }, "c", "what?")
/// "what?"
/// ```
#[function(typed = lookup_type, nullable)]
fn lookup(
    #[arg(name = "inputMap", unknown, marked)] map: &Value,
    #[arg(string, unknown, marked)] key: &Value,
    #[arg(variadic, null, unknown, dynamic, marked)] default: &[Value],
    ty: &Type,
) -> Result<Value> {
    let marks = map.marks() | key.marks();
    if !map.is_known() || !key.is_known() {
        return Ok(Value::unknown(ty.clone()).marked(marks));
    }
    let name = key.as_str().unwrap_or_default();
    if let Some(found) = map.get(name) {
        return Ok(found.clone().marked(marks));
    }
    match default {
        [default] => match convert::convert(default, ty) {
            Ok(default) => Ok(default.marked(marks)),
            Err(error) => Err(FunctionError::at(2, error.to_string())),
        },
        _ if key.is_sensitive() => {
            Err(FunctionError::new("lookup failed to find key (sensitive value)"))
        }
        _ => Err(FunctionError::new(format!("lookup failed to find key {}", print::quoted(name)))),
    }
}

fn lookup_type(a: &[Value]) -> Result<Type> {
    if a.len() > 3 {
        return Err(FunctionError::new(format!(
            "lookup() takes two or three arguments, got {}",
            a.len()
        )));
    }
    // The type of a large object is costly to make: only that of one attribute is asked for.
    if let (Data::Object(items), Some(name)) = (a[0].data(), a[1].as_str())
        && let Some(item) = items.get(name)
    {
        return Ok(item.ty());
    }
    match a[0].ty() {
        Type::Object(object) => {
            let Some(name) = a[1].as_str() else { return Ok(Type::Any) };
            match (object.attributes.get(name), a.get(2)) {
                (Some(ty), _) => Ok(ty.clone()),
                (None, Some(default)) => Ok(default.ty()),
                (None, None) => Err(FunctionError::at(
                    0,
                    format!("the given object has no attribute {}", print::quoted(name)),
                )),
            }
        }
        Type::Map(element) => {
            if a.get(2).is_some_and(|default| convert::convert(default, &element).is_err()) {
                return Err(FunctionError::at(
                    2,
                    "the default value must have the same type as the map elements",
                ));
            }
            Ok((*element).clone())
        }
        _ => Err(FunctionError::at(0, "lookup() requires a map as the first argument")),
    }
}

/// Maps and objects put together; what comes later wins.
///
/// ```console
/// > merge({ a = "b", c = "d" }, { e = "f", c = "z" })
/// {
///   "a" = "b"
///   "c" = "z"
///   "e" = "f"
/// }
/// ```
#[function(typed = merge_type)]
fn merge(#[arg(variadic, null, dynamic, marked)] maps: &[Value], ty: &Type) -> Value {
    let mut marks = Marks::NONE;
    let mut found: BTreeMap<Str, Value> = BTreeMap::new();
    for map in maps.iter().filter(|map| !map.is_null()) {
        marks |= map.marks();
        let entries = map.as_map().into_iter().flatten();
        found.extend(entries.map(|(key, item)| (key.clone(), item.clone())));
    }
    match ty {
        Type::Map(element) => Value::map((**element).clone(), found),
        _ => found.into(),
    }
    .marked(marks)
}

fn merge_type(a: &[Value]) -> Result<Type> {
    let is_object = |map: &Value| matches!(map.data(), Data::Object(_));
    let is_known = |map: &Value| {
        let null = matches!(map.data(), Data::Null(Type::Object(_) | Type::Map(_)));
        is_object(map) || matches!(map.data(), Data::Map(..)) || null
    };
    if a.iter().all(is_known) && a.iter().any(is_object) {
        // An object: its attributes say of what type they are.
        return Ok(Type::Any);
    }
    let mut attributes: BTreeMap<Str, Type> = BTreeMap::new();
    let mut known = true;
    let mut types = Vec::with_capacity(a.len());
    for map in a {
        let ty = map.ty();
        match &ty {
            Type::Any => return Ok(Type::Any),
            Type::Object(_) | Type::Map(_) if map.is_null() => {}
            Type::Object(object) => {
                attributes
                    .extend(object.attributes.iter().map(|(name, ty)| (name.clone(), ty.clone())));
            }
            Type::Map(element) => match map.as_map() {
                Some(found) => {
                    attributes.extend(found.keys().map(|key| (key.clone(), (**element).clone())));
                }
                None => known = false,
            },
            other => {
                let got = print::quoted(&print::type_name(other));
                return Err(FunctionError::new(format!(
                    "arguments must be maps or objects, got {got}"
                )));
            }
        }
        types.push(ty);
    }
    match types.first() {
        None => Ok(Type::Object(ObjectType::default().into())),
        Some(first) if types.iter().all(|ty| ty == first) => Ok(types.swap_remove(0)),
        Some(_) if !known => Ok(Type::Any),
        Some(_) => Ok(Type::object(attributes)),
    }
}

/// A map of lists of strings turned around: each element becomes a key to the list of keys that had it.
///
/// ```console
/// > transpose({ a = ["1", "2"], b = ["2"] })
/// tomap({
///   "1" = tolist([
///     "a",
///   ])
///   "2" = tolist([
///     "a",
///     "b",
///   ])
/// })
/// ```
#[function(returns = map(list(string)))]
fn transpose(#[arg(map(list(string)))] values: &Value, ty: &Type) -> Result<Value> {
    if !values.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut found: BTreeMap<Str, Vec<Value>> = BTreeMap::new();
    for (key, list) in values.as_map().into_iter().flatten() {
        let Some(list) = list.as_sequence() else {
            return Err(FunctionError::new("input must not contain null list"));
        };
        for item in list {
            let Data::String(text) = item.data() else {
                return Err(FunctionError::new("input must not contain null strings"));
            };
            found.entry(text.clone()).or_default().push(key.clone().into());
        }
    }
    let lists = found.into_iter().map(|(key, list)| (key, Value::list(Type::String, list)));
    Ok(Value::map(Type::list(Type::String), lists))
}

/// A map of keys from one list and values from another.
///
/// ```console
/// > zipmap(["a", "b"], [1, 2])
/// {
///   "a" = 1
///   "b" = 2
/// }
/// ```
#[function(typed = zipmap_type)]
fn zipmap(
    #[arg(list(string), marked)] keys: &Value,
    #[arg(marked)] values: &Value,
    ty: &Type,
) -> Result<Value> {
    let mut marks = keys.marks() | values.marks();
    if !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()).marked(marks));
    }
    let (keys, values) = (items(keys), items(values));
    if keys.len() != values.len() {
        return Err(unequal(keys.len(), values.len()));
    }
    let mut pairs = Vec::with_capacity(keys.len());
    for (at, (key, value)) in keys.iter().zip(values).enumerate() {
        marks |= key.marks();
        pairs.push((name(key, at)?, value.clone()));
    }
    Ok(match ty {
        Type::Map(element) => Value::map((**element).clone(), pairs),
        _ => Value::object(pairs),
    }
    .marked(marks))
}

fn zipmap_type(a: &[Value]) -> Result<Type> {
    match a[1].ty() {
        Type::List(element) => Ok(Type::Map(element)),
        Type::Tuple(_) if !a[0].is_wholly_known() => Ok(Type::Any),
        Type::Tuple(elements) => {
            let keys = items(&a[0]);
            if keys.len() != elements.len() {
                return Err(unequal(keys.len(), elements.len()));
            }
            let pairs = keys.iter().enumerate().zip(elements.iter());
            let typed = pairs.map(|((at, key), ty)| Ok((name(key, at)?, ty.clone())));
            Ok(Type::object(typed.collect::<Result<BTreeMap<_, _>>>()?))
        }
        _ => Err(FunctionError::new("values argument must be a list or tuple value")),
    }
}

fn name(key: &Value, at: usize) -> Result<Str> {
    match key.data() {
        Data::String(text) => Ok(text.clone()),
        _ => Err(FunctionError::new(format!("keys list has null value at index {at}"))),
    }
}

fn unequal(keys: usize, values: usize) -> FunctionError {
    FunctionError::new(format!(
        "number of keys ({keys}) does not match number of values ({values})"
    ))
}

/// A map of keys and values that follow each other.
///
/// ```console
/// > map("a", 1, "b", 2)
/// tomap({
///   "a" = 1
///   "b" = 2
/// })
/// ```
#[function(returns = map(any), deprecated = "write {...}, or tomap({...}) where a map is needed")]
fn map(#[arg(variadic, null, unknown, dynamic, marked)] items: &[Value]) -> Result<Value> {
    if !items.len().is_multiple_of(2) {
        return Err(FunctionError::new("an even number of arguments is required"));
    }
    let mut marks = Marks::NONE;
    let mut pairs: Vec<(Str, Value)> = Vec::new();
    for (at, pair) in items.chunks(2).enumerate() {
        let (key, found) = pair[0].clone().unmarked();
        marks |= found;
        match convert::convert(&key, &Type::String).map(|key| key.data().clone()) {
            Ok(Data::String(key)) => pairs.push((key, pair[1].clone())),
            Ok(Data::Unknown(..)) => return Ok(Value::unknown(Type::map(Type::Any)).marked(marks)),
            _ => return Err(FunctionError::at(2 * at, "a string is required as a key")),
        }
    }
    convert::convert(&Value::object(pairs), &Type::map(Type::Any))
        .map(|map| map.marked(marks))
        .map_err(|error| FunctionError::new(error.to_string()))
}

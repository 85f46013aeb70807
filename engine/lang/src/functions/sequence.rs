//! Lists: made from others.

use infra_value::{Data, Marks, Str, Type, Value, convert, order, print};

use super::{FunctionError, Result, element_type, function, items, length_of};

/// Lists and tuples put together, one after the other.
///
/// ```console
/// > concat(["a"], ["b", 1])
/// [
///   "a",
///   "b",
///   1,
/// ]
/// ```
#[function(typed = concat_type)]
fn concat(#[arg(variadic, marked)] seqs: &[Value], ty: &Type) -> Result<Value> {
    let mut marks = Marks::NONE;
    let mut found = Vec::new();
    for list in seqs {
        let list = match ty {
            Type::List(_) => {
                convert::convert(list, ty).map_err(|error| FunctionError::new(error.to_string()))?
            }
            _ => list.clone(),
        };
        marks |= list.marks();
        found.extend(items(&list).iter().cloned());
    }
    Ok(match ty {
        Type::List(element) => {
            let first = found.first().map_or(Type::Any, Value::ty);
            // An empty list of unknown type adds nothing to the type either.
            let same = **element == Type::Any && found.iter().all(|item| item.ty() == first);
            Value::list(if same { first } else { (**element).clone() }, found)
        }
        _ => Value::tuple(found),
    }
    .marked(marks))
}

fn concat_type(a: &[Value]) -> Result<Type> {
    if a.is_empty() {
        return Err(FunctionError::new("at least one argument is required"));
    }
    let types: Vec<Type> = a.iter().map(Value::ty).collect();
    if types.iter().all(|ty| matches!(ty, Type::List(_)))
        && let Some(ty) = convert::unify(&types)
    {
        return Ok(ty);
    }
    let mut elements = Vec::new();
    for (at, (ty, value)) in types.iter().zip(a).enumerate() {
        match ty {
            Type::Tuple(found) => elements.extend(found.iter().cloned()),
            Type::List(_) if !value.is_known() => return Ok(Type::Any),
            Type::List(element) => {
                elements.extend(items(value).iter().map(|_| (**element).clone()));
            }
            _ => {
                let got = print::type_name(ty);
                return Err(FunctionError::at(
                    at,
                    format!("all arguments must be lists or tuples; got {got}"),
                ));
            }
        }
    }
    Ok(Type::tuple(elements))
}

/// Lists inside lists as one list.
///
/// ```console
/// > flatten([["a", "b"], [], ["c", ["d"]]])
/// [
///   "a",
///   "b",
///   "c",
///   "d",
/// ]
/// ```
#[function(typed = flatten_type)]
fn flatten(#[arg(marked)] list: &Value, ty: &Type) -> Value {
    let mut found = Vec::new();
    let mut marks = Marks::NONE;
    if flattened(list, &mut found, &mut marks) {
        Value::tuple(found).marked(marks)
    } else {
        Value::unknown(ty.clone()).marked(marks)
    }
}

fn flatten_type(a: &[Value]) -> Result<Type> {
    if !a[0].is_wholly_known() {
        return Ok(Type::Any);
    }
    if a[0].as_sequence().is_none() {
        return Err(FunctionError::new("can only flatten lists, sets and tuples"));
    }
    let mut found = Vec::new();
    Ok(if flattened(&a[0], &mut found, &mut Marks::default()) {
        Type::tuple(found.iter().map(Value::ty))
    } else {
        Type::Any
    })
}

/// Collects the elements and the marks of lists; whether it is known how many there are.
fn flattened(value: &Value, found: &mut Vec<Value>, marks: &mut Marks) -> bool {
    *marks |= value.marks();
    let mut known = !matches!(value.data(), Data::Set(..)) || value.is_wholly_known();
    for item in value.children() {
        match item.data() {
            Data::List(..) | Data::Set(..) | Data::Tuple(_) => {
                known &= flattened(item, found, marks);
            }
            // As in Terraform: what is marked and has no type yet counts as one element.
            Data::Unknown(Type::Any, _) if item.has_marks() => found.push(item.clone()),
            Data::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => {
                *marks |= item.marks();
                known = false;
            }
            _ => found.push(item.clone()),
        }
    }
    known
}

/// The values at the positions where a second list has one of the elements of a third.
///
/// ```console
/// > matchkeys(["i-1", "i-2", "i-3"], ["us-west", "us-east", "us-east"], ["us-east"])
/// tolist([
///   "i-2",
///   "i-3",
/// ])
/// ```
#[function(typed = matchkeys_type)]
fn matchkeys(
    #[arg(list(any))] values: &Value,
    #[arg(list(any))] keys: &Value,
    #[arg(list(any))] searchset: &Value,
    ty: &Type,
) -> Result<Value> {
    if items(values).len() != items(keys).len() {
        return Err(FunctionError::new("length of keys and values should be equal"));
    }
    let element = element_type(values);
    if items(searchset).is_empty() {
        return Ok(Value::list(element, []));
    }
    if !values.is_wholly_known() || !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let shared = convert::unify(&[keys.ty(), searchset.ty()]).unwrap_or(Type::Any);
    let same = |list: &Value| convert::convert(list, &shared).unwrap_or_else(|_| list.clone());
    let (keys, wanted) = (same(keys), same(searchset));
    let mut found = Vec::new();
    for (value, key) in items(values).iter().zip(items(&keys)) {
        for wanted in items(&wanted) {
            match order::equals(key, wanted).as_bool() {
                Some(true) => {
                    found.push(value.clone());
                    break;
                }
                Some(false) => {}
                None => return Ok(Value::list(element, [])),
            }
        }
    }
    Ok(Value::list(element, found))
}

fn matchkeys_type(a: &[Value]) -> Result<Type> {
    match convert::unify(&[a[1].ty(), a[2].ty()]) {
        Some(_) => Ok(a[0].ty()),
        None => Err(FunctionError::new("keys and searchset must be of the same type")),
    }
}

/// The list from its end to its beginning.
///
/// ```console
/// > reverse([1, "a"])
/// [
///   "a",
///   1,
/// ]
/// ```
#[function(typed = reverse_type)]
fn reverse(#[arg(marked)] list: &Value, ty: &Type) -> Value {
    let turned: Vec<Value> = items(list).iter().rev().cloned().collect();
    match ty {
        Type::List(element) => Value::list((**element).clone(), turned),
        _ => Value::tuple(turned),
    }
    .marked(list.marks())
}

fn reverse_type(a: &[Value]) -> Result<Type> {
    match a[0].ty() {
        Type::Tuple(elements) => Ok(Type::tuple(elements.iter().rev().cloned())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element)),
        ty => Err(FunctionError::at(
            0,
            format!("can only reverse list or tuple values, not {}", print::type_name(&ty)),
        )),
    }
}

/// Elements from a start index up to, not including, an end index.
///
/// ```console
/// > slice(["a", "b", "c", "d"], 1, 3)
/// [
///   "b",
///   "c",
/// ]
/// ```
#[function(typed = slice_type)]
fn slice(#[arg(marked)] list: &Value, start_index: i64, end_index: i64) -> Value {
    let (start, end) = (start_index, end_index).clamped();
    let part = items(list).get(start..end).unwrap_or_default().to_vec();
    match list.data() {
        Data::List(element, _) => Value::list(element.clone(), part),
        _ => Value::tuple(part),
    }
    .marked(list.marks())
}

fn slice_type(a: &[Value]) -> Result<Type> {
    let ty = a[0].ty();
    match ty {
        Type::List(_) | Type::Tuple(_) => {}
        Type::Set(_) => {
            return Err(FunctionError::at(
                0,
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the \
                 ordering of the result is not important",
            ));
        }
        _ => return Err(FunctionError::at(0, "must be a list or tuple value")),
    }
    let length = length_of(&a[0]).map(|length| length as i64);
    let bound = |at: usize, name: &str| -> Result<Option<i64>> {
        if !a[at].is_known() {
            return Ok(None);
        }
        let wrong = |why: &str| Err(FunctionError::at(at, format!("{name} index {why}")));
        match a[at].as_i64() {
            None => Err(FunctionError::at(
                at,
                format!("invalid {name} index: {}", infra_value::function::NOT_WHOLE),
            )),
            Some(..0) => wrong("must not be less than zero"),
            Some(index) if length.is_some_and(|length| index > length) => {
                wrong("must not be greater than the length of the list")
            }
            found => Ok(found),
        }
    };
    let (start, end) = (bound(1, "start")?, bound(2, "end")?);
    if let (Some(start), Some(end)) = (start, end)
        && start > end
    {
        return Err(FunctionError::at(1, "start index must not be greater than end index"));
    }
    match (&ty, start, end) {
        (Type::Tuple(elements), Some(start), Some(end)) => {
            let (start, end) = (start, end).clamped();
            Ok(Type::tuple(elements.get(start..end).unwrap_or_default().iter().cloned()))
        }
        (Type::Tuple(_), ..) => Ok(Type::Any),
        _ => Ok(ty),
    }
}

trait Clamped {
    /// As positions in memory.
    fn clamped(self) -> (usize, usize);
}

impl Clamped for (i64, i64) {
    fn clamped(self) -> (usize, usize) {
        (usize::try_from(self.0).unwrap_or(0), usize::try_from(self.1).unwrap_or(0))
    }
}

/// The strings of a list in the order of their bytes.
///
/// ```console
/// > sort(["e", "a", "B"])
/// tolist([
///   "B",
///   "a",
///   "e",
/// ])
/// ```
#[function(returns = list(string))]
fn sort(#[arg(list(string), unknown)] list: &Value) -> Result<Value> {
    if !list.is_known() {
        return Ok(list.clone());
    }
    if !list.is_wholly_known() {
        // How many there are is known, not which comes first.
        let unknown = items(list).iter().map(|_| Value::unknown(Type::String));
        return Ok(Value::list(Type::String, unknown));
    }
    let mut found: Vec<Str> = Vec::new();
    for (at, item) in items(list).iter().enumerate() {
        match item.data() {
            Data::String(text) => found.push(text.clone()),
            _ => {
                return Err(FunctionError::new(format!(
                    "given list element {at} is null; a null string cannot be sorted"
                )));
            }
        }
    }
    found.sort();
    Ok(Value::list(Type::String, found.into_iter().map(Value::from)))
}

/// A list of the arguments.
///
/// ```console
/// > list("a", "b")
/// tolist([
///   "a",
///   "b",
/// ])
/// ```
#[function(returns = list(any), deprecated = "write [...], or tolist([...]) where a list is needed")]
fn list(#[arg(variadic, null, unknown, dynamic, marked)] items: &[Value]) -> Result<Value> {
    convert::convert(&Value::tuple(items.to_vec()), &Type::list(Type::Any))
        .map_err(|error| FunctionError::new(error.to_string()))
}

//! Lists: what is in them.

use std::cmp::Ordering;

use infra_value::{Data, Number, Type, Value, order, print};

use super::{FunctionError, Result, element_type, function, items};

/// Whether all elements are true. It is true for an empty list.
///
/// ```console
/// > alltrue(["true", true])
/// true
/// > alltrue([true, false])
/// false
/// ```
#[function(returns = bool)]
fn alltrue(#[arg(list(bool))] list: &Value) -> Value {
    for item in items(list) {
        match item.data() {
            Data::Unknown(..) => return Value::unknown(Type::Bool),
            Data::Bool(true) => {}
            _ => return false.into(),
        }
    }
    true.into()
}

/// Whether any element is true. It is false for an empty list.
///
/// ```console
/// > anytrue(["true", false])
/// true
/// > anytrue([])
/// false
/// ```
#[function(returns = bool)]
fn anytrue(#[arg(list(bool))] list: &Value) -> Value {
    if items(list).iter().any(|item| item.as_bool() == Some(true)) {
        return true.into();
    }
    if items(list).iter().all(Value::is_known) { false.into() } else { Value::unknown(Type::Bool) }
}

/// The list in pieces of a size; the last may be shorter.
///
/// ```console
/// > chunklist(["a", "b", "c"], 2)
/// tolist([
///   tolist([
///     "a",
///     "b",
///   ]),
///   tolist([
///     "c",
///   ]),
/// ])
/// ```
#[function(typed = |a| Ok(Type::list(a[0].ty())))]
fn chunklist(
    #[arg(list(any), marked)] list: &Value,
    #[arg(number, marked)] size: &Value,
) -> Result<Value> {
    let marks = list.marks() | size.marks();
    let list = list.clone().unmarked().0;
    let size = index(size, "invalid size")?;
    let size = usize::try_from(size)
        .map_err(|_| FunctionError::new("the size argument must be positive"))?;
    let element = element_type(&list);
    let chunk = |items: &[Value]| Value::list(element.clone(), items.to_vec());
    let chunks: Vec<Value> = match size {
        0 if items(&list).is_empty() => Vec::new(),
        0 => vec![list.clone()],
        size => items(&list).chunks(size).map(chunk).collect(),
    };
    Ok(Value::list(list.ty(), chunks).marked(marks))
}

/// The first argument that is neither null nor an empty list.
///
/// ```console
/// > coalescelist([], ["c", "d"])
/// [
///   "c",
///   "d",
/// ]
/// ```
#[function(typed = coalescelist_type)]
fn coalescelist(
    #[arg(variadic, null, unknown, dynamic)] vals: &[Value],
    ty: &Type,
) -> Result<Value> {
    for list in vals {
        match list.as_sequence() {
            _ if !list.is_known() => return Ok(Value::unknown(ty.clone())),
            Some([]) | None => {}
            Some(_) => return Ok(list.clone()),
        }
    }
    Err(FunctionError::new("no non-null arguments"))
}

fn coalescelist_type(a: &[Value]) -> Result<Type> {
    if a.is_empty() {
        return Err(FunctionError::new("at least one argument is required"));
    }
    let mut types = Vec::new();
    for list in a {
        let ty = list.ty();
        if !list.is_known() {
            return Ok(Type::Any);
        }
        if !matches!(ty, Type::List(_) | Type::Tuple(_)) {
            return Err(FunctionError::new("coalescelist arguments must be lists or tuples"));
        }
        types.push(ty);
    }
    let same = types.iter().all(|ty| *ty == types[0]);
    Ok(if same { types.swap_remove(0) } else { Type::Any })
}

/// The list without null and empty strings.
///
/// ```console
/// > compact(["a", "", "b", null])
/// tolist([
///   "a",
///   "b",
/// ])
/// ```
#[function(returns = list(string))]
fn compact(#[arg(list(string))] list: &Value) -> Value {
    if !list.is_wholly_known() {
        return Value::unknown(Type::list(Type::String));
    }
    let filled =
        items(list).iter().filter(|item| item.as_str().is_some_and(|text| !text.is_empty()));
    Value::list(Type::String, filled.cloned())
}

/// Whether a list, set or tuple contains a value of the same type.
///
/// ```console
/// > contains(["a", "b"], "a")
/// true
/// ```
#[function(returns = bool)]
fn contains(list: &Value, value: &Value) -> Result<Value> {
    if list.as_sequence().is_none() {
        return Err(FunctionError::new("argument must be list, tuple, or set"));
    }
    let mut known = true;
    for item in items(list) {
        match order::equals(value, item).as_bool() {
            Some(true) => return Ok(true.into()),
            Some(false) => {}
            None => known = false,
        }
    }
    Ok(if known { false.into() } else { Value::unknown(Type::Bool) })
}

/// The list without repetitions, in the order of first appearance.
///
/// ```console
/// > distinct(["a", "b", "a"])
/// tolist([
///   "a",
///   "b",
/// ])
/// ```
#[function(typed = |a| Ok(a[0].ty()))]
fn distinct(#[arg(list(any))] list: &Value, ty: &Type) -> Value {
    if !list.is_wholly_known() {
        return Value::unknown(ty.clone());
    }
    // A set of positions in the order of values finds repetitions without comparing all with all.
    let found = items(list);
    let mut sorted: Vec<usize> = (0..found.len()).collect();
    sorted.sort_by(|a, b| order::compare(&found[*a], &found[*b]).then(a.cmp(b)));
    sorted.dedup_by(|next, before| {
        let same = found[*next] == found[*before];
        // Zeros are equal whatever their sign, but not in their order.
        *before = if same { *before.min(next) } else { *before };
        same
    });
    sorted.sort_unstable();
    Value::list(element_type(list), sorted.into_iter().map(|at| found[at].clone()))
}

/// The element at an index, which starts again from the first element after the last.
///
/// ```console
/// > element(["a", "b", "c"], 4)
/// "b"
/// ```
#[function(typed = element_typed, nullable)]
fn element(
    #[arg(marked)] list: &Value,
    #[arg(number, name = "index")] at: &Value,
) -> Result<Value> {
    let (list, marks) = list.clone().unmarked();
    let found = items(&list);
    if found.is_empty() {
        return Err(FunctionError::new("cannot use element function with an empty list"));
    }
    let at = index(at, "invalid index")?.rem_euclid(found.len() as i64);
    Ok(found[usize::try_from(at).unwrap_or_default()].clone().marked(marks))
}

fn element_typed(a: &[Value]) -> Result<Type> {
    if let (Type::Tuple(elements), Some(at)) = (a[0].ty(), a[1].as_i64()) {
        // A list counts from its end; which type an element of a tuple has would depend on it.
        if at < 0 && at.checked_rem(elements.len() as i64).is_some_and(|rest| rest != 0) {
            return Err(FunctionError::new("cannot use element function with a negative index"));
        }
    }
    // The type of a large tuple is costly to make: only that of one element is asked for.
    if let (Data::Tuple(items), Some(at)) = (a[0].data(), a[1].as_i64())
        && !items.is_empty()
    {
        return Ok(items[usize::try_from(at).unwrap_or_default() % items.len()].ty());
    }
    match a[0].ty() {
        Type::List(element) => Ok((*element).clone()),
        Type::Tuple(_) if !a[1].is_known() => Ok(Type::Any),
        Type::Tuple(elements) => {
            let at = index(&a[1], "invalid index")?;
            if elements.is_empty() {
                return Err(FunctionError::new("cannot use element function with an empty list"));
            }
            Ok(elements[usize::try_from(at).unwrap_or_default() % elements.len()].clone())
        }
        ty => {
            Err(FunctionError::new(format!("cannot read elements from {}", print::type_name(&ty))))
        }
    }
}

/// Where a value is in a list, counted from 0.
///
/// ```console
/// > index(["a", "b", "c"], "b")
/// 1
/// ```
#[function(name = "index", returns = number)]
fn position(list: &Value, value: &Value) -> Result<Value> {
    let (Data::List(_, found) | Data::Tuple(found)) = list.data() else {
        return Err(FunctionError::new("argument must be a list or tuple"));
    };
    if found.is_empty() {
        return Err(FunctionError::new("cannot search an empty list"));
    }
    for (at, item) in found.iter().enumerate() {
        match order::equals(item, value).as_bool() {
            Some(true) => return Ok((at as i64).into()),
            Some(false) => {}
            None => return Ok(Value::unknown(Type::Number)),
        }
    }
    Err(FunctionError::new("item not found"))
}

/// The only element of a list, set or tuple, or null if there is none.
///
/// ```console
/// > one(["hello"])
/// "hello"
/// > one([])
/// null
/// ```
#[function(typed = one_type, nullable)]
fn one(list: &Value, ty: &Type) -> Result<Value> {
    match list.as_sequence() {
        Some([]) => Ok(Value::null(ty.clone())),
        Some([only]) => Ok(only.clone()),
        _ if matches!(list.data(), Data::Set(..)) && !list.is_wholly_known() => {
            Ok(Value::unknown(ty.clone()))
        }
        _ => Err(not_one()),
    }
}

fn one_type(a: &[Value]) -> Result<Type> {
    match a[0].ty() {
        Type::List(element) | Type::Set(element) => Ok((*element).clone()),
        Type::Tuple(elements) => match &*elements {
            [] => Ok(Type::Any),
            [only] => Ok(only.clone()),
            _ => Err(not_one()),
        },
        _ => Err(not_one()),
    }
}

fn not_one() -> FunctionError {
    FunctionError::at(0, "must be a list, set, or tuple value with either zero or one elements")
}

/// Numbers from a start (0 unless given) to a limit, which is not included, in steps (of 1 or -1 unless given).
///
/// ```console
/// > range(3)
/// tolist([
///   0,
///   1,
///   2,
/// ])
/// > range(1, 8, 3)
/// tolist([
///   1,
///   4,
///   7,
/// ])
/// ```
#[function(returns = list(number))]
fn range(#[arg(variadic)] params: Vec<&Number>) -> Result<Value> {
    let zero = Number::from(0);
    let (start, end) = match *params {
        [end] => (&zero, end),
        [start, end] | [start, end, _] => (start, end),
        _ => return Err(FunctionError::new("must have one, two, or three arguments")),
    };
    let step = match params.get(2) {
        Some(step) => (*step).clone(),
        None if end.compare(start).is_lt() => Number::from(-1),
        None => Number::from(1),
    };
    if step == zero && start != end {
        return Err(FunctionError::new(
            "more than 1024 values were generated: step must not be zero",
        ));
    }
    let down = step.is_negative();
    if down && end.compare(start).is_gt() {
        return Err(FunctionError::at(1, "end must be less than start when step is negative"));
    }
    if !down && end.compare(start).is_lt() {
        return Err(FunctionError::at(1, "end must be greater than start when step is positive"));
    }
    let mut found = Vec::new();
    let mut next = start.clone();
    let more = if down { Ordering::is_gt } else { Ordering::is_lt };
    while more(next.compare(end)) {
        if found.len() >= 1024 {
            return Err(FunctionError::new(
                "more than 1024 values were generated; either decrease the difference between start and end or use a \
                 smaller step",
            ));
        }
        found.push(Value::from(next.clone()));
        next = next.add(&step);
    }
    Ok(Value::list(Type::Number, found))
}

/// A whole number, with words before what is wrong with it.
pub(super) fn index(value: &Value, what: &str) -> Result<i64> {
    value
        .as_i64()
        .ok_or_else(|| FunctionError::new(format!("{what}: {}", infra_value::function::NOT_WHOLE)))
}
